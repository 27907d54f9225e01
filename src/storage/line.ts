import type { LineStore } from '#domain/abuse/line.ts'
import type { Volatile } from './volatile.ts'

/** Longer than the day that it is of. */
const seconds = 2 * 86_400

/** Who waits to begin a sign-in, as numbers alone: nothing tells who they are. */
export function lineStore(volatile: Pick<Volatile, 'count' | 'claim'>): LineStore {
  const key = (day: number, what: 'given' | 'called') => `line:${day}:${what}`
  const add = (day: number, what: 'given' | 'called', by: number, most?: number) => volatile.count(key(day, what), seconds, by, most)
  return {
    give: (day) => add(day, 'given', 1),
    call: async (day, more, given) => void (await add(day, 'called', more, given)),
    async counts(day) {
      const [given, called] = await Promise.all([add(day, 'given', 0), add(day, 'called', 0)])
      return { given, called }
    },
    use: ({ day, number, mark }) => volatile.claim(`line:${day}:used:${number}:${mark}`, 'used', seconds),
  }
}
