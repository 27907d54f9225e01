import type { Clock } from '#kernel/clock.ts'
import type { Log } from '#kernel/log.ts'
import type { Called, Fetched, KeySetNotes, KeySetWatch } from '#domain/signing-key/watch.ts'

type Tools = { keySetWatch: Pick<KeySetWatch, 'add'>; clock: Clock; log: Log; /** A keyed digest of an address. */ digest: (address: string) => string }

/** Different ones between two writings, and strangers that wait to be known. */
const mostKept = 5000
const writeMilliseconds = 5000
/** A program may fetch the key set before its first call, or call another node: so long a fetch waits to be somebody's, and is then forgotten. */
const waitMilliseconds = 3_600_000
/** Between two looks whether those who wait are known by now. */
const askMilliseconds = 20_000

/** Who calls and who fetches the key set, gathered in the process and written together: neither waits for it. */
export function makeKeySetNotes({ keySetWatch, clock, log, digest }: Tools): KeySetNotes & { flush: () => Promise<void> } {
  const calls = new Map<string, Called>()
  let fresh = new Map<string, Fetched>()
  const waiting = new Map<string, Fetched>()
  let askedAt = 0
  let timer: NodeJS.Timeout | undefined

  function due(): void {
    timer ??= setTimeout(() => void flush(), writeMilliseconds).unref()
  }

  /** Newer ones come last; where there is no room the oldest go. */
  function wait(fetches: Iterable<Fetched>): void {
    const now = clock.now().getTime()
    for (const one of fetches) {
      waiting.delete(one.address)
      waiting.set(one.address, one)
    }
    for (const [address, { at }] of waiting) if (waiting.size > mostKept || now - at.getTime() > waitMilliseconds) waiting.delete(address)
  }

  /** What is to be asked about now: those who wait only now and then. */
  function taken(): readonly Fetched[] {
    const now = clock.now().getTime()
    const asks = now - askedAt >= askMilliseconds
    if (asks) askedAt = now
    const heard = [...fresh.values()]
    fresh = new Map()
    wait(heard)
    return asks ? [...waiting.values()] : heard
  }

  async function flush(): Promise<void> {
    clearTimeout(timer)
    timer = undefined
    const seen = { calls: [...calls.values()], fetches: taken() }
    calls.clear()
    try {
      if (seen.calls.length + seen.fetches.length > 0) for (const address of await keySetWatch.add(seen)) waiting.delete(address)
    } catch (error) {
      log.warn({}, 'who fetched the key set could not be written yet', error)
      for (const one of seen.calls) if (calls.size < mostKept) calls.set(JSON.stringify([one.client, one.address]), one)
      askedAt = 0
    }
    if (calls.size + waiting.size > 0) due()
  }

  return {
    called(client, from) {
      const address = digest(from)
      const key = JSON.stringify([client, address])
      if (calls.has(key) || calls.size < mostKept) calls.set(key, { client, address, at: clock.now() })
      due()
    },
    fetched(from) {
      const address = digest(from)
      if (fresh.has(address) || fresh.size < mostKept) fresh.set(address, { address, at: clock.now() })
      due()
    },
    flush,
  }
}
