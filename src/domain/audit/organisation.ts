import type { AccountId, ApplicationId, ClientId, MandateId, OrganisationId, PasskeyId } from '#kernel/id.ts'
import type { OrganisationRefusal } from '#domain/organisation/application.ts'
import type { OrganisationGround } from '#domain/organisation/rules.ts'

/** Organisations, their accounts and mandates; `account` is of whoever did it, `holder` of whom a mandate lets act. */
export type OrganisationEvent =
  | { type: 'organisation.imported'; inserted: number; replaced: number; refused: number }
  | { type: 'organisation.applied'; organisation: OrganisationId; application: ApplicationId; account: AccountId }
  /** One that no register knows, with the application for it. */
  | { type: 'organisation.declared'; organisation: OrganisationId; application: ApplicationId; account: AccountId }
  | { type: 'organisation.agreed' | 'organisation.declined'; organisation: OrganisationId; application: ApplicationId; account: AccountId }
  | { type: 'organisation.withdrawn'; organisation: OrganisationId; application: ApplicationId; account: AccountId }
  /** `papers`: which ones were seen of what no register knows. */
  | { type: 'organisation.examined'; organisation: OrganisationId; application: ApplicationId; reason: string; papers?: string; by: AccountId }
  | { type: 'organisation.issued'; organisation: OrganisationId; application: ApplicationId; reason: string; by: AccountId }
  | { type: 'organisation.refused'; organisation: OrganisationId; application: ApplicationId; reason: OrganisationRefusal; by: AccountId }
  /** `account` where a legal representative did it. */
  | { type: 'organisation.activated'; organisation: OrganisationId; by?: 'operator' | 'registry'; account?: AccountId }
  | { type: 'organisation.locked' | 'organisation.unlocked'; organisation: OrganisationId; ground: OrganisationGround; by?: 'operator' | 'registry'; account?: AccountId }
  | { type: 'organisation.dissolved'; organisation: OrganisationId }
  | { type: 'mandate.offered'; organisation: OrganisationId; mandate: MandateId; role: string; account: AccountId }
  | { type: 'mandate.accepted' | 'mandate.declined'; organisation: OrganisationId; mandate: MandateId; account: AccountId }
  /** By a legal representative or by whom it let act. */
  | { type: 'mandate.ended'; organisation: OrganisationId; mandate: MandateId; account: AccountId; holder?: AccountId }
  /** Somebody signs in at a service in the name of an organisation; `mandate` where it is not by law. */
  | { type: 'organisation.acted'; client: ClientId; account: AccountId; organisation: OrganisationId; role: string; mandate?: MandateId; passkey: PasskeyId }
  | { type: 'organisation.not-allowed'; client: ClientId; account: AccountId; organisation?: OrganisationId }
