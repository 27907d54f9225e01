import type { Clock } from '#kernel/clock.ts'
import type { Log } from '#kernel/log.ts'
import type { Fault, HealthNotes, HealthStore, Mark } from '#domain/statistic/health.ts'

type Tools = { health: HealthStore; clock: Clock; log: Log }
type Counted = Fault & { hour: Date; count: number }

/** Different things noted between two writings; more than there are services with faults in an hour. */
const mostKept = 20_000
const writeMilliseconds = 5000
const hourMilliseconds = 3_600_000

/** Notes of health, added up in the process and written together every few seconds, so that a service that fails a thousand times costs one row. */
export function makeTally({ health, clock, log }: Tools): HealthNotes & { flush: () => Promise<void> } {
  const faults = new Map<string, Counted>()
  const marks = new Map<string, Mark>()
  let timer: NodeJS.Timeout | undefined

  function add(fault: Counted): void {
    const key = JSON.stringify([fault.client, fault.hour, fault.error, fault.reason])
    const before = faults.get(key)
    if (before === undefined && faults.size >= mostKept) return
    faults.set(key, { ...fault, count: fault.count + (before?.count ?? 0) })
  }

  function due(): void {
    timer ??= setTimeout(() => void flush(), writeMilliseconds).unref()
  }

  async function flush(): Promise<void> {
    clearTimeout(timer)
    timer = undefined
    const notes = { faults: [...faults.values()], marks: [...marks.values()] }
    if (notes.faults.length + notes.marks.length === 0) return
    faults.clear()
    marks.clear()
    try {
      await health.add(notes)
    } catch (error) {
      log.warn({ faults: notes.faults.length }, 'what services were refused could not be counted yet', error)
      notes.faults.forEach(add)
      due()
    }
  }

  return {
    fault(fault) {
      add({ ...fault, hour: new Date(Math.floor(clock.now().getTime() / hourMilliseconds) * hourMilliseconds), count: 1 })
      due()
    },
    mark(mark) {
      if (marks.size >= mostKept) return
      marks.set(JSON.stringify([mark.client, mark.what]), mark)
      due()
    },
    flush,
  }
}
