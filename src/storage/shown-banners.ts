import { setTimeout as pause } from 'node:timers/promises'
import type { Clock } from '#kernel/clock.ts'
import { bannersAhead, bannersAt, type Banner } from '#domain/banner/banner.ts'
import type { BannerStore, ShownBanners } from '#domain/banner/store.ts'

/** With the patience for one look, within five seconds of a change every process shows it. */
const keptMilliseconds = 4000
/** No page waits for longer than this to say what it can do without. */
const patienceMilliseconds = 300

/** What is up, as this process saw it a moment ago. A look that fails counts as one that found nothing, for as long as another. */
export function shownBanners(store: Pick<BannerStore, 'current'>, clock: Clock): ShownBanners {
  let known: readonly Banner[] = []
  let until = 0
  let looking: Promise<void> | undefined

  async function look(): Promise<void> {
    const over = new AbortController()
    const found = store.current(clock.now()).catch(() => [])
    const late = pause(patienceMilliseconds, [], { signal: over.signal }).catch(() => [])
    known = await Promise.race([found, late])
    over.abort()
    until = clock.now().getTime() + keptMilliseconds
    looking = undefined
  }

  return {
    at: (moment) => bannersAt(known, moment),
    ahead: (moment) => bannersAhead(known, moment),
    refresh: async () => {
      if (clock.now().getTime() >= until) await (looking ??= look())
    },
    forget: () => {
      until = 0
    },
  }
}
