import type { Clock } from '#kernel/clock.ts'
import { admit, afterCall, calm, type Circuit } from '#domain/abuse/circuit.ts'

export type Circuits = {
  /** May `name` be called now? Whoever is let through tells how it went. */
  admit: (name: string) => boolean
  tell: (name: string, outcome: 'answered' | 'failed') => void
}

/** Only those that fail are remembered, and not more of them than this. */
const rememberedAtMost = 1000

/** Circuits of this process: each node finds out for itself, within five calls. */
export function makeCircuits(clock: Clock): Circuits {
  const failing = new Map<string, Circuit>()

  function remember(name: string, circuit: Circuit): void {
    failing.delete(name)
    if (circuit.failures === 0) return
    const [oldest] = failing.keys()
    if (failing.size >= rememberedAtMost && oldest !== undefined) failing.delete(oldest)
    failing.set(name, circuit)
  }

  return {
    admit(name) {
      const { may, next } = admit(failing.get(name) ?? calm, clock.now().getTime())
      remember(name, next)
      return may
    },
    tell: (name, outcome) => remember(name, afterCall(failing.get(name) ?? calm, outcome, clock.now().getTime())),
  }
}
