/**
 * Why an account is closed for use. Grounds are a set: the account opens again when the last one ends (Law 26/2023 Art 34,
 * Decree 69/2024 Art 15). Who may set and clear each is in `config/account.json`.
 */
export const lockGrounds = [
  'holder-request',
  'terms-breach',
  'card-held-or-revoked',
  'card-expired',
  'passport-expired',
  'residence-expired',
  'competent-body',
  'phone-claimed-by-owner',
] as const
export type LockGround = (typeof lockGrounds)[number]

/** What an account follows: it ends and is renewed with this paper (Decree 69/2024 Art 15). */
export const papers = ['card', 'passport', 'residence-card'] as const
export type Paper = (typeof papers)[number]

/** On what ground an account is closed when its paper has ended. */
export const expiryGrounds = { card: 'card-expired', passport: 'passport-expired', 'residence-card': 'residence-expired' } as const satisfies Record<Paper, LockGround>
