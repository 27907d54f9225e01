/** Where a sealed value lives. It is authenticated with the value, so a ciphertext moved elsewhere does not open. */
export type Place = { table: string; column: string; row: string }

/** What a blind index is of. Equal values of different kinds have unrelated indexes. */
export type IndexKind = 'personal-number' | 'passport' | 'email' | 'phone' | 'limit' | 'key-set-caller' | 'recovery-code' | 'break-glass' | 'notice-reference' | 'desk-code' | 'desk-reader' | 'told-once'

/**
 * Personal data at rest. `seal` is AES-256-GCM under a fresh nonce with `place` as associated data; `index` is a keyed
 * hash by which an exact value can be found again (D03).
 */
export type Sealer = {
  seal: (plain: string, place: Place) => Uint8Array
  /** Throws `Problem('sealed.unreadable')` when the value was altered, moved or made with a key that is not here. */
  open: (sealed: Uint8Array, place: Place) => string
  index: (kind: IndexKind, value: string) => Uint8Array
}
