import type { Clock } from '#kernel/clock.ts'
import type { Log } from '#kernel/log.ts'
import { bucketOf, tops, waits, type AnswerTimes, type AnswerTimeStore, type Counted } from '#domain/statistic/answer-time.ts'

type Tools = { answerTimes: AnswerTimeStore; clock: Clock; log: Log }
type Kept = Counted & { minute: Date }

const writeMilliseconds = 5000
const minuteMilliseconds = 60_000
/** While nothing can be written, the last ten minutes are kept and no more. */
const mostKept = waits.length * (tops.length + 1) * 10

/** How long answers took, counted in the process and written together every few seconds: a sign-in costs no row of its own. */
export function makeTimes({ answerTimes, clock, log }: Tools): AnswerTimes & { flush: () => Promise<void> } {
  const kept = new Map<string, Kept>()
  let timer: NodeJS.Timeout | undefined

  function add(one: Kept): void {
    const key = `${one.minute.getTime()} ${one.wait} ${one.bucket}`
    const before = kept.get(key)
    if (before === undefined && kept.size >= mostKept) return
    kept.set(key, { ...one, count: one.count + (before?.count ?? 0) })
  }

  function due(): void {
    timer ??= setTimeout(() => void flush(), writeMilliseconds).unref()
  }

  async function flush(): Promise<void> {
    clearTimeout(timer)
    timer = undefined
    const counts = [...kept.values()]
    if (counts.length === 0) return
    kept.clear()
    try {
      await answerTimes.add(counts)
    } catch (error) {
      log.warn({}, 'how long answers took could not be written yet', error)
      counts.forEach(add)
      due()
    }
  }

  return {
    note(wait, milliseconds) {
      add({ wait, bucket: bucketOf(milliseconds), count: 1, minute: new Date(Math.floor(clock.now().getTime() / minuteMilliseconds) * minuteMilliseconds) })
      due()
    },
    flush,
  }
}
