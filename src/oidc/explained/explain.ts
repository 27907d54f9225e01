import { catalogue } from './catalogue.ts'
import type { Explanation } from './explanation.ts'

/** What an error of ours means and what can be done: the remedy of its very reason where that is known, else that of its class. */
export function explain(error: string, reason = ''): Pick<Explanation, 'cause' | 'remedy'> | undefined {
  const known: Readonly<Record<string, Explanation>> = catalogue
  const found = Object.hasOwn(known, error) ? known[error] : undefined
  const closer = found?.reasons?.find(({ says }) => reason.includes(says))
  return found && { cause: found.cause, remedy: closer?.remedy ?? found.remedy }
}
