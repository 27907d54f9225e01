import { setTimeout as pause } from 'node:timers/promises'
import { Command } from 'commander'
import { makeVisitor, type Stop } from '#test/support/visitor.ts'
import type { RelyingParty } from '#test/support/relying-party.ts'
import { pin } from './child.ts'
import { makeClient, redirectUri, scope } from './client.ts'
import { runAndTell, wholeNumber } from './command.ts'
import { cpuOf } from './cpu.ts'
import { percentile } from './figures.ts'
import { startOurs } from './target-ours.ts'
import type { Target } from './target.ts'

/** R09: what a server does of use when three times as many begin a sign-in as it can sign in. R18: how late its event loop is on an ordinary day. */
type Flags = { seconds: number; line: number; again: number; users: number; times: number }

const command = new Command('npm run bench:overload --')
  .description('Starts the server on one core and sends it, from another and on this machine alone, as many sign-ins as it can take, then seven tenths of that, and then three times as many: first of services that push their requests, then of people who come to the door and wait in the line.')
  .option('--seconds <n>', 'length of each part', wholeNumber(40), 15)
  .option('--line <n>', 'seconds for which people come to the door and wait in the line', wholeNumber(300), 60)
  .option('--again <n>', 'how many times a service that is told to come back does so', wholeNumber(10, 0), 0)
  .option('--users <n>', 'citizens who are registered; the most is looked for with a quarter, a half and all of them at once', wholeNumber(128), 64)
  .option('--times <n>', 'how many times as many begin in the second part', wholeNumber(10), 3)

/** One request, as who sent it saw it. */
type Seen = { place: 'beginning' | 'other'; status: number; milliseconds: number }

const seen: Seen[] = []

/** Every request of this process is timed, from being sent to its answer's head. */
function timeRequests(): void {
  const send = globalThis.fetch
  globalThis.fetch = async (input, init) => {
    const began = performance.now()
    const response = await send(input, init)
    const url = input instanceof Request ? input.url : String(input)
    seen.push({ place: /\/(par|authorize)(\?|$)/.test(url) ? 'beginning' : 'other', status: response.status, milliseconds: performance.now() - began })
    return response
  }
}

/** Of the most that it can take, what an ordinary day brings; by how many milliseconds its event loop may then be late in one of a hundred looks (R18). */
const [ordinary, latest] = [0.7, 20]

type Outcome = 'signed in' | 'refused' | 'failed'
/** How they come: sent by a service that has pushed their request, or to the door, where whoever is told to wait does. */
type Coming = 'pushed' | 'to the door'
type Act = (at: number, goesOn: () => boolean) => Promise<Outcome>

/** Everybody comes from a network of their own, as the proxy before the server says. */
const networkOf = (at: number) => ({ 'x-forwarded-for': `100.${Math.floor(at / 250) % 250}.${at % 250}.1` })

/** Looks again when told to, until let in or until the part is over; the first page that is none of the line. */
async function waitInLine(look: () => Promise<Stop>, goesOn: () => boolean): Promise<Stop> {
  let page = await look()
  while (page.status === 503 && goesOn()) {
    await pause(Number(page.headers.get('retry-after')) * 1000)
    page = await look()
  }
  return page
}

/** What a service does that is told to come back: as it was told, so many times; then it tells the person, who goes away. */
async function begin(party: RelyingParty, again: number): ReturnType<RelyingParty['begin']> {
  try {
    return await party.begin({ scope })
  } catch (error) {
    const answer = error instanceof Error && error.cause instanceof Response ? error.cause : undefined
    if (answer?.status !== 503 || again === 0) throw error
    await pause(Number(answer.headers.get('retry-after')) * 1000)
    return begin(party, again - 1)
  }
}

/** Up to the token. */
const signIn = ({ target, party, users, coming, again }: { target: Target; party: RelyingParty; users: number; coming: Coming; again: number }): Act => async (at, goesOn) => {
  const from = seen.length
  try {
    const visitor = makeVisitor({ leaveAt: (url) => url.href.startsWith(redirectUri), headers: networkOf(at) })
    const { url, checks } = coming === 'pushed' ? await begin(party, again) : await party.begin({ scope }, { pushed: false })
    const look = () => visitor.open(url)
    const door = coming === 'pushed' ? await look() : await waitInLine(look, goesOn)
    if (door.status === 503) return 'refused'
    const end = await target.pass(visitor, door, at % users)
    await party.finish(end.url, checks)
    return 'signed in'
  } catch {
    // The library throws what a program is refused; of others' requests one may be taken for ours, and then a fault is not counted as one.
    return seen.slice(from).some(({ place, status }) => place === 'beginning' && status === 503) ? 'refused' : 'failed'
  }
}

type Part = { seconds: number; /** Milliseconds of the processor, of the server and of its stores, in all. */ cpu: number; begun: number; outcomes: Readonly<Record<Outcome, number>>; /** Who signed in within the last half of it. */ inTheLastHalf: number; seen: readonly Seen[] }

/** Runs a part and counts what ended within it: what ends later was of no use in this time. */
async function part({ target, seconds, act }: { target: Target; seconds: number; act: Act }, drive: (begin: () => Promise<void>, goesOn: () => boolean) => Promise<void>): Promise<Part> {
  seen.length = 0
  const outcomes: Record<Outcome, number> = { 'signed in': 0, refused: 0, failed: 0 }
  const used = () => cpuOf(target.server) + cpuOf(target.stores)
  const before = used()
  const ends: number[] = []
  let begun = 0
  const began = performance.now()
  const goesOn = () => performance.now() - began < seconds * 1000
  await drive(async () => {
    begun += 1
    const outcome = await act(begun, goesOn)
    if (!goesOn()) return
    outcomes[outcome] += 1
    if (outcome === 'signed in') ends.push(performance.now() - began)
  }, goesOn)
  const inTheLastHalf = ends.filter((at) => at > seconds * 500).length
  return { seconds, cpu: used() - before, begun, outcomes, inTheLastHalf, seen: [...seen] }
}

/** So many at once, each beginning again when it has ended: all that the server can do. */
const closed = (users: number) => async (begin: () => Promise<void>, goesOn: () => boolean) => {
  await Promise.all(Array.from({ length: users }, async () => {
    while (goesOn()) await begin()
  }))
}

/** So many a second, whether the server keeps up or not. */
const open = (perSecond: number) => async (begin: () => Promise<void>, goesOn: () => boolean) => {
  const running: Promise<void>[] = []
  const began = performance.now()
  while (goesOn()) {
    const due = Math.floor(((performance.now() - began) / 1000) * perSecond)
    while (running.length < due) running.push(begin())
    await pause(5)
  }
  await Promise.all(running)
}

const sorted = (all: readonly Seen[]) => all.map(({ milliseconds }) => milliseconds).toSorted((one, other) => one - other)

function row(name: string, { seconds, begun, outcomes, seen: all }: Part): string {
  const accepted = sorted(all.filter(({ status }) => status !== 503))
  const refused = sorted(all.filter(({ status }) => status === 503))
  const milliseconds = (list: readonly number[], percent: number) => (list.length === 0 ? '' : percentile(list, percent).toFixed(0))
  const cells = [name, (begun / seconds).toFixed(1), (outcomes['signed in'] / seconds).toFixed(1), outcomes.refused, outcomes.failed, milliseconds(accepted, 50), milliseconds(accepted, 99), refused.length, milliseconds(refused, 50), milliseconds(refused, 99)]
  return `| ${cells.join(' | ')} |`
}

async function main(): Promise<void> {
  const flags = command.parse().opts<Flags>()
  const pinned = pin(process.pid, 1)
  const client = makeClient({ mustPush: false })
  process.stderr.write(`starting the server and registering ${flags.users} citizens\n`)
  const target = await startOurs({ engine: 'servers', users: flags.users, profile: undefined }, client)
  try {
    const party = await client.party(target.origin)
    timeRequests()
    const act = signIn({ target, party, users: flags.users, coming: 'pushed', again: flags.again })
    const timed = { target, seconds: flags.seconds, act }
    await part({ ...timed, seconds: 5 }, closed(flags.users))
    const all: Part[] = []
    const levels = [4, 2, 1].map((part) => Math.max(1, Math.round(flags.users / part)))
    for (const users of levels) all.push(await part(timed, closed(users)))
    const full = all.reduce((most, one) => (one.outcomes['signed in'] > most.outcomes['signed in'] ? one : most))
    const capacity = full.outcomes['signed in'] / flags.seconds
    await target.loopDelay()
    await pause(3000)
    const idle = await target.loopDelay()
    const day = await part(timed, open(capacity * ordinary))
    const late = await target.loopDelay()
    const over = await part(timed, open(capacity * flags.times))
    await pause(3000)
    const atTheDoor = signIn({ target, party, users: flags.users, coming: 'to the door', again: 0 })
    const line = await part({ target, seconds: flags.line, act: atTheDoor }, open(capacity * flags.times))
    console.log(`Node.js ${process.version}; ${pinned ? 'server and stores on one core, driver on another' : 'not pinned to cores'}; parts of ${flags.seconds} s after a warm-up. Times in milliseconds, as the driver saw them.\n`)
    console.log('| load | begun/s | signed in/s | refused | failed | accepted p50 | p99 | refusals | p50 | p99 |\n|---|---:|---:|---:|---:|---:|---:|---:|---:|---:|')
    console.log(`${all.map((one, at) => row(`${levels[at]} at once`, one)).join('\n')}\n${row(`${ordinary * 100} % of the most`, day)}\n${row(`${flags.times} times the most`, over)}\n${row(`${flags.times} times the most, in the line`, line)}\n`)
    // What the processor did beyond the sign-ins, had each of them cost what it costs where none is refused, was refusing.
    const refusing = over.cpu - over.outcomes['signed in'] * (full.cpu / full.outcomes['signed in'])
    console.log(`- a refusal takes ${(Math.max(0, refusing) / Math.max(1, over.outcomes.refused)).toFixed(1)} ms of the processor; the aim is less than 10`)
    const most = full.outcomes['signed in'] / flags.seconds
    const told = (what: string, perSecond: number) => console.log(`- ${what}: ${((100 * perSecond) / most).toFixed(0)} % of the most; the aim is 80 %`)
    told(`signed in at ${flags.times} times the load`, over.outcomes['signed in'] / flags.seconds)
    told('and of people who wait in the line', line.outcomes['signed in'] / flags.line)
    told(`of these, in the last ${flags.line / 2} seconds`, (2 * line.inTheLastHalf) / flags.line)
    console.log(`- event loop at ${ordinary * 100} % of the most: ${late.toFixed(1)} ms late, p99; the aim is less than ${latest}: ${late < latest ? 'met' : 'missed'} (with nothing to do it was ${idle.toFixed(1)}, which is the machine)`)
  } finally {
    await target.stop()
  }
}

await runAndTell(main)
