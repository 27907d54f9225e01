import type { AccountId, ApplicationId, ClientId, MandateId, OrganisationId, PersonId, Sector } from '#kernel/id.ts'
import type { OrganisationAccount, OrganisationMove, OrganisationMoved } from './account.ts'
import type { OrganisationApplication, OrganisationRefusal } from './application.ts'
import type { Declaration, Declared } from './declared.ts'
import type { Mandate } from './mandate.ts'
import type { Organisation, OrganisationCode, Representative } from './organisation.ts'

/** All that is known of one organisation. */
export type Known = {
  organisation: Omit<Organisation, 'representatives' | 'source'>
  representatives: readonly Representative[]
  account: OrganisationAccount | undefined
  /** Where it came from no register. */
  declared?: Declared | undefined
  /** The last one. */
  application: OrganisationApplication | undefined
}

/** Somebody who acts on an organisation: a person of the register, by an account of theirs. */
export type Acting = { person: PersonId; account: AccountId; at: Date }

/** A service where people may act in the name of organisations. */
export type OpenService = { client: ClientId; sector: Sector; name: string; legalName: { vi: string; en: string } }

export type OrganisationStore = {
  /**
   * Puts a whole import in or leaves everything as it was. An older version of what is known changes nothing, and what is dissolved stays so. In
   * the same commit the accounts follow: that of a dissolved organisation ends, and what was done in its name by whoever may not any more.
   */
  importAll: (batches: AsyncIterable<readonly Organisation[]>) => Promise<{ inserted: number; replaced: number }>
  find: (id: OrganisationId) => Promise<Known | undefined>
  /** Of what is established; what is pending is nobody's number. */
  findByCode: (code: OrganisationCode) => Promise<Known | undefined>
  /** Those that the business registration lets this person represent, or did. */
  representedBy: (person: PersonId) => Promise<readonly OrganisationId[]>
  /** Whether this person is a legal representative of it now. */
  representsNow: (organisation: OrganisationId, by: Acting) => Promise<boolean>
  /** The organisation with this application of it in place of the last one. */
  findApplication: (id: ApplicationId) => Promise<Known | undefined>

  /** One open application for each organisation, by a legal representative of today, where it has no account: of racing ones one wins. */
  apply: (organisation: OrganisationId, application: { id: ApplicationId; reference: string }, by: Acting) => Promise<boolean>
  /**
   * An organisation that no register knows, with its representatives and the application, in one commit. `known`: the number is established; `under-way`: the
   * same person has declared it already. What others have declared is not told. Whoever is named by a wrong name is never asked.
   */
  declare: (declaration: Declaration, as: { organisation: OrganisationId; id: ApplicationId; reference: string }, by: Acting) => Promise<'done' | 'known' | 'under-way' | 'refused'>
  /** The answer of one of the other legal representatives; a refusal ends it (Decree 69/2024/NĐ-CP Art 12). */
  answer: (organisation: OrganisationId, agrees: boolean, by: Acting) => Promise<boolean>
  withdraw: (organisation: OrganisationId, by: Acting) => Promise<boolean>
  /** The first officer. `own` where the officer represents the organisation; `papers` where none tell what no register does. */
  examine: (id: ApplicationId, officer: { account: AccountId; at: Date; reason: string; papers?: string }) => Promise<'done' | 'over' | 'own' | 'papers'>
  /** Another officer than the one who examined it; `same` where it is that one. `registered` where what is pending has a number that is established meanwhile. */
  issue: (id: ApplicationId, officer: { account: AccountId; at: Date; reason: string }) => Promise<'done' | 'over' | 'own' | 'same' | 'not-operating' | 'consent-missing' | 'registered'>
  refuse: (id: ApplicationId, officer: { account: AccountId; at: Date; reason: OrganisationRefusal }) => Promise<'done' | 'over' | 'own'>
  /** By the rules of `movedOrganisation`, on the account as it is at this moment. A lock and an end also end what is done in its name. */
  move: (organisation: OrganisationId, move: OrganisationMove, by: { account?: AccountId; at: Date }) => Promise<OrganisationMoved | { is: 'refused'; because: 'unknown' }>

  /** Kept whether or not anybody has this number (W10); `false` where the giver may not give one now. */
  offer: (mandate: Omit<Mandate, 'holder' | 'state' | 'giver'>, by: Acting) => Promise<boolean>
  /** Offers and mandates that name this person, by a number and name of theirs. */
  mandatesFor: (person: PersonId) => Promise<readonly Mandate[]>
  mandatesOf: (organisation: OrganisationId, most: number) => Promise<readonly Mandate[]>
  /** By whom it names: takes it, or says no. */
  accept: (id: MandateId, by: Acting) => Promise<boolean>
  decline: (id: MandateId, by: Acting) => Promise<boolean>
  /** By whom it lets act, or by a legal representative of today; at once and for good, with everything that was opened by it. */
  end: (id: MandateId, by: Acting & { /** For the organisation; else for themself alone. */ forOrganisation: boolean }) => Promise<boolean>

  /** The offers and mandates that this account gave since a moment, up to another: each ends at once and for good, with everything that was opened by it. Answers how many. */
  endGiven: (giver: AccountId, when: { since: Date; until: Date; at: Date }) => Promise<number>

  /** Where people may act in the name of organisations. */
  services: () => Promise<readonly OpenService[]>
  /** In whose name somebody came to this service last; `null` is their own. */
  lastChoice: (account: AccountId, client: ClientId) => Promise<OrganisationId | null | undefined>
  choose: (account: AccountId, client: ClientId, choice: OrganisationId | null) => Promise<void>
  /** Ends what people do in the name of organisations for whom they may not act any more, and answers how many; what ends with a day ends so. */
  follow: (at: Date) => Promise<number>
}

/** In the name of which organisation, and by which mandate where it is not by law. */
export type InNameOf = { organisation: OrganisationId; mandate?: MandateId | undefined }

/** In the name of which organisation somebody acts behind a grant; kept as long as the grant may be. It does not change. */
export type OrganisationGrants = {
  find: (grant: string) => Promise<InNameOf | undefined>
  put: (grant: string, acting: InNameOf & { account: AccountId; client: ClientId; at: Date }) => Promise<void>
}
