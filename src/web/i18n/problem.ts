import { problemCodes, type ProblemCode, type ProblemDetail } from '#kernel/problem.ts'
import { formatCount, formatDay } from './format.ts'
import { textsOf, type Language } from './language.ts'
import type { Told } from './vi/problems.ts'

export function isProblemCode(word: string): word is ProblemCode {
  return problemCodes.some((code) => code === word)
}

export type ProblemWords = { title: string; sentence: string; todo: string }

/** `since`: when it began, as epoch seconds or an ISO 8601 time. Anything else is left unsaid. */
function since(value: string | number | undefined): string | undefined {
  if (value === undefined) return undefined
  const at = new Date(typeof value === 'number' ? value * 1000 : value)
  return Number.isNaN(at.getTime()) ? undefined : formatDay(at)
}

/** Below a minute in seconds, else in minutes rounded up: nobody should come back too early. */
function wait(seconds: number, language: Language): string {
  const { minutes, seconds: inSeconds } = textsOf(language).problems
  if (seconds < 60) return inSeconds(formatCount(Math.max(1, Math.ceil(seconds)), language))
  return minutes(formatCount(Math.ceil(seconds / 60), language))
}

function told(detail: ProblemDetail, language: Language): Told {
  const { retryAfter, left, host } = detail
  const began = since(detail['since'])
  return {
    ...(began !== undefined && { since: began }),
    ...(typeof retryAfter === 'number' && { wait: wait(retryAfter, language) }),
    ...(typeof left === 'number' && { left: formatCount(left, language) }),
    ...(typeof host === 'string' && { host }),
  }
}

/**
 * A problem in words. Of its detail these are said, where the sentence has room for them: `since` (epoch seconds or ISO
 * 8601), `retryAfter` (seconds), `left` (tries), `host` (of a faulty service). Everything else stays unsaid.
 */
export function wordProblem(code: ProblemCode, detail: ProblemDetail, language: Language): ProblemWords {
  const text = textsOf(language).problems.list[code]
  return { title: text.title, sentence: text.sentence(told(detail, language)), todo: text.todo }
}
