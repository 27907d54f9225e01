import { z } from 'zod'
import type { Day } from '#kernel/clock.ts'
import { clientId, sector, type AccountId, type ClientId, type MandateId, type OrganisationId, type PersonId, type Sector } from '#kernel/id.ts'
import type { PersonalNumber } from '#domain/registry/person.ts'
import { hindranceOf, type OrganisationAccount } from './account.ts'
import { represents, type Organisation, type Representative } from './organisation.ts'
import { organisationRules, type OrganisationRules } from './rules.ts'

/** For which services it is: named ones, and all of a legal entity. What is not named is not covered. */
export const mandateScope = z.strictObject({ services: z.array(clientId).max(100), sectors: z.array(sector).max(50) })
  .refine(({ services, sectors }) => services.length + sectors.length > 0)
export type MandateScope = z.infer<typeof mandateScope>

/** `offered` waits for whom it names. The others but `accepted` are ends. */
export const mandateStates = ['offered', 'accepted', 'declined', 'ended'] as const

/** What an organisation lets somebody do in its name (Civil Code 91/2015/QH13 Art 138). What was agreed to never changes: another one is given. */
export type Mandate = {
  id: MandateId
  organisation: OrganisationId
  role: string
  scope: MandateScope
  startsOn: Day
  /** The last day. */
  endsOn: Day
  giver: { person: PersonId; account: AccountId }
  /** As the giver wrote it. */
  named: { number: PersonalNumber; name: string }
  /** Who accepted it. */
  holder?: { person: PersonId; account: AccountId } | undefined
  state: (typeof mandateStates)[number]
}

/** An organisation with everything that a mandate of it rests on. */
export type Around = { organisation: Pick<Organisation, 'state'>; representatives: readonly Representative[]; account: OrganisationAccount | undefined }

export type MandateFault = 'not-accepted' | 'not-yet' | 'over' | 'giver-gone' | 'organisation'

/**
 * Why a mandate does not count on this day, or `undefined`: it was accepted, its term runs, who gave it represents the organisation still and
 * lives, and the account of the organisation may be used (Civil Code Art 140.3).
 */
export function mandateFault({ state, startsOn, endsOn, giver }: Mandate, { organisation, representatives, account }: Around, today: Day): MandateFault | undefined {
  if (state !== 'accepted') return 'not-accepted'
  if (today < startsOn) return 'not-yet'
  if (endsOn < today) return 'over'
  if (!represents(representatives, giver.person, today)) return 'giver-gone'
  return hindranceOf({ state: organisation.state, account }) === undefined ? undefined : 'organisation'
}

/** Whether it covers this service. */
export function covers({ scope: { services, sectors } }: Pick<Mandate, 'scope'>, client: { id: ClientId; sector: Sector }): boolean {
  return services.includes(client.id) || sectors.includes(client.sector)
}

export type TermFault = 'backwards' | 'past' | 'too-long'

/** What is wrong with the term of a mandate that is to be given on this day, or `undefined`. */
export function termFault({ startsOn, endsOn }: Pick<Mandate, 'startsOn' | 'endsOn'>, today: Day, { mandate: { longestDays } }: OrganisationRules = organisationRules): TermFault | undefined {
  if (endsOn < startsOn) return 'backwards'
  if (endsOn < today) return 'past'
  return (Date.parse(endsOn) - Date.parse(startsOn)) / 86_400_000 > longestDays ? 'too-long' : undefined
}

/** The role by its name in the table, or `undefined`: what the table does not hold nobody is given, and nobody keeps. */
export const roleNamed = (id: string, { roles }: OrganisationRules = organisationRules) => roles.find((role) => role.id === id)
