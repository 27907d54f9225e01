import { readFile, stat } from 'node:fs/promises'
import type { Clock } from '#kernel/clock.ts'
import type { Log } from '#kernel/log.ts'
import { authoritiesOutOfForce, outdatedLists, type HeldTrust, type Trust } from '#chip/trust.ts'
import { keepLooking } from '#storage/keep-looking.ts'
import { readTrust } from './environment/chip.ts'

/** Between two looks at the file: a signer that was revoked is believed no longer than that. */
const lookMilliseconds = 5_000
const readMilliseconds = 2_000

type Tools = { file: string; held: HeldTrust; clock: Clock; log: Log }

export type TrustWatch = { look: () => Promise<void>; stop: () => Promise<void> }

/**
 * Reads the trust store again when its file has changed, so that a list of revoked signers counts without a restart (RFC 5280 §6.3). What cannot be read, names
 * nobody or is written to at the moment changes nothing: the one before counts on, and its lists end on their day, after which no card is believed.
 */
export function startTrustWatch(tools: Tools): TrustWatch {
  const look = looker(tools)
  const looking = keepLooking(async () => {
    await look()
    return lookMilliseconds
  })
  return { look, stop: looking.stop }
}

/** Each thing is told once, and again after something else. */
function looker({ file, held, clock, log }: Tools): () => Promise<void> {
  let taken: string | undefined
  let told = ''
  const tell = (what: string, say: () => void) => {
    if (what !== told) say()
    told = what
  }
  return async () => {
    try {
      const mark = await markOf(file)
      if (mark !== taken) {
        const read = readTrust(await readFile(file, { encoding: 'utf8', signal: AbortSignal.timeout(readMilliseconds) }))
        if (read.is === 'faulty') return tell(mark, () => log.error({}, `CHIP_TRUST_FILE holds no trust store any more, the one before counts on: it has to be ${read.what}`))
        held.replace(read.trust)
        taken = mark
        log.info({ authorities: read.trust.anchors.length, lists: read.trust.lists.length }, 'whose identity cards are believed was read')
      }
      tellOver(held.now(), { clock, log }, tell)
    } catch (error) {
      tell('unreadable', () => log.error({}, 'CHIP_TRUST_FILE cannot be read any more, what was read before counts on', error))
    }
  }
}

/** What makes a trust store worth nothing by the mere passing of days: no card is believed, and nobody is to blame who has one. */
function tellOver(trust: Trust, { clock, log }: Pick<Tools, 'clock' | 'log'>, tell: (what: string, say: () => void) => void): void {
  const now = clock.now()
  const [outdated, ended] = [outdatedLists(trust, now), authoritiesOutOfForce(trust, now)]
  tell(outdated + ended > 0 ? `over ${outdated} ${ended}` : '', () => {
    if (outdated > 0) log.error({ authorities: outdated }, 'lists of revoked signers are over: no card of these authorities is believed until newer ones are there')
    if (ended > 0) log.error({ authorities: ended }, 'no certificate of an authority is in force: no card of theirs is believed until a newer one is there')
  })
}

/** Tells one state of the file from every other, also where another was moved into its place. */
async function markOf(file: string): Promise<string> {
  const { mtimeMs, size, ino } = await stat(file)
  return [mtimeMs, size, ino].join(' ')
}
