import { hash, randomBytes } from 'node:crypto'
import type { ProvedFiles } from '#domain/chip/card.ts'
import type { ChipAnswer, ChipFiles, ChipProver } from '#domain/chip/reading.ts'
import type { ChipRules } from '#domain/chip/rules.ts'
import { provesActive } from './active-authentication.ts'
import { signedBy } from './certificate.ts'
import { agree, isCipher, offerOf } from './chip-authentication.ts'
import { numberedTextsOf, zoneOf } from './data-group.ts'
import { attempt, inside, must } from './fault.ts'
import { answeredUnder } from './secure-messaging.ts'
import { readSecurityObject, type SecurityObject } from './security-object.ts'
import { trustedKey, type Trust } from './trust.ts'

/** What is remembered of a question until it is answered. */
type Secret = { nonce: string; agreement?: { macKey: string; cipher: number; dg14: string } }

/**
 * The cryptography of ICAO 9303-11: passive authentication (§5.1), active authentication (§6.1), chip authentication (§6.2). Whom it trusts is asked at each
 * reading, for lists of revoked signers are replaced while it runs.
 */
export function chipProver(trust: () => Trust, rules: ChipRules): ChipProver {
  return {
    ask: (dg14) => attempt(() => {
      const offer = dg14 && inside('dg14', () => offerOf(limited(dg14, rules.largest.dataGroup), rules))
      const agreed = offer && agree(offer)
      const nonce = randomBytes(8)
      const secret: Secret = {
        nonce: nonce.toString('hex'),
        ...(agreed && dg14 && offer && { agreement: { macKey: agreed.macKey.toString('hex'), cipher: offer.cipher, dg14: hash('sha256', dg14) } }),
      }
      return { is: 'asked' as const, question: { nonce, agreement: agreed?.asked }, secret: JSON.stringify(secret) }
    }),
    prove: (files, { secret, answer, at }) => attempt(() => {
      const { proved, object } = passive(files, { trust: trust(), rules, at })
      // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- `ask` wrote it, and the store seals it where others could reach it
      const copyCheck = original(files, object, { secret: JSON.parse(secret) as Secret, answer, rules })
      return { ...proved, copyCheck }
    }),
  }
}

function limited(file: Buffer, most: number): Buffer {
  must(file.length <= most, 'file.too-large')
  return file
}

/** Whether the state has signed what was read, and it is whole (ICAO 9303-11 §5.1). */
function passive(files: ChipFiles, { trust, rules, at }: { trust: Trust; rules: ChipRules; at: Date }): { proved: Omit<ProvedFiles, 'copyCheck'>; object: SecurityObject } {
  const object = inside('sod', () => readSecurityObject(limited(files.sod, rules.largest.sod), rules))
  const { publicKey, anchor } = trustedKey(object.signer, trust, rules, { now: at, signedAt: object.signedAt })
  inside('sod', () => must(signedBy(publicKey, object.signed), 'sod.signature'))
  for (const [group, file] of files.groups) inside(`dg${group}`, () => asSigned(limited(file, rules.largest.dataGroup), object, group))
  const missing = rules.requiredGroups.find((group) => !files.groups.has(group))
  if (missing !== undefined) must(false, 'data-group.missing', `dg${missing}`)
  const [zone, details] = [files.groups.get(1), files.groups.get(13)]
  must(zone !== undefined, 'data-group.missing', 'dg1')
  const { country, extensions, serial, fingerprint } = object.signer
  return {
    object,
    proved: {
      is: 'proved',
      mrz: zoneOf(zone),
      details: details && numberedTextsOf(details),
      groups: [...files.groups.keys()].toSorted((one, other) => one - other),
      signer: { country, documentTypes: extensions.documentTypes, serial, fingerprint, authority: anchor.fingerprint },
      signedAt: object.signedAt,
    },
  }
}

function asSigned(file: Buffer, { digest, digests }: SecurityObject, group: number): void {
  const told = digests.get(group)
  must(told !== undefined, 'data-group.unsigned')
  must(told.equals(hash(digest, file, 'buffer')), 'data-group.changed')
}

type Said = { secret: Secret; answer: ChipAnswer; rules: ChipRules }

/**
 * How the chip has shown that it is no copy. A key that the state has signed must answer: whoever copies a chip would leave away just that file. Without
 * any key it is what the rules say.
 */
function original({ groups }: ChipFiles, { digests }: SecurityObject, { secret, answer, rules }: Said): ProvedFiles['copyCheck'] {
  const [dg14, dg15] = [groups.get(14), groups.get(15)]
  if (answer.agreed && secret.agreement) {
    const { macKey, cipher, dg14: asked } = secret.agreement
    must(dg14 !== undefined, 'data-group.missing', 'dg14')
    const response = answer.agreed
    inside('answer', () => must(
      asked === hash('sha256', dg14) && isCipher(cipher) && answeredUnder(Buffer.from(macKey, 'hex'), cipher, response), 'chip.answer-wrong',
    ))
    return 'chip'
  }
  if (answer.active) {
    must(dg15 !== undefined, 'chip.no-key', 'dg15')
    provesActive({ dg15, dg14, nonce: Buffer.from(secret.nonce, 'hex'), signature: answer.active }, rules)
    return 'active'
  }
  const canAnswer = digests.has(15) || (digests.has(14) && (dg14 === undefined || offerOf(dg14, rules) !== undefined))
  must(!canAnswer, 'chip.no-answer', 'answer')
  must(rules.copyCheck === 'where-possible', 'chip.no-key', digests.has(14) ? 'dg14' : 'dg15')
  return 'none'
}
