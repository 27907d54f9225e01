import { setTimeout as pause } from 'node:timers/promises'
import { newId } from '#kernel/id.ts'
import type { Log } from '#kernel/log.ts'
import { Refusal } from '#kernel/refusal.ts'
import { nextMove } from '#domain/signing-key/standing.ts'
import { readRing } from '#keys/keyring.ts'
import { keepLooking } from '#storage/keep-looking.ts'
import type { House } from './house.ts'
import { missingKeys, sameSigning, signingAt, type Signing } from './signing.ts'

/** Between two looks, and the least before another; within five seconds every node follows what was decided (A05). */
const lookMilliseconds = 2000
const leastMilliseconds = 200
/** A look that takes longer has failed, and the next one tries. */
const deadlineMilliseconds = 4000

const unsaid = 'the public log does not say yet which keys are in the key file; they stay as they are until a process with PLANE=console has said it'

type Tools<App> = {
  house: Pick<House, 'keyring' | 'keyChanges' | 'keyNodes' | 'sayKeys' | 'clock'>
  /** What operators call this node. */
  node: string
  keyringFile: string
  log: Log
  /** Everything that signs, made anew. */
  build: (signing: Signing) => App
}

/** What now answers requests, and the end of looking. */
export type Rotation<App> = { current: () => App; stop: () => Promise<void> }

/**
 * Follows the key file and what two people decided about keys, without a restart. A change is in the public log before the new parts take over;
 * requests under way end with the old ones. When anything fails, the order stays as it is and the next look tries again.
 */
export async function startRotation<App>(tools: Tools<App>): Promise<Rotation<App>> {
  const { house, log, build } = tools
  const { clock, keyring, keyChanges, keyNodes, sayKeys } = house
  const presence = makePresence(keyNodes, tools.node)
  let signing = signingAt(keyring.signing, await keyChanges.list(), clock.now())
  await presence.say(signing, clock.now())
  if (!(await sayKeys(signing))) throw new Refusal(unsaid)
  let app = build(signing)
  tellMissing(signing, log)
  let looks = 0
  let waiting = false
  let failing = false

  async function look(stopped: AbortSignal): Promise<void> {
    looks += 1
    const turn = looks
    const { signing: entries } = await readRing(tools.keyringFile)
    const next = signingAt(entries, await keyChanges.list(), clock.now())
    // Before it is published: whoever decides about it must know who holds it.
    await presence.say(next, clock.now())
    const changed = !sameSigning(next, signing)
    // The process that says it looks as often as this one.
    if (changed && !(await sayKeys(next))) {
      if (!waiting) log.warn({}, unsaid)
      waiting = true
      return
    }
    waiting = false
    // One that was given up and comes late knows less than those after it.
    if (turn !== looks || stopped.aborted) return
    if (changed) {
      app = build(next)
      log.info({ keys: next.jwks.keys.map(({ kid }) => kid).join(' ') }, 'the signing keys have changed')
      tellMissing(next, log)
    }
    signing = next
  }

  const looking = keepLooking(async (stopped) => {
    failing = await inTime(look(stopped)).then(() => false, (error: unknown) => {
      if (!failing) log.error({}, 'the signing keys cannot be looked at; they stay as they are', error)
      return true
    })
    return waitOf(signing, clock.now())
  }, { first: waitOf(signing, clock.now()) })

  return {
    current: () => app,
    async stop() {
      await looking.stop()
      await presence.leave()
    },
  }
}

/** So often a node says that it runs, well within the time after which it is taken for gone. */
const presenceMilliseconds = 10_000

/** Lets the others know which keys this node holds: at once when they change, and every few seconds that it runs. */
function makePresence(nodes: House['keyNodes'], name: string) {
  const id = newId()
  let last = { kids: '', at: 0 }
  return {
    async say({ held }: Signing, now: Date): Promise<void> {
      const kids = held.map(({ kid }) => kid)
      if (last.kids === kids.join(' ') && now.getTime() - last.at < presenceMilliseconds) return
      await nodes.say({ id, name, kids }, now)
      last = { kids: kids.join(' '), at: now.getTime() }
    },
    // One that cannot say so is taken for gone soon.
    leave: () => nodes.leave(id).catch(() => undefined),
  }
}

/** Not past the moment at which something moves. */
function waitOf(signing: Signing, now: Date): number {
  const due = nextMove(signing.standing)
  return due === undefined ? lookMilliseconds : Math.max(leastMilliseconds, Math.min(lookMilliseconds, due.getTime() - now.getTime()))
}

async function inTime(look: Promise<void>): Promise<void> {
  const over = new AbortController()
  const late = pause(deadlineMilliseconds, undefined, { signal: over.signal }).then(() => {
    throw new Error('the look took too long')
  })
  // Whichever comes second is nobody's concern.
  late.catch(() => undefined)
  await Promise.race([look, late]).finally(() => over.abort())
}

function tellMissing(signing: Signing, log: Log): void {
  for (const kid of missingKeys(signing)) log.error({ kid }, 'a key that should sign is not in the key file of this node: give every node the same file')
}
