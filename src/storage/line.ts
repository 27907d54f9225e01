import { lapsedAt, spansAt, type LineStore } from '#domain/abuse/line.ts'
import type { Volatile } from './volatile.ts'

/** Longer than the day that it is of. */
const seconds = 2 * 86_400
/** Longer than a call is waited for. */
const callSeconds = 900

/** Who waits to begin a sign-in, as numbers alone: nothing tells who they are. */
export function lineStore(volatile: Pick<Volatile, 'count' | 'claim' | 'get'>): LineStore {
  const key = (day: number, what: 'given' | 'called') => `line:${day}:${what}`
  const before = (day: number, span: number) => `line:${day}:before:${span}`
  const add = (day: number, what: 'given' | 'called', by: number, most?: number) => volatile.count(key(day, what), seconds, by, most)
  const numberOf = (text: string | undefined) => (text === undefined ? undefined : Number(text))
  return {
    give: (day) => add(day, 'given', 1),
    async call(day, more, given, at) {
      // Looked at and written before anybody is called: what stands there is never more than was called when the span began.
      const called = await add(day, 'called', 0)
      await volatile.claim(before(day, spansAt(at).at(-1) ?? 0), String(called), callSeconds)
      await add(day, 'called', more, given)
    },
    async counts(day, at) {
      const [given, called, ...spans] = await Promise.all([add(day, 'given', 0), add(day, 'called', 0), ...spansAt(at).map(async (span) => numberOf(await volatile.get(before(day, span))))])
      return { given, called, lapsed: lapsedAt(spans, called) }
    },
    use: ({ day, number, mark }) => volatile.claim(`line:${day}:used:${number}:${mark}`, 'used', seconds),
  }
}
