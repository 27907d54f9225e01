/** What an operator did to a signing key; what two people decide about one is a proposal. */
export type KeyEvent = { type: 'key.destroyed'; kid: string; by: 'operator' }
