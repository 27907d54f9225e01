import { catalogue } from './catalogue.ts'
import type { Explanation } from './explanation.ts'

const known: Readonly<Record<string, Explanation>> = catalogue

/**
 * An error as it is counted: its code, and of its reasons the one that this is, in the words of our table. What a request said never gets
 * in, so that there are only so many.
 */
export function causeOf(error: string, reason: string): { error: string; reason: string } {
  if (!Object.hasOwn(known, error)) return { error: 'server_error', reason: '' }
  return { error, reason: known[error]?.reasons?.find(({ says }) => reason.includes(says))?.says ?? '' }
}
