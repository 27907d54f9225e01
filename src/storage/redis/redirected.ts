/**
 * Whether a cluster did nothing because some of a slot's keys are still here and some are there already (Redis Cluster specification, "Multiple
 * keys operations"). ioredis tries a few times, and then tells in a text of its own what the last answer was.
 */
export function isTryAgain(error: unknown): boolean {
  return error instanceof Error && /\bTRYAGAIN\b/.test(error.message)
}
