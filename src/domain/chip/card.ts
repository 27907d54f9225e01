import type { Day } from '#kernel/clock.ts'
import { folded } from '#domain/registry/name.ts'
import type { PersonalNumber } from '#domain/registry/person.ts'
import { readDetails, type Details, type NumberedTexts } from './details.ts'
import { expiryDay, readMrz, sameBirth, type Mrz } from './mrz.ts'
import type { ChipReason, ChipRefusal } from './reason.ts'
import type { ChipRules } from './rules.ts'

/** What the signatures vouch for, before anybody asks what it says. */
export type ProvedFiles = {
  is: 'proved'
  /** The ninety characters of DG1. */
  mrz: string
  /** DG13, where it was read. */
  details: NumberedTexts | undefined
  /** Every data group that was read and found as it was signed. */
  groups: readonly number[]
  signer: { country: string | undefined; documentTypes: readonly string[] | undefined; serial: string; fingerprint: string; authority: string }
  signedAt: Date | undefined
  /** How the chip has shown that it is no copy. */
  copyCheck: 'active' | 'chip' | 'none'
}

export type VerifiedCard = Pick<ProvedFiles, 'groups' | 'signer' | 'signedAt' | 'copyCheck'> & {
  number: string | undefined
  mrz: Mrz
  details: Details | undefined
  expiresOn: Day | undefined
}
export type ChipVerdict = { is: 'verified'; card: VerifiedCard } | ChipRefusal

type Circumstances = {
  today: Day
  rules: Pick<ChipRules, 'states'>
  /** Whose card it is said to be. */
  expected?: PersonalNumber | undefined
}

/** What a proved card says, when all of it fits together, its time is not over and it is the card of whom it is said to be. */
export function judgeCard(proved: ProvedFiles, { today, rules, expected }: Circumstances): ChipVerdict {
  const zone = readMrz(proved.mrz)
  if (zone.is === 'faulty') return { is: 'refused', reason: zone.reason, part: 'dg1' }
  const { mrz } = zone
  const details = proved.details && readDetails(proved.details)
  if (proved.details && !details) return { is: 'refused', reason: 'details.malformed', part: 'dg13' }

  const said: Said = { mrz, details, number: mrz.personalNumber ?? details?.number, expiresOn: details?.endless ? undefined : expiryDay(mrz) }
  const reason = findings(proved, said, { today, rules, expected }).find(([, holds]) => holds)?.[0]
  if (reason !== undefined) return { is: 'refused', reason }
  const { groups, signer, signedAt, copyCheck } = proved
  return { is: 'verified', card: { ...said, groups, signer, signedAt, copyCheck } }
}

type Said = Pick<VerifiedCard, 'number' | 'mrz' | 'details' | 'expiresOn'>

function findings({ signer }: ProvedFiles, { mrz, details, number, expiresOn }: Said, { today, rules, expected }: Circumstances): readonly (readonly [ChipReason, boolean])[] {
  const country = signer.country?.toUpperCase()
  return [
    ['signer.country', !rules.states.some((state) => state.mrz === mrz.issuer && state.certificate === country)],
    ['signer.document-type', signer.documentTypes?.some((type) => mrz.documentCode.startsWith(type)) === false],
    ['card.disagrees', details !== undefined && disagree(mrz, details)],
    ['card.disagrees', mrz.personalNumber?.endsWith(mrz.documentNumber) === false],
    ['card.expired', expiresOn !== undefined && expiresOn < today],
    ['card.other-person', expected !== undefined && number !== expected],
  ]
}

/** Whether two parts of one card speak of different people. What one of them does not say is no contradiction. */
function disagree(mrz: Mrz, details: Details): boolean {
  return [
    mrz.personalNumber !== undefined && mrz.personalNumber !== details.number,
    !sameBirth(mrz, details.birthDate),
    mrz.sex !== undefined && details.sex !== undefined && mrz.sex !== details.sex,
    details.expiresOn !== undefined && details.expiresOn !== expiryDay(mrz),
    !sameLetters(mrz, details.name),
  ].includes(true)
}

/** The zone has the letters A to Z alone and no room for long names (ICAO 9303-3 §4.6). */
function sameLetters({ name, nameCut }: Mrz, full: string): boolean {
  const [short, long] = [name.join(''), folded(full)].map((text) => text.toUpperCase().replaceAll(/[^A-Z]/g, ''))
  return short !== undefined && short !== '' && (nameCut ? long?.startsWith(short) === true : long === short)
}
