import type { AccountId, ClientId, OrganisationId } from '#kernel/id.ts'

/** What a service was given: consent, tokens, claims, and what was taken back. */
export type GrantEvent =
  | { type: 'consent.given'; client: ClientId; account: AccountId; claims: readonly string[]; declined: readonly string[]; details?: readonly string[]; representative?: AccountId }
  | { type: 'consent.declined'; client: ClientId; account: AccountId; claims: readonly string[]; representative?: AccountId }
  | { type: 'authorization.granted'; client: ClientId; account: AccountId; grant: string; acr?: string; representative?: AccountId; organisation?: OrganisationId }
  /** Without an account for a service that acts for itself (RFC 6749 §4.4). */
  | { type: 'token.issued'; client: ClientId; account?: AccountId; grant?: string; kinds: readonly string[]; through: string; acr?: string }
  | { type: 'claims.released'; client: ClientId; account: AccountId; claims: readonly string[]; through: 'id_token' | 'userinfo' }
  | { type: 'grant.revoked'; grant: string; client?: ClientId; reason: 'code-replayed' | 'refresh-token-replayed' | 'logout' | 'revoked-by-client' }
