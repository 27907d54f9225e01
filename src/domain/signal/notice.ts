export type Language = 'vi' | 'en'

/** What we write to people. The words live with the pages; delivery has a deadline and is never part of a sign-in. */
export type Notices = {
  contactCode: (to: string, message: { code: string; minutes: number; language: Language }) => Promise<void>
  /** Tells the holder of an account that somebody tried to register their number. */
  registrationTried: (to: string) => Promise<void>
  /** Tells the holder of an account that it has one more passkey (W09). */
  passkeyAdded: (to: string, at: Date) => Promise<void>
  /** Tells the holder of an account that it has one passkey less (W09). */
  passkeyRemoved: (to: string, at: Date) => Promise<void>
  /** Tells the holder of an account that it was brought back with a printed code, and until when it counts as level 1. */
  recovered: (to: string, recovery: { at: Date; heldUntil: Date }) => Promise<void>
}
