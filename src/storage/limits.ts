import { RateLimiterMemory, RateLimiterRedis, RateLimiterRes, type RateLimiterAbstract } from 'rate-limiter-flexible'
import { Problem } from '#kernel/problem.ts'
import { limitNames, type LimitName, type LimitRules, type Limits } from '#domain/abuse/limits.ts'
import type { RedisClient } from './redis/open.ts'

type Tools = {
  rules: LimitRules
  /** Counters are shared over Redis; without it this process counts alone. */
  redis?: RedisClient | undefined
  /** How many processes of this server there are on this machine, which share what is left where Redis is away. */
  workers?: number | undefined
  /** A keyed hash: a counter's name must not tell whose number it counts. */
  hash: (key: string) => string
}

/** Counters of rate-limiter-flexible, in their own key space (all of them may be lost). */
export function makeLimits({ hash, ...tools }: Tools): Limits {
  const { rules } = tools
  const limiters = new Map(limitNames.map((name) => [name, limiter(name, tools)]))
  const of = (name: LimitName) => {
    const found = limiters.get(name)
    if (found === undefined) throw new Error(`no limit named ${name}`)
    return found
  }
  return {
    async spend(name, key) {
      try {
        const { consumedPoints } = await of(name).consume(hash(key))
        // What answered was no counter. Of a number that is none the library says that it is not too many.
        if (!Number.isSafeInteger(consumedPoints)) throw new Problem('service.unavailable')
      } catch (error) {
        if (!(error instanceof RateLimiterRes)) throw error
        throw new Problem('limit.exceeded', { detail: { retryAfter: Math.ceil(error.msBeforeNext / 1000) } })
      }
    },
    async give(name, key, what) {
      await of(name).reward(hash(key), what === 'back' ? 1 : (rules[name].earned ?? 0))
    },
    async wait(name, key) {
      const state = await of(name).get(hash(key)).catch(() => null)
      return state !== null && state.consumedPoints >= rules[name].points ? Math.max(1, Math.ceil(state.msBeforeNext / 1000)) : 0
    },
  }
}

function limiter(name: LimitName, { rules, redis, workers = 1 }: Omit<Tools, 'hash'>): RateLimiterAbstract {
  const { points, seconds: duration } = rules[name]
  const options = { keyPrefix: `limit:${name}`, points, duration }
  if (redis === undefined) return new RateLimiterMemory(options)
  // Each process then counts for itself, so it allows less than the whole: a quarter for this machine, shared by its processes.
  const insuranceLimiter = new RateLimiterMemory({ ...options, points: Math.max(1, Math.floor(points / 4 / workers)) })
  return new RateLimiterRedis({ ...options, storeClient: redis, insuranceLimiter })
}
