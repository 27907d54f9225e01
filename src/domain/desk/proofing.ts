import type { Day } from '#kernel/clock.ts'
import { needOf } from '#domain/acting/representation.ts'
import type { AccountLevel } from '#domain/assurance/level.ts'
import type { Person } from '#domain/registry/person.ts'
import type { Application } from './application.ts'
import { deskRules, seenKinds, type DeskRules, type EvidenceKind, type SeenKind } from './rules.ts'

/** Of what kind somebody is, and whether a representative acts for them. */
type Who = Pick<Person, 'kind'> & { represented?: boolean | undefined }

/** How somebody comes to a desk today: alone, or with whoever acts for them (Decree 69/2024 Art 10.2, 14.2). */
export function atDesk(person: Pick<Person, 'kind' | 'birthDate' | 'guardianship'>, today: Day): Required<Who> {
  return { kind: person.kind, represented: needOf(person, today) !== undefined }
}

/** Whether an application is of somebody who came with a representative, as its officer has said. */
export const cameWithRepresentative = ({ seen }: Pick<Application, 'seen'>): boolean => seen.includes('representative-seen')

/** What has to be on record of somebody at level 2: of a foreigner the passport, of everybody else the card (Decree 69/2024 Art 10.2, 11.2). */
export function provenBy({ kind, represented = false }: Who, { proofing }: Pick<DeskRules, 'proofing'>): readonly EvidenceKind[] {
  const own = kind === 'foreigner' ? proofing.foreigner.level2 : proofing.level2
  return represented ? own.flatMap((one) => (one === 'passkey' ? proofing.represented.insteadOfPasskey : [one])) : own
}

/** The account level that recorded evidence gives: it is computed and never set (docs/accounts.md). */
export function levelProven(kinds: readonly EvidenceKind[], who: Who, rules: Pick<DeskRules, 'proofing'> = deskRules): AccountLevel {
  return provenBy(who, rules).every((kind) => kinds.includes(kind)) ? 2 : 1
}

/** What an officer has to have seen of this person; where the immigration authority has no face and fingerprints, taken them too (Decree 69/2024 Art 11.2, 13). */
export function seenOf(who: Who, { biometricsMissing }: Pick<Application, 'biometricsMissing'>, rules: Pick<DeskRules, 'proofing'> = deskRules): readonly SeenKind[] {
  return seenKinds.filter((kind) => provenBy(who, rules).includes(kind) || (kind === 'biometrics-taken' && biometricsMissing))
}
