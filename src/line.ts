import { epochSeconds, type Clock } from '#kernel/clock.ts'
import type { Log } from '#kernel/log.ts'
import { secretToken } from '#kernel/random.ts'
import type { Gate } from '#domain/abuse/admission.ts'
import { firstPace, isOpen, lineDay, nextPace, turnOf, type Counts, type Line, type LineStore, type Ticket } from '#domain/abuse/line.ts'
import { makeGate } from './gate.ts'

type Door = { gate: Gate; line: ReturnType<typeof makeLine> }

/** What everybody comes through, and where people wait before it. */
export function makeDoor({ places, figures, ...tools }: Omit<Tools, 'gate'> & Parameters<typeof makeGate>[0]): Door {
  const gate = makeGate({ places, figures })
  return { gate, line: makeLine({ ...tools, gate }) }
}

type Tools = { lineStore: LineStore; gate: Pick<Gate, 'turnedAway'>; clock: Clock; log: Log }

const everyMilliseconds = 1000
/** What was read longer ago says nothing. */
const freshMilliseconds = 3000

type Known = Counts & { day: number; readAt: number }

/**
 * The line of people who begin a sign-in, as this process keeps it. While somebody waits it calls some more each second, by how much room
 * its own gate had; all processes do, over the same two counters. Nobody who looks again is a question to the store.
 */
export function makeLine({ lineStore: store, gate, clock, log }: Tools): Line & { stop: () => void } {
  let known: Known | undefined
  let timer: NodeJS.Timeout | undefined
  let isOver = false
  let [pace, perSecond] = [firstPace, firstPace]
  const now = () => clock.now().getTime()
  const fresh = () => (known !== undefined && now() - known.readAt < freshMilliseconds && known.day === lineDay(clock.now()) ? known : undefined)

  async function read(): Promise<Known> {
    const [before, at, day] = [known, clock.now(), lineDay(clock.now())]
    const next = { ...await store.counts(day, at), day, readAt: now() }
    if (before?.day === day && next.readAt > before.readAt) perSecond = 0.7 * perSecond + 0.3 * ((next.called - before.called) / ((next.readAt - before.readAt) / 1000))
    known = next
    return next
  }

  async function callSome(): Promise<void> {
    const { given, called, day } = await read()
    const hadRoom = gate.turnedAway() === 0
    if (!isOpen({ given, called })) {
      ;[pace, perSecond] = [firstPace, firstPace]
      return
    }
    pace = nextPace(pace, hadRoom)
    await store.call(day, pace, given, clock.now())
    keepCalling()
  }

  function keepCalling(): void {
    if (isOver) return
    timer = setTimeout(() => {
      timer = undefined
      callSome().catch((error: unknown) => {
        log.warn({}, 'nobody could be called from the line', error)
        keepCalling()
      })
    }, everyMilliseconds).unref()
  }

  async function turn(ticket: Ticket) {
    if (timer === undefined) keepCalling()
    const seen = fresh() ?? await read()
    // Another process may have given it since: only the store can say that nobody has.
    return turnOf(ticket, ticket.number > seen.given ? await read() : seen, clock.now())
  }

  return {
    isOpen: () => isOpen(fresh() ?? { given: 0, called: 0 }),
    async give() {
      const day = lineDay(clock.now())
      const number = await store.give(day)
      const ticket = { day, number, givenAt: epochSeconds(clock.now()), mark: secretToken().slice(0, 12) }
      if (timer === undefined) keepCalling()
      const seen = fresh() ?? await read()
      // Numbers are given between two looks, too.
      known = { ...seen, given: Math.max(seen.given, number) }
      return { ticket, turn: turnOf(ticket, known, clock.now()) }
    },
    turn,
    perSecond: () => perSecond,
    use: store.use,
    stop() {
      isOver = true
      clearTimeout(timer)
    },
  }
}
