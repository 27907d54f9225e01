import { performance } from 'node:perf_hooks'
import { Problem } from '#kernel/problem.ts'
import { wholeBelow } from '#kernel/random.ts'
import { admit, comeBackAfter, firstPlaces, nextIn, patience, placesFor, type Gate, type Work } from '#domain/abuse/admission.ts'

/** What is told of it in figures. */
export type GateFigures = { inside: (count: number) => void; places: (count: number) => void; refused: (work: Work) => void }

type Options = { /** How many requests at once; measured where nobody says. */ places?: number | undefined; figures?: GateFigures | undefined }
type Waiting = { enter: () => void }

/** Measured over so long, and over so many answers at least. */
const [measureMilliseconds, measuredAnswers] = [1000, 20]

/** Lets requests in as long as there are places, in the order of `domain/abuse/admission.ts`. Of this process alone. */
export function makeGate({ places: fixed, figures }: Options = {}): Gate {
  const lines: Readonly<Record<Work, Waiting[]>> = { finishing: [], pushed: [], beginning: [], aside: [] }
  const measure = fixed === undefined ? measuredPlaces() : () => fixed
  let inside = 0
  let milliseconds: number | undefined
  let seen = { arrived: 0, refused: 0 }
  const crowd = () => ({ places: measure(0), inside, waiting: { finishing: lines.finishing.length, pushed: lines.pushed.length, beginning: lines.beginning.length, aside: lines.aside.length } })
  const told = () => figures?.inside(inside)

  function take(): () => void {
    inside += 1
    told()
    let here = true
    const began = performance.now()
    return () => {
      if (!here) return
      here = false
      inside -= 1
      milliseconds = smoothed(milliseconds, performance.now() - began)
      figures?.places(measure(1))
      letIn()
      told()
    }
  }

  function letIn(): void {
    for (let kind = nextIn(crowd()); kind !== undefined; kind = nextIn(crowd())) lines[kind].shift()?.enter()
  }

  function refuse(work: Work): Problem {
    if (called(work)) seen.refused += 1
    figures?.refused(work)
    return new Problem('service.crowded', { detail: { retryAfter: comeBackAfter(wholeBelow) } })
  }

  function wait(work: Work): Promise<() => void> {
    const turn = Promise.withResolvers<() => void>()
    const waiting: Waiting = { enter: () => {
      clearTimeout(late)
      turn.resolve(take())
    } }
    const late = setTimeout(() => {
      lines[work].splice(lines[work].indexOf(waiting), 1)
      turn.reject(refuse(work))
    }, patience[work])
    lines[work].push(waiting)
    return turn.promise
  }

  return {
    async enter(work) {
      if (called(work)) seen.arrived += 1
      const outcome = admit(work, crowd())
      if (outcome === 'is refused') throw refuse(work)
      return outcome === 'enters' ? take() : wait(work)
    },
    room() {
      const told = { ...seen, places: measure(0), milliseconds }
      seen = { arrived: 0, refused: 0 }
      return told
    },
  }
}

/** What those do whom the line calls. */
const called = (work: Work): boolean => work === 'finishing' || work === 'pushed'

/** Over the last twenty or so. */
const smoothed = (before: number | undefined, next: number): number => (before === undefined ? next : 0.95 * before + 0.05 * next)

/** How many places there are by what a request has cost this process until now: the time in which its one thread could do nothing else. */
function measuredPlaces(): (answered: number) => number {
  let [places, answers, since, before] = [firstPlaces, 0, performance.now(), performance.eventLoopUtilization()]
  return (answered) => {
    answers += answered
    if (answered === 0 || performance.now() - since < measureMilliseconds) return places
    const now = performance.eventLoopUtilization()
    if (answers >= measuredAnswers) places = Math.round((places + placesFor((now.active - before.active) / answers)) / 2)
    ;[answers, since, before] = [0, performance.now(), now]
    return places
  }
}
