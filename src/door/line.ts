import { epochSeconds, type Clock } from '#kernel/clock.ts'
import type { Log } from '#kernel/log.ts'
import { secretToken } from '#kernel/random.ts'
import type { Gate, Refusals } from '#domain/abuse/admission.ts'
import { isOpen, isOver, lineDay, turnOf, type Counts, type Line, type LineStore, type Ticket } from '#domain/abuse/line.ts'
import { firstPace, isUsed, nextPace, partWhoCome, rememberedSeconds, type Pace, type Second } from '#domain/abuse/pace.ts'
import { makeGate, type GateFigures } from './gate.ts'

type Door = { gate: Gate; line: ReturnType<typeof makeLine>; refusals: Refusals }
type Figures = GateFigures & { refused: Refusals['note'] }

/** What everybody comes through, and where people wait before it. */
export function makeDoor({ places, figures, ...tools }: Omit<Tools, 'gate'> & { places: number | undefined; figures?: Figures | undefined }): Door {
  const gate = makeGate({ places, figures })
  return { gate, line: makeLine({ ...tools, gate }), refusals: { note: (work, reason) => (gate.turnedAway(), figures?.refused(work, reason)) } }
}

type Tools = { lineStore: LineStore; gate: Pick<Gate, 'room'>; clock: Clock; log: Log }

const everyMilliseconds = 1000
/** What was read longer ago says nothing. */
const freshMilliseconds = 3000
/** Where nobody has asked for so long, people come elsewhere: that none comes here says nothing of how many come. */
const heardMilliseconds = 20_000
/** Nobody who is there looks more seldom than this (`lookAgainAfter`). */
const awaitedMilliseconds = 240_000

type Known = Counts & { day: number; readAt: number }

/**
 * The line of people who begin a sign-in, as this process keeps it. While somebody waits it calls some more each second, by how much room
 * its own gate had; all processes do, over the same two counters. Nobody who looks again is a question to the store.
 */
export function makeLine({ lineStore: store, gate, clock, log }: Tools): Line & { stop: () => void } {
  let known: Known | undefined
  const pace = makePace(gate)
  let perSecond = pace.begin()
  let askedAt = 0
  const spent = rememberedTickets()
  const now = () => clock.now().getTime()
  const fresh = () => (known !== undefined && now() - known.readAt < freshMilliseconds && known.day === lineDay(clock.now()) ? known : undefined)

  const read = oneAtATime(async (): Promise<Known> => {
    const [before, at, day] = [known, clock.now(), lineDay(clock.now())]
    const next = { ...await store.counts(day, at), day, readAt: now() }
    if (before?.day === day && next.readAt > before.readAt) perSecond = 0.9 * perSecond + 0.1 * ((next.called - before.called) / ((next.readAt - before.readAt) / 1000))
    known = next
    return next
  })

  const calling = everySecond(async () => {
    const counts = await read()
    spent.forget(counts)
    const unasked = now() - askedAt
    if (isOpen(counts)) await store.call(counts.day, pace.next(counts, unasked < heardMilliseconds), counts.given, clock.now())
    return isOpen(counts) && unasked < awaitedMilliseconds
  }, log)

  function keepCalling(): void {
    askedAt = now()
    if (calling.begin()) perSecond = pace.begin()
  }

  async function turn(ticket: Ticket) {
    // This is before the gate: an old ticket, or one that was used here, which its holder may show as often as they like, is no question to the store.
    if (isOver(ticket, clock.now()) || spent.has(ticket)) return { is: 'void' as const }
    keepCalling()
    const seen = fresh() ?? await read()
    // Another process may have given it since: only the store can say that nobody has.
    const outcome = turnOf(ticket, ticket.number > seen.given ? await read() : seen, clock.now())
    if (outcome.is === 'come') pace.came(ticket)
    return outcome
  }

  return {
    isOpen: () => isOpen(fresh() ?? { given: 0, called: 0 }),
    async give() {
      const day = lineDay(clock.now())
      const number = await store.give(day)
      const ticket = { day, number, givenAt: epochSeconds(clock.now()), mark: secretToken().slice(0, 12) }
      keepCalling()
      const seen = fresh() ?? await read()
      // Numbers are given between two looks, too.
      known = { ...seen, given: Math.max(seen.given, number) }
      return { ticket, turn: turnOf(ticket, known, clock.now()) }
    },
    turn,
    perSecond: () => perSecond,
    async use(ticket) {
      const isTheirs = await store.use(ticket)
      spent.add(ticket)
      return isTheirs
    },
    stop: calling.stop,
  }
}

/**
 * However many ask, one question is on its way at a time. Whoever comes meanwhile hears the answer to the next, which is asked after they came: the one
 * that is on its way may know nothing yet of the number that they were just given elsewhere.
 */
function oneAtATime<Answer>(ask: () => Promise<Answer>): () => Promise<Answer> {
  let asked: Promise<unknown> = Promise.resolve()
  let next: Promise<Answer> | undefined
  return () => {
    next ??= asked.then(async () => {
      next = undefined
      const answer = ask()
      asked = answer.catch(() => undefined)
      return answer
    })
    return next
  }
}

/** Once in a second, however often it is begun, until there is nothing more to do: whatever ran twice would call twice as many. */
function everySecond(act: () => Promise<boolean>, log: Log) {
  let timer: NodeJS.Timeout | undefined
  let is: 'resting' | 'running' | 'stopped' = 'resting'

  function later(): void {
    if (is === 'stopped') return
    timer = setTimeout(() => {
      void act().catch((error: unknown) => {
        log.warn({}, 'nobody could be called from the line', error)
        return true
      }).then((goesOn) => {
        if (goesOn) later()
        else if (is === 'running') is = 'resting'
      })
    }, everyMilliseconds).unref()
  }

  return {
    /** Whether this has begun it. */
    begin: (): boolean => {
      if (is !== 'resting') return false
      is = 'running'
      later()
      return true
    },
    stop: (): void => {
      is = 'stopped'
      clearTimeout(timer)
    },
  }
}

/** Tickets that this process has seen used, or come. What it does not know the store says, of whoever has a place already. */
function rememberedTickets() {
  const numbers = new Map<string, Pick<Ticket, 'day' | 'number'>>()
  return {
    add: ({ mark, day, number }: Ticket): void => void numbers.set(mark, { day, number }),
    has: ({ mark }: Ticket): boolean => numbers.has(mark),
    /** Those whose call has lapsed are over without this. */
    forget({ day, lapsed }: Pick<Known, 'day' | 'lapsed'>): void {
      for (const [mark, ticket] of numbers) if (ticket.day !== day || ticket.number <= lapsed) numbers.delete(mark)
    },
  }
}

/** How many this process calls in the next second, by what it saw of the last ones. */
function makePace(gate: Tools['gate']) {
  let pace: Pace = { perSecond: 0, unheard: 0 }
  let cameNow = 0
  let latest: readonly Second[] = []
  const here = rememberedTickets()
  return {
    /** What went on while nobody waited says nothing of how it is when many do. */
    begin() {
      pace = { perSecond: firstPace(gate.room().places), unheard: 0 }
      ;[cameNow, latest] = [0, []]
      return pace.perSecond
    },
    /** Whoever finds no place at the gate comes again, and has come once. */
    came(ticket: Ticket) {
      if (here.has(ticket)) return
      here.add(ticket)
      cameNow += 1
    },
    next(known: Known, isHeard: boolean) {
      const { given, called } = known
      pace = nextPace(pace, { ...gate.room(), isUsed: isUsed(pace, latest) })
      const more = Math.min(given - called, Math.ceil(pace.perSecond / (isHeard ? partWhoCome(latest) : 1)))
      latest = [...latest, { called: more, came: cameNow }].slice(-rememberedSeconds)
      cameNow = 0
      here.forget(known)
      return more
    },
  }
}
