import { readMark } from './marks.ts'
import type { RedisActs, Seen } from './acts.ts'

type Tools = {
  acts: Pick<RedisActs, 'look' | 'settle' | 'beginAnew'>
  /** Whether the servers of these two replication ids have lost nothing, so that what is at one of them may have come there from the other. */
  steady: (one: string, other: string) => Promise<boolean>
  /** Hears that something was lost somewhere. */
  onLoss: () => void
}

/** An answer is late when others change the same mark so often. */
const mostTries = 4

/**
 * In which era what stands beside a mark is. An era ends with every loss: when its mark is gone (the server was emptied), or was made under the
 * replication id of another server, unless that one lives and has only given the slot away. It is the mark that says when the era began, by the
 * clock where it stands, and all processes read the same mark.
 */
export function makeEras({ acts, steady, onLoss }: Tools) {
  async function settled(markKey: string, look: Seen): Promise<{ era: string; id: string }> {
    let seen = look
    for (let tries = 0; tries < mostTries; tries += 1) {
      const mark = readMark(seen.text)
      if (mark?.under === seen.id) return { era: mark.era, id: seen.id }
      const moved = mark !== undefined && (await steady(mark.under, seen.id))
      if (!moved) onLoss()
      seen = await (moved ? acts.settle(markKey, seen, mark.era) : acts.beginAnew(markKey, seen))
    }
    throw new Error('the mark of an era does not come to rest')
  }

  async function era(markKey: string): Promise<string> {
    return (await settled(markKey, await acts.look(markKey))).era
  }

  return {
    era,
    /** The era of something that was written under this replication id a moment ago; `mark` is what was seen in the same act. */
    async eraOf(markKey: string, { id, mark }: { id: string; mark?: Seen | undefined }): Promise<string> {
      const seen = mark ?? (await acts.look(markKey))
      const now = await settled(markKey, seen)
      if (now.id === id || (await steady(id, now.id))) return now.era
      // On its way, and nobody knows from where: nothing of before counts.
      onLoss()
      await acts.beginAnew(markKey, { text: `${now.era}@${now.id}`, id: now.id })
      return era(markKey)
    },
  }
}
