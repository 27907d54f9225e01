import type { PersonalNumber } from '#domain/registry/person.ts'

/** How a comparison ended. `inconclusive` says nothing of the person: the light was bad, the camera failed. */
export const outcomes = ['match', 'no-match', 'inconclusive', 'abandoned', 'pending'] as const
export type Outcome = (typeof outcomes)[number]

/** Whose face is compared, and how the answer is known to be the one to this question. */
export type Question = {
  number: PersonalNumber
  /** Unguessable and used once; the signed answer repeats it. */
  nonce: string
  /** Where the browser comes back to. */
  returnTo: string
  language: 'vi' | 'en'
}

/**
 * The authority's service that compares a live face with the portrait of the registry (Decree 69/2024 Art 20.1 level 3; docs/face-matcher.md).
 * It takes the picture on a page of its own and answers in signed words, so that no picture of anybody ever passes here.
 */
export type FaceMatcher = {
  /** The origin of its pages, where a browser is sent. */
  origin: string
  /** Asks for a comparison: its name, and where the person shows the face. Throws `service.unavailable`. */
  begin: (question: Question) => Promise<{ id: string; capture: string }>
  /**
   * The signed answer, checked. `code` is what the browser brought back: a match counts in the browser that was at the authority and in no
   * other, which the answer says by the same code. Throws `service.unavailable`, also for an answer that nobody we trust has given.
   */
  outcome: (id: string, brought: { nonce: string; code: string }) => Promise<Outcome | 'elsewhere'>
}
