import type { Clock } from '#kernel/clock.ts'
import type { Log } from '#kernel/log.ts'
import { isNoted, type ProblemNotes, type ToldProblem, type ToldProblemStore } from '#domain/audit/told-problem.ts'

type Tools = { toldProblems: Pick<ToldProblemStore, 'add'>; clock: Clock; log: Log }

/** Of one code within a minute, from one process: whoever knocks at a thousand doors fills no disk, and hides nothing of another code. */
const mostOfOne = 60
const minute = 60_000
/** What waits for a database that is away; the newest are dropped, for the first tell what began. */
const mostKept = 2000
const inOne = 500
const writeMilliseconds = 1000

/** Notes of what people were told, gathered in the process and written together, so that an error costs its answer nothing. */
export function makeProblemNotes({ toldProblems, clock, log }: Tools): ProblemNotes & { flush: () => Promise<void> } {
  let kept: ToldProblem[] = []
  let counts = new Map<string, number>()
  let since = 0
  let timer: NodeJS.Timeout | undefined

  function isWithin(code: string): boolean {
    const now = clock.now().getTime()
    if (now - since >= minute) {
      since = now
      counts = new Map()
    }
    const count = (counts.get(code) ?? 0) + 1
    counts.set(code, count)
    return count <= mostOfOne
  }

  function due(): void {
    timer ??= setTimeout(() => void flush(), writeMilliseconds).unref()
  }

  async function flush(): Promise<void> {
    clearTimeout(timer)
    timer = undefined
    const [notes, rest] = [kept.slice(0, inOne), kept.slice(inOne)]
    if (notes.length === 0) return
    kept = rest
    try {
      await toldProblems.add(notes)
      if (kept.length > 0) due()
    } catch (error) {
      log.warn({ notes: notes.length }, 'what people were told could not be kept yet', error)
      kept = [...notes, ...kept].slice(0, mostKept)
      due()
    }
  }

  return {
    note(told) {
      if (!isNoted(told.problem) || !isWithin(told.problem) || kept.length >= mostKept) return
      kept.push(told)
      due()
    },
    flush,
  }
}
