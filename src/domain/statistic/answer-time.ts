/** What a person waits for in a sign-in: that the service's request is taken, a page, the check of a passkey, and the service's tokens. */
export const waits = ['request', 'page', 'passkey', 'token'] as const
export type Wait = (typeof waits)[number]

/**
 * Milliseconds, each the top of a bucket; the last has none. They are the same on all servers and at all times, so that counts add up: of
 * percentiles no sum could be made.
 */
export const tops = [5, 10, 20, 30, 40, 50, 60, 75, 100, 150, 200, 300, 500, 750, 1000, 1500, 2000, 3000] as const

export type Counted = { wait: Wait; bucket: number; count: number }

export function bucketOf(milliseconds: number): number {
  const at = tops.findIndex((top) => milliseconds <= top)
  return at < 0 ? tops.length : at
}

/** Within how many milliseconds so many of a hundred were answered, as far as buckets tell: at most that. `longer` than the highest top. */
export function within(percent: number, counts: readonly Omit<Counted, 'wait'>[]): { all: number; most: number | 'longer' } | undefined {
  const all = counts.reduce((sum, { count }) => sum + count, 0)
  if (all === 0) return undefined
  const upTo = (bucket: number) => counts.reduce((sum, one) => sum + (one.bucket <= bucket ? one.count : 0), 0)
  return { all, most: tops.find((_top, bucket) => upTo(bucket) * 100 >= all * percent) ?? 'longer' }
}

/** Takes notes without waiting; they are written seconds later, and a few may be lost with a process. */
export type AnswerTimes = { note: (wait: Wait, milliseconds: number) => void }

export type AnswerTimeStore = {
  /** Adds to what is there, from however many processes at once. */
  add: (counts: readonly (Counted & { minute: Date })[]) => Promise<void>
  /** Of all processes, from the minute of this moment on. */
  since: (at: Date) => Promise<readonly Counted[]>
  /** Forgets what is older. */
  sweep: (before: Date) => Promise<void>
}
