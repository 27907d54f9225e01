import { expect } from 'vitest'

const [tick, ticks] = [50, 100]

/** A poll that waits for what follows by itself. That it comes is the subject: a busy machine may take longer than any rule says. */
export const byItself = { timeout: 30_000, interval: 100 }

/**
 * Five seconds as this process and the server within it had them (A05, W12). On a busy machine its timers come late, and what it had no
 * time for does not count: on a quiet one a tick is what it says.
 */
export async function withinFiveSeconds(act: () => Promise<unknown>): Promise<void> {
  let counted = 0
  const timer = setInterval(() => (counted += 1), tick)
  try {
    await act()
  } finally {
    clearInterval(timer)
  }
  expect(counted, 'ticks of a twentieth of a second').toBeLessThanOrEqual(ticks)
}
