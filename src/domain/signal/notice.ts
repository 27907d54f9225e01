import type { Office } from '#domain/notice/office.ts'

export type Language = 'vi' | 'en'

/** What we write to people. The words live with the pages; delivery has a deadline and is never part of a sign-in. */
export type Notices = {
  contactCode: (to: string, message: { code: string; minutes: number; language: Language }) => Promise<void>
  /** Tells the holder of an account that somebody tried to register as them, and which office they may ask. */
  registrationTried: (to: string, office: Office) => Promise<void>
}
