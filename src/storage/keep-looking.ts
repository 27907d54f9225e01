import { setTimeout as pause } from 'node:timers/promises'

export type Looking = { /** The pause ends, and the next look comes at once. */ wake: () => void; /** Waits for the look that is under way. */ stop: () => Promise<void> }

/**
 * Looks again and again, and between two looks waits as many milliseconds as the one before has answered, until it is stopped. A look never
 * fails: what goes wrong in it it tells itself.
 */
export function keepLooking(look: (stopped: AbortSignal) => Promise<number>, { first = 0 }: { /** Milliseconds until the first look. */ first?: number } = {}): Looking {
  const stopping = new AbortController()
  const { signal } = stopping
  let woken = Promise.withResolvers<void>()
  const rest = async (milliseconds: number) => {
    if (milliseconds > 0) await Promise.race([pause(milliseconds, undefined, { signal }).catch(() => undefined), woken.promise])
  }
  const looking = (async () => {
    await rest(first)
    while (!signal.aborted) {
      woken = Promise.withResolvers()
      await rest(await look(signal))
    }
  })()
  return {
    wake: () => woken.resolve(),
    async stop() {
      stopping.abort()
      await looking
    },
  }
}
