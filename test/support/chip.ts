import { readRule } from '#app/rules.ts'
import { personalNumber, type PersonalNumber } from '#domain/registry/person.ts'
import type { ChipVerdict } from '#domain/chip/card.ts'
import { beginReading, finishReading, type ChipAnswer, type ChipFiles, type ChipQuestion } from '#domain/chip/reading.ts'
import type { ChipRefusal } from '#domain/chip/reason.ts'
import { chipRulesSchema, type ChipRules, type DigestName } from '#domain/chip/rules.ts'
import { chipProver } from '#chip/prover.ts'
import { securityObjectOid } from '#chip/security-object.ts'
import { openTrust } from '#chip/trust.ts'
import { certify, type CertificateWish } from '#chip/synthetic/certificate.ts'
import { groupsFor, makeCountry, type CardOf, type Country } from '#chip/synthetic/card.ts'
import { makeChip, type SyntheticChip } from '#chip/synthetic/chip.ts'
import { attributesFor, digestsOf, securityObject, signerInfo, type SignerPlan, type SodPlan } from '#chip/synthetic/security-object.ts'
import { embeddedVolatile } from '#storage/embedded/volatile.ts'
import { chipChallenges } from '#storage/chip-challenges.ts'

/** When everything here happens. */
export const at = new Date('2026-11-26T03:00:00Z')
export const days = (count: number): Date => new Date(at.getTime() + count * 86_400_000)
export const rules: ChipRules = readRule('chip', chipRulesSchema)

export const card: CardOf = {
  name: 'Nguyễn Thị Thử Nghiệm', number: personalNumber.parse('001190012345'), birthDate: '1990-01-31', sex: 'female', issuedOn: '2022-01-31', expiresOn: '2030-01-31',
}

/** Everything that one reading consists of; a forger changes some of it. */
export type World = {
  country: Country
  chip: SyntheticChip
  trust: { certificates: readonly Buffer[]; lists: readonly Buffer[] }
  files: ChipFiles
  rules: ChipRules
  /** Our clock. */
  now: Date
  expected: PersonalNumber | undefined
  answer: (question: ChipQuestion) => ChipAnswer
}

const answerTo = (chip: SyntheticChip) => ({ nonce, agreement }: ChipQuestion): ChipAnswer =>
  agreement ? { agreed: chip.agree(agreement) } : { active: chip.signNonce(nonce) }

/** A sound card of a sound country. */
export function makeWorld({ country = makeCountry({ at }), chip = makeChip({ active: { rsa: 1024 } }) }: { country?: Country; chip?: SyntheticChip } = {}): World {
  const groups = new Map<number, Buffer>([...groupsFor(card), ...chip.groups])
  return {
    country,
    chip,
    trust: { certificates: [country.authorityCertificate], lists: [country.revocations] },
    files: { sod: sodOver(country, groups), groups },
    rules,
    now: at,
    expected: card.number,
    answer: answerTo(chip),
  }
}

type SodChanges = {
  certificate?: Buffer
  content?: Buffer
  digest?: DigestName
  signedAt?: Date
  sod?: (plan: SodPlan) => Partial<SodPlan>
  signer?: (plan: SignerPlan) => Partial<SignerPlan>
}

/** EF.SOD over these data groups, with any of its parts replaced. */
export function sodOver(country: Country, groups: ReadonlyMap<number, Buffer>, changes: SodChanges = {}): Buffer {
  const digest = changes.digest ?? country.signer.key.digest
  const content = changes.content ?? digestsOf(groups, digest)
  const signer: SignerPlan = {
    key: country.signer.key, issuer: country.authority.name, serial: country.signerSerial, digest,
    attributes: attributesFor(content, digest, changes.signedAt),
  }
  const plan: SodPlan = {
    version: 3, digestAlgorithms: [digest], contentType: securityObjectOid, content, certificates: [changes.certificate ?? country.signerCertificate],
    signers: [signerInfo({ ...signer, ...changes.signer?.(signer) })],
  }
  return securityObject({ ...plan, ...changes.sod?.(plan) })
}

/** The document signer's certificate with some of what it says replaced. */
export function signerCertificate(country: Country, changes: Partial<CertificateWish>, base: readonly Buffer[]): Buffer {
  return certify({ subject: country.signer, issuer: country.authority, serial: country.signerSerial, from: days(-365), until: days(3650), extensions: base, ...changes })
}

export type Outcome = ChipVerdict | ChipRefusal

/** The whole act: asked once by one desk, answered, judged. */
export async function readCard(world: World): Promise<Outcome> {
  const opened = openTrust(world.trust, world.rules)
  if (opened.is === 'refused') return opened
  const chip = chipProver(() => opened.trust, world.rules)
  const clock = { now: () => world.now }
  const challenges = chipChallenges(embeddedVolatile({ clock }), world.rules.challengeSeconds)
  const begun = await beginReading({ challenges, chip }, 'desk', world.files.groups.get(14))
  if (begun.is === 'refused') return begun
  const answer = world.answer(begun.question)
  return finishReading({ challenges, chip, clock, rules: world.rules }, 'desk', { reading: begun.reading, files: world.files, answer, expected: world.expected })
}

/** The same data groups with one of them replaced or, with nothing, left away. */
export function regrouped(groups: ReadonlyMap<number, Buffer>, group: number, file: Buffer | undefined): ReadonlyMap<number, Buffer> {
  const others = new Map([...groups].filter(([number]) => number !== group))
  return file === undefined ? others : others.set(group, file)
}
