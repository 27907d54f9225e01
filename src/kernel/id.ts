import { randomBytes } from 'node:crypto'
import { z } from 'zod'

/**
 * Identifiers come in through these parsers and nowhere else, so that an account id cannot be handed over where a person
 * id is meant. They are names of rows, never secrets.
 */
export const personId = z.uuid().brand<'PersonId'>()
export type PersonId = z.infer<typeof personId>

export const accountId = z.uuid().brand<'AccountId'>()
export type AccountId = z.infer<typeof accountId>

/** `credential.id` of WebAuthn, base64url; at most 1,023 bytes (WebAuthn L3 §4 Credential ID). */
export const passkeyId = z.string().regex(/^[A-Za-z0-9_-]{1,1364}$/).brand<'PasskeyId'>()
export type PasskeyId = z.infer<typeof passkeyId>

export const clientId = z.string().regex(/^[\x21-\x7e]{1,128}$/).brand<'ClientId'>()
export type ClientId = z.infer<typeof clientId>

/** The provider's name for one authorization in progress; 21 characters of nanoid. */
export const interactionId = z.string().regex(/^[A-Za-z0-9_-]{16,64}$/).brand<'InteractionId'>()
export type InteractionId = z.infer<typeof interactionId>

/** One request of a service that waits for a person's answer on our own pages (CIBA); ours, not the service's `auth_req_id`. */
export const approvalId = z.string().regex(/^[A-Za-z0-9_-]{16,64}$/).brand<'ApprovalId'>()
export type ApprovalId = z.infer<typeof approvalId>

/** A change that takes two people. */
export const proposalId = z.uuid().brand<'ProposalId'>()
export type ProposalId = z.infer<typeof proposalId>

/** One look-up of a citizen in the log of record: whoever asked may read on under it for a while. */
export const lookUpId = z.uuid().brand<'LookUpId'>()
export type LookUpId = z.infer<typeof lookUpId>

/** A request of a developer to connect a client to the live server. */
export const connectionId = z.uuid().brand<'ConnectionId'>()
export type ConnectionId = z.infer<typeof connectionId>

/** Something the holder of an account is told. */
export const noticeId = z.uuid().brand<'NoticeId'>()
export type NoticeId = z.infer<typeof noticeId>

/** An address at which the holder of an account is told. */
export const contactId = z.uuid().brand<'ContactId'>()
export type ContactId = z.infer<typeof contactId>

/** Somebody's application at a desk. */
export const applicationId = z.uuid().brand<'ApplicationId'>()
export type ApplicationId = z.infer<typeof applicationId>

/** An agency or organisation of the business registration, by our name for it. */
export const organisationId = z.uuid().brand<'OrganisationId'>()
export type OrganisationId = z.infer<typeof organisationId>

/** What lets somebody act in the name of an organisation. */
export const mandateId = z.uuid().brand<'MandateId'>()
export type MandateId = z.infer<typeof mandateId>

/** The legal entity a client belongs to; pairwise subjects are equal within a sector and unlinkable across. */
export const sector = z.string().regex(/^[a-z0-9][a-z0-9.-]{1,62}$/).brand<'Sector'>()
export type Sector = z.infer<typeof sector>

/** A row id that sorts by time of making (RFC 9562 §5.7 UUIDv7). */
export function newId(now: number = Date.now()): string {
  const bytes = randomBytes(16)
  bytes.writeUIntBE(now, 0, 6)
  bytes.writeUInt8(0x70 | (bytes.readUInt8(6) & 0x0f), 6)
  bytes.writeUInt8(0x80 | (bytes.readUInt8(8) & 0x3f), 8)
  const hex = bytes.toString('hex')
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-')
}

/** No id that was made at this moment or later sorts before it, and every one that was made earlier does. */
export function firstIdAt(at: Date): string {
  const hex = at.getTime().toString(16).padStart(12, '0')
  return `${hex.slice(0, 8)}-${hex.slice(8)}-0000-0000-000000000000`
}

/** When an id of `newId` was made. */
export function madeAt(id: string): Date {
  return new Date(Number.parseInt(id.replaceAll('-', '').slice(0, 12), 16))
}
