import { Problem } from '#kernel/problem.ts'
import { wholeBelow } from '#kernel/random.ts'
import { admit, comeBackAfter, nextIn, patience, rankOf, takesKept, type Gate, type Work } from '#domain/abuse/admission.ts'
import { partiesOf, type Sender } from '#domain/abuse/fairness.ts'
import { makeAssurances } from './assurances.ts'
import { measuredPlaces } from './places.ts'
import { makeQueue, type Waiting } from './queue.ts'
import { makeTally } from './tally.ts'

/** What is told of it in figures. */
export type GateFigures = { inside: (count: number) => void; places: (count: number) => void }

type Options = { /** How many requests at once; measured where nobody says. */ places?: number | undefined; figures?: GateFigures | undefined }

const untold: GateFigures = { inside: () => undefined, places: () => undefined }

/** `bears`: how this one fares says something of how many more can be called from the line. */
type Entry = { work: Work; from: Sender; bears: boolean }

/** Lets requests in as long as there are places, in the order of `domain/abuse/admission.ts`. Of this process alone. */
export function makeGate({ places: fixed, figures = untold }: Options = {}): Gate {
  const queues = byKind(() => makeQueue())
  const measure = fixed === undefined ? measuredPlaces() : () => fixed
  const tally = makeTally()
  const assurances = makeAssurances()
  const filled = () => ({ places: measure(), inside: byKind((work) => queues[work].inside()) })
  const crowd = () => ({ ...filled(), waiting: byKind((work) => queues[work].length()), assured: byKind((work) => assurances.left(work, measure())) })
  const tell = () => figures.inside(Object.values(queues).reduce((sum, queue) => sum + queue.inside(), 0))

  function take({ work, from }: Entry): () => void {
    if (takesKept(work, filled())) assurances.spend(work)
    queues[work].take(from)
    tell()
    let here = true
    return () => {
      if (!here) return
      here = false
      queues[work].leave(from)
      figures.places(measure('served'))
      letIn()
      tell()
    }
  }

  function letIn(): void {
    for (let kind = nextIn(crowd()); kind !== undefined; kind = nextIn(crowd())) queues[kind].next()?.enter()
  }

  function refuse({ from, bears }: Entry): Problem {
    if (bears) tally.refused(from)
    return new Problem('service.crowded', { detail: { retryAfter: comeBackAfter(wholeBelow) } })
  }

  function wait(entry: Entry): Promise<() => void> {
    const { work, from } = entry
    const turn = Promise.withResolvers<() => void>()
    const giveUp = () => {
      clearTimeout(late)
      queues[work].remove(waiting)
      turn.reject(refuse(entry))
    }
    const enter = () => {
      clearTimeout(late)
      turn.resolve(take(entry))
    }
    const waiting: Waiting = { from: partiesOf(from), enter, giveUp }
    const late = setTimeout(giveUp, patience[work])
    queues[work].add(waiting)
    return turn.promise
  }

  return {
    async enter(wanted, from) {
      const work = rankOf(wanted, from.shown === undefined ? 0 : queues[wanted].beside(from.shown))
      const entry = { work, from, bears: bearsOnThePace(work) && queues[work].asksAsOne(from) }
      if (entry.bears) tally.came(from)
      const outcome = admit(work, crowd())
      if (outcome === 'finds the line full' && !queues[work].makeRoom(partiesOf(from))) throw refuse(entry)
      return outcome === 'enters' ? take(entry) : wait(entry)
    },
    judged: (work, from, what) => queues[work].judged(from, what),
    turnedAway: () => void measure('turnedAway'),
    room: () => ({ came: tally.take(), places: measure() }),
  }
}

const byKind = <Thing>(make: (work: Work) => Thing): Record<Work, Thing> => ({
  finishing: make('finishing'), claimed: make('claimed'), called: make('called'), pushed: make('pushed'), sending: make('sending'), beginning: make('beginning'), aside: make('aside'),
})

/** Whom the line calls, and what they do then: what others flood us with is not to slow the line. */
const bearsOnThePace = (work: Work): boolean => work === 'finishing' || work === 'called'
