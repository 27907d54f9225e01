import { dayInVietnam } from '#kernel/clock.ts'
import type { AccountLevel } from '#domain/assurance/level.ts'
import type { EvidenceKind } from '#domain/desk/rules.ts'
import type { Subject } from './disclosure.ts'

export const trustFramework = 'vn_eid'
export const evidenceType = 'electronic_record'
export const recordType = 'population_register'
export const documentEvidence = 'document'
/** The one document that anybody here looks at (predefined values of OpenID Identity Assurance). */
export const documentType = 'passport'
/** How: an officer has it in their hands. */
export const documentCheck = 'vpip'

export const assuranceLevel = (level: AccountLevel): string => `level_${level}`

/** What a desk sees, in the words of OpenID Identity Assurance (predefined values): document and face looked at by a person, its chip by its signatures. A passkey shows nobody, a representative is somebody else, and what was taken was compared with nothing. */
const methods = { 'card-seen': 'vpip', 'passport-seen': 'vpip', 'biometrics-taken': undefined, 'face-compared': 'pvp', 'chip-verified': 'vcrypt', passkey: undefined, 'representative-seen': undefined, 'representative-passkey': undefined } as const satisfies Record<EvidenceKind, string | undefined>

/** Where a desk is would tell two services that they know the same person (D01); what it is does not. */
const desk = 'Công an xã, phường'
/** Of foreigners (Decree 69/2024 Art 11.2). */
export const immigration = 'Cơ quan quản lý xuất nhập cảnh'

/** One check of an identity: how, by whom and on which day. */
type Check = { check_method: 'data' | NonNullable<(typeof methods)[EvidenceKind]>; organization: string; time: string }

type RecordEvidence = {
  type: typeof evidenceType
  check_details: readonly Check[]
  time: string
  record: { type: typeof recordType; source: { name: string; country_code: string } }
}

type DocumentEvidence = {
  type: typeof documentEvidence
  check_details: readonly Check[]
  document_details: { type: typeof documentType; document_number?: string; issuer: { country_code: string }; date_of_expiry?: string }
}

export type Verification = { trust_framework: typeof trustFramework; assurance_level: string; time?: string; evidence: readonly (RecordEvidence | DocumentEvidence)[] }

/** All that a verification can say here, by path. People are asked about these (`verification-item.ts`), so nothing else may be told. What is `document.` here is of an evidence of that type. */
export const tellable = [
  'trust_framework', 'assurance_level', 'time', 'evidence.type', 'evidence.check_details.check_method', 'evidence.check_details.organization',
  'evidence.check_details.time', 'evidence.time', 'evidence.record.type', 'evidence.record.source.name', 'evidence.record.source.country_code',
  'document.type', 'document.check_details.check_method', 'document.check_details.organization', 'document.check_details.time', 'document.document_details.type',
  'document.document_details.document_number', 'document.document_details.issuer.country_code', 'document.document_details.date_of_expiry',
] as const
export type Told = (typeof tellable)[number]

/** Of the passport, its number is told to those alone who are given the passport itself (D02): it is as good as a name. */
export const numberOfDocument = { path: 'document.document_details.document_number', with: 'vn_passport' } as const satisfies { path: Told; with: string }

/**
 * How identity was proven, in the words of the Schema Definition §5.4 and from what is on record alone. References to the process
 * or its checks (`verification_process`, `check_id`) are left out: the same in two services, they would name the person (D01).
 */
export function verificationOf(subject: Subject, { numbers }: { /** Whether the numbers of documents are told. */ numbers: boolean }): Verification {
  const { level, openedAt, inPerson, person } = subject
  const proven = level === 1 ? openedAt : inPerson?.at
  return {
    trust_framework: trustFramework,
    assurance_level: assuranceLevel(level),
    ...(proven && { time: byDay(proven) }),
    evidence: [{
      type: evidenceType,
      check_details: checksOf(subject),
      time: byDay(new Date(person.source.confirmedAt)),
      record: { type: recordType, source: { name: 'Cơ sở dữ liệu quốc gia về dân cư', country_code: 'VNM' } },
    }, ...documentsOf(subject, numbers)],
  }
}

/**
 * The passport that the immigration authority saw (Decree 69/2024 Art 11.2), by what the register knows of it: where it may be another one, issued since
 * or on a day that nobody knows, nothing is said of it.
 */
function documentsOf({ person: { kind, passport }, inPerson }: Subject, numbers: boolean): readonly DocumentEvidence[] {
  if (kind !== 'foreigner' || passport === undefined || passport === null || inPerson?.kinds.includes('passport-seen') !== true) return []
  const { number, country, issuedOn, expiresOn } = passport
  if (issuedOn === undefined || issuedOn > dayInVietnam(inPerson.at)) return []
  return [{
    type: documentEvidence,
    check_details: [{ check_method: documentCheck, organization: immigration, time: byDay(inPerson.at) }],
    document_details: { type: documentType, ...(numbers && { document_number: number }), issuer: { country_code: country }, ...(expiresOn && { date_of_expiry: expiresOn }) },
  }]
}

/**
 * At the opening what the person said was compared with the record (`data`, Decree 69/2024 Art 10.1); what was seen at a desk (Art 10.2) is said only where
 * there is a record of it, each by itself.
 */
function checksOf({ openedAt, inPerson }: Subject): readonly Check[] {
  const organization = inPerson?.kinds.includes('passport-seen') ? immigration : desk
  const seen = (inPerson?.kinds ?? []).flatMap((kind) => methods[kind] ?? [])
  return [
    { check_method: 'data', organization: 'Định Danh', time: byDay(openedAt) },
    ...seen.map((method) => ({ check_method: method, organization, time: byDay(inPerson?.at ?? openedAt) })),
  ]
}

/** To the day: a moment is as good as a name, and two services could know the same person by it (D01). */
function byDay(at: Date): string {
  return `${at.toISOString().slice(0, 10)}T00:00:00Z`
}
