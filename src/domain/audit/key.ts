/** What an operator did to a signing key, and how old it became; what two people decide about one is a proposal. */
export type KeyEvent =
  | { type: 'key.destroyed'; kid: string; by: 'operator' }
  /** It signs, and is soon too old with nothing decided about what follows; or it is too old. Once for each. */
  | { type: 'key.aged'; kid: string; reason: 'due' | 'too-old'; by: 'clock'; mark?: string }
