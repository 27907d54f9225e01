import type { Clock } from '#kernel/clock.ts'
import { Problem } from '#kernel/problem.ts'
import type { Volatile } from '#storage/volatile.ts'

type Entry = { value: string | number; until: number; once: boolean }

/** What one process may hold before it refuses to take more, like a Redis that never evicts. */
const usualLimit = 200_000
const sweepEvery = 30_000

/**
 * The volatile store in this process's memory, for one process. Every act is one run of the event loop, so races are settled
 * by construction, and it has one era. Full, it drops what has expired and then refuses with `Problem('service.unavailable')`.
 */
export function embeddedVolatile({ clock, limit = usualLimit }: { clock: Clock; limit?: number }): Volatile {
  const entries = new Map<string, Entry>()
  const now = () => clock.now().getTime()

  const living = (key: string): Entry | undefined => {
    const entry = entries.get(key)
    if (entry === undefined || entry.until > now()) return entry
    entries.delete(key)
    return undefined
  }
  const sweep = () => {
    const at = now()
    for (const [key, { until }] of entries) if (until <= at) entries.delete(key)
  }
  const write = (key: string, value: string | number, ttl: number, once = false) => {
    if (entries.size >= limit && !entries.has(key)) sweep()
    if (entries.size >= limit && !entries.has(key)) throw new Problem('service.unavailable', { detail: { limit } })
    entries.set(key, { value, until: now() + ttl * 1000, once })
  }
  const timer = setInterval(sweep, sweepEvery).unref()

  return {
    get: async (key) => text(living(key)),
    put: async (key, value, ttl) => write(key, value, ttl),
    offer: async (key, value, ttl) => write(key, value, ttl, true),
    async take(key) {
      const entry = living(key)
      if (entry?.once === false) throw new TypeError('what was put is not to be taken')
      entries.delete(key)
      return text(entry)
    },
    async claim(key, value, ttl) {
      if (living(key) !== undefined) return false
      write(key, value, ttl)
      return true
    },
    async count(key, ttl, by = 1, most = Infinity) {
      const counter = living(key)
      const now = counter === undefined ? 0 : number(counter)
      const after = Math.min(now + by, Math.max(now, most))
      if (counter === undefined) write(key, after, ttl)
      else counter.value = after
      return after
    },
    era: async () => 'process',
    drop: async (key) => void entries.delete(key),
    async close() {
      clearInterval(timer)
      entries.clear()
    },
  }
}

function text(entry: Entry | undefined): string | undefined {
  if (typeof entry?.value === 'number') throw new TypeError('a counter was read as a value')
  return entry?.value
}

function number({ value }: Entry): number {
  if (typeof value === 'string') throw new TypeError('a value was counted')
  return value
}
