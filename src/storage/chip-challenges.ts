import type { ChipChallengeStore } from '#domain/chip/reading.ts'
import type { Volatile } from './volatile.ts'

/** What chips were asked, until they are heard or it is too late. A reading's id has no colon, so no two askers share a name. */
export const chipChallenges = (volatile: Pick<Volatile, 'offer' | 'take'>, seconds: number): ChipChallengeStore => ({
  put: (by, reading, secret) => volatile.offer(`chip:${by}:${reading}`, secret, seconds),
  take: (by, reading) => volatile.take(`chip:${by}:${reading}`),
})
