import type { Day } from '#kernel/clock.ts'
import type { AccountId, ApplicationId, OrganisationId, PersonId } from '#kernel/id.ts'
import { representing, type Organisation, type Representative } from './organisation.ts'

/**
 * `consenting` waits for the other legal representatives, `waiting` for the authority, whose clock runs then; `examined` for its second person.
 * The rest are ends: the organisation may be applied for anew.
 */
export const applicationStates = ['consenting', 'waiting', 'examined', 'issued', 'refused', 'declined', 'withdrawn'] as const
export type ApplicationState = (typeof applicationStates)[number]

/** Why the authority says no; a closed list, for the applicant reads it. */
export const organisationRefusals = ['data-differ', 'not-registered', 'not-entitled', 'papers-insufficient'] as const
export type OrganisationRefusal = (typeof organisationRefusals)[number]

export type OrganisationApplication = {
  id: ApplicationId
  reference: string
  organisation: OrganisationId
  /** Who applied, and with which account of theirs. */
  applicant: { person: PersonId; account: AccountId }
  state: ApplicationState
  /** Who has agreed, the applicant among them. */
  agreed: readonly PersonId[]
  appliedAt: Date
  /** The last day for a decision, once the file is complete. */
  dueOn?: Day | undefined
  examinedBy?: AccountId | undefined
  refusal?: OrganisationRefusal | undefined
  /** Which papers an officer had before them, where no register tells. */
  papersSeen?: string | undefined
}

export const isOpen = ({ state }: Pick<OrganisationApplication, 'state'>): boolean => state === 'consenting' || state === 'waiting' || state === 'examined'

/** Those legal representatives of today who have not agreed yet (Decree 69/2024/NĐ-CP Art 12). Whom the population register does not know cannot agree. */
export function stillToAgree(representatives: readonly Representative[], agreed: readonly PersonId[], today: Day): readonly Representative[] {
  return representing(representatives, today).filter(({ person }) => person === undefined || !agreed.includes(person))
}

type Deciding = { organisation: Pick<Organisation, 'state'>; representatives: readonly Representative[]; application: OrganisationApplication; today: Day }

/** Why an officer may not issue it now, or `undefined`: the registration is asked again, for it may have changed while the file lay. */
export function issueFault({ organisation, representatives, application, today }: Deciding): 'over' | 'not-operating' | 'consent-missing' | undefined {
  if (application.state !== 'waiting' && application.state !== 'examined') return 'over'
  if (organisation.state !== 'operating') return 'not-operating'
  if (!representing(representatives, today).some(({ person }) => person === application.applicant.person)) return 'consent-missing'
  return stillToAgree(representatives, application.agreed, today).length > 0 ? 'consent-missing' : undefined
}
