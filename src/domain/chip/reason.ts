/**
 * Why a chip was not believed: a closed list, with what it means for whoever sits at the desk and where the rule is written. What went wrong
 * inside is told to the running log under the same name; a person is told what to do.
 */
export const reasons = {
  'file.too-large': { trouble: 'unreadable', rule: 'config/chip.json' },
  'der.truncated': { trouble: 'unreadable', rule: 'ITU-T X.690 §8.1' },
  'der.indefinite': { trouble: 'unreadable', rule: 'ITU-T X.690 §10.1' },
  'der.length': { trouble: 'unreadable', rule: 'ITU-T X.690 §10.1' },
  'der.trailing': { trouble: 'unreadable', rule: 'ITU-T X.690 §8.1' },
  'der.tag': { trouble: 'unreadable', rule: 'ITU-T X.690 §8.1.2' },
  'der.value': { trouble: 'unreadable', rule: 'ITU-T X.690 §8, §11' },
  'der.nesting': { trouble: 'unreadable', rule: 'config/chip.json' },
  'data-group.missing': { trouble: 'unreadable', rule: 'ICAO 9303-10 §4.7' },

  'sod.content-type': { trouble: 'forged', rule: 'ICAO 9303-10 §4.6.2' },
  'sod.version': { trouble: 'forged', rule: 'ICAO 9303-10 §4.6.2; RFC 5652 §5.1' },
  'sod.signers': { trouble: 'forged', rule: 'ICAO 9303-10 §4.6.2' },
  'sod.certificates': { trouble: 'forged', rule: 'ICAO 9303-10 §4.6.2' },
  'sod.unsigned-content': { trouble: 'forged', rule: 'ICAO 9303-10 §4.6.2' },
  'sod.attributes': { trouble: 'forged', rule: 'RFC 5652 §5.3, §11' },
  'sod.message-digest': { trouble: 'forged', rule: 'RFC 5652 §5.6' },
  'sod.digests-differ': { trouble: 'forged', rule: 'RFC 5652 §5.3; RFC 4055 §3.1' },
  'sod.signature': { trouble: 'forged', rule: 'RFC 5652 §5.6' },
  'sod.signer': { trouble: 'forged', rule: 'RFC 5652 §5.3' },
  'sod.data-groups': { trouble: 'forged', rule: 'ICAO 9303-10 §4.6.2' },
  'data-group.unsigned': { trouble: 'forged', rule: 'ICAO 9303-11 §5.1' },
  'data-group.changed': { trouble: 'forged', rule: 'ICAO 9303-11 §5.1' },

  'certificate.version': { trouble: 'forged', rule: 'ICAO 9303-12 §7.1' },
  'certificate.algorithms-differ': { trouble: 'forged', rule: 'RFC 5280 §4.1.1.2' },
  'certificate.extension': { trouble: 'forged', rule: 'RFC 5280 §4.2' },
  'signer.signature': { trouble: 'forged', rule: 'RFC 5280 §6.1.3' },
  'signer.usage': { trouble: 'forged', rule: 'ICAO 9303-12 §7.1' },
  'signer.country': { trouble: 'forged', rule: 'ICAO 9303-12 §7.1' },
  'signer.document-type': { trouble: 'forged', rule: 'ICAO 9303-12 §7.1' },
  'signer.signing-time': { trouble: 'forged', rule: 'RFC 5652 §11.3; RFC 5280 §4.1.2.5' },
  'signer.not-yet-valid': { trouble: 'out-of-force', rule: 'RFC 5280 §4.1.2.5' },
  'signer.expired': { trouble: 'out-of-force', rule: 'RFC 5280 §4.1.2.5' },
  'signer.revoked': { trouble: 'out-of-force', rule: 'RFC 5280 §6.3' },
  'authority.unknown': { trouble: 'forged', rule: 'ICAO 9303-11 §5.1' },
  'authority.usage': { trouble: 'setup', rule: 'ICAO 9303-12 §7.1' },
  // Of the trust store and not of the card: who keeps it has not put the newer certificate there, and nobody's card is worse for it.
  'authority.not-yet-valid': { trouble: 'setup', rule: 'RFC 5280 §4.1.2.5' },
  'authority.expired': { trouble: 'setup', rule: 'RFC 5280 §4.1.2.5' },
  'trust.empty': { trouble: 'setup', rule: 'ICAO 9303-12 §5' },
  'crl.missing': { trouble: 'setup', rule: 'ICAO 9303-12 §5' },
  'crl.outdated': { trouble: 'setup', rule: 'RFC 5280 §6.3.3' },
  'crl.not-yet-valid': { trouble: 'setup', rule: 'RFC 5280 §6.3.3' },
  'crl.signature': { trouble: 'setup', rule: 'RFC 5280 §6.3.3' },
  'crl.extension': { trouble: 'setup', rule: 'RFC 5280 §5.2' },

  'algorithm.unknown': { trouble: 'unsupported', rule: 'ICAO 9303-12 §4' },
  'algorithm.weak': { trouble: 'unsupported', rule: 'config/chip.json' },
  'key.unreadable': { trouble: 'unsupported', rule: 'RFC 5280 §4.1.2.7' },
  'key.unknown-curve': { trouble: 'unsupported', rule: 'BSI TR-03111 §5' },
  'key.unknown-parameters': { trouble: 'forged', rule: 'RFC 3279 §2.3.5; CVE-2020-0601' },
  'key.weak': { trouble: 'unsupported', rule: 'config/chip.json' },

  'mrz.malformed': { trouble: 'unreadable', rule: 'ICAO 9303-5 §4.2' },
  'mrz.check-digit': { trouble: 'unreadable', rule: 'ICAO 9303-3 §4.9' },
  'details.malformed': { trouble: 'unreadable', rule: 'docs/chip.md' },
  'card.disagrees': { trouble: 'forged', rule: 'docs/chip.md' },
  'card.expired': { trouble: 'out-of-force', rule: 'Law 26/2023/QH15 Art 21' },
  'card.other-person': { trouble: 'other-card', rule: 'docs/chip.md' },

  'chip.no-key': { trouble: 'unsupported', rule: 'ICAO 9303-11 §6' },
  'chip.no-answer': { trouble: 'stale', rule: 'ICAO 9303-11 §6' },
  'chip.answer-wrong': { trouble: 'copied', rule: 'ICAO 9303-11 §6' },
  'challenge.spent': { trouble: 'stale', rule: 'docs/chip.md' },
} as const satisfies Record<string, { trouble: ChipTrouble; rule: string }>

/**
 * What the desk does about it: read again; hold the card back and report; report a copy; send to renewal; compare the person; begin anew; call the operator; or
 * go on without the chip.
 */
export type ChipTrouble = 'unreadable' | 'forged' | 'copied' | 'out-of-force' | 'other-card' | 'stale' | 'setup' | 'unsupported'

export type ChipReason = keyof typeof reasons

/** In which of the things that were read it was found. */
export type ChipPart = 'sod' | 'signer' | 'authority' | 'crl' | 'answer' | `dg${number}`
export type ChipRefusal = { is: 'refused'; reason: ChipReason; part?: ChipPart }

export const isChipReason = (text: string): text is ChipReason => Object.hasOwn(reasons, text)
export const isChipPart = (text: string): text is ChipPart => /^(sod|signer|authority|crl|answer|dg\d{1,2})$/.test(text)
