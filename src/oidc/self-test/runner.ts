import { setTimeout as pause } from 'node:timers/promises'
import { epochSeconds, type Clock } from '#kernel/clock.ts'
import type { AccountId } from '#kernel/id.ts'
import type { Log } from '#kernel/log.ts'
import type { AuditLog } from '#domain/audit/event.ts'
import type { Client } from '#domain/client/client.ts'
import type { DeveloperClientStore } from '#domain/sandbox/developer-client.ts'
import { faultSeconds, type FaultStore, type HostileJwk } from '#domain/sandbox/fault.ts'
import { addressFaults, isGreen, runs, type Addresses, type Begun, type Report, type ReportStore, type SelfTests, type TurnStore } from '#domain/self-test/report.ts'
import { judge, selfTest, selfTestNames, type End, type Result, type SelfTestName } from '#domain/self-test/self-test.ts'
import type { GuardedFetch } from '#oidc/outbound/fetch.ts'
import { makeBrowser, type Browser, type Filled } from './browser.ts'
import { logoutToken } from './logout-token.ts'

type Tools = {
  issuer: string
  reports: ReportStore
  turns: TurnStore
  clients: Pick<DeveloperClientStore, 'find'>
  faults: Pick<FaultStore, 'switchOn' | 'switchOff'>
  audit: AuditLog
  clock: Clock
  log: Log
  /** To the sandbox itself, and to services. */
  here: GuardedFetch
  there: GuardedFetch
  /** How a test person gets through the sandbox's pages. */
  forms: readonly Filled[]
  /** How a client knows that person. */
  subjectAt: (client: Client) => Promise<string>
  own: readonly HostileJwk[]
  /** A fresh one of the kind that this client's tokens are signed with. */
  makeKey: (client: Client) => Promise<HostileJwk>
  /** In which a run ends, in milliseconds; `runs.longest` where nothing is said. */
  deadline?: number
}

/** Runs under way at once in this process. */
const atOnce = 3
const visitMilliseconds = 30_000
/** Libraries that have just read our keys do not look again at once: oauth4webapi waits a minute, jose half of one. */
const keysReadAgain = 61_000

export type Runner = SelfTests & { /** Ends what is under way; who waits for it sees it as not finished. */ stop: () => Promise<void> }

/**
 * The gate before going live: our own provider, told to lie, and a browser that signs a test person in at the developer's program. It is
 * the program that is looked at; what we do to it are the faults that its developer can also switch on by hand.
 */
export function selfTestRunner(tools: Tools): Runner {
  const running = new Map<symbol, Promise<void>>()
  const stopping = new AbortController()

  /** `tell` hears whether it begins. */
  async function runInTurn(owner: AccountId, { client, addresses }: Asked, tell: (begun: Begun) => void): Promise<void> {
    const turn = await tools.turns.take(owner)
    if (turn !== 'taken') return tell(turn)
    let how: 'unused' | 'done' = 'unused'
    try {
      const startedAt = tools.clock.now()
      if (!(await tools.reports.begin(client.id, addresses, startedAt))) return tell('running')
      await tools.audit.append({ type: 'self-test.begun', client: client.id, by: owner })
      how = 'done'
      tell('begun')
      const late = AbortSignal.timeout(tools.deadline ?? runs.longest * 1000)
      await runAll(tools, { client, addresses, startedAt, by: owner, stopped: stopping.signal, signal: AbortSignal.any([stopping.signal, late]) })
    } finally {
      await tools.turns.give(owner, how)
    }
  }

  return {
    async begin(owner, id, addresses) {
      const found = await tools.clients.find(owner, id)
      if (found === undefined) return undefined
      const { client } = found
      const faults = addressFaults(addresses, client.registered.redirect_uris[0] ?? '')
      if (Object.keys(faults).length > 0) return { faults }
      if (running.size >= atOnce) return 'busy'
      // The place is taken before anything is waited for, so that racing ones see it.
      const [place, begun] = [Symbol(id), Promise.withResolvers<Begun>()]
      running.set(place, runInTurn(owner, { client, addresses }, begun.resolve)
        .catch((error: unknown) => {
          tools.log.warn({ client: id }, 'a self-test ended before its time', error)
          begun.reject(error)
        })
        .finally(() => running.delete(place)))
      return begun.promise
    },
    latest: async (owner, id) => ((await tools.clients.find(owner, id)) === undefined ? undefined : tools.reports.latest(id)),
    async stop() {
      stopping.abort()
      await Promise.all(running.values())
    },
  }
}

type Asked = { client: Client; addresses: Addresses }
type Run = { client: Client; addresses: Addresses; startedAt: Date; by: AccountId; /** The server closes. */ stopped: AbortSignal; /** It closes, or the run is over its time. */ signal: AbortSignal }

async function runAll(tools: Tools, run: Run): Promise<void> {
  const { client, addresses, startedAt, by, stopped, signal } = run
  const results: Result[] = []
  const report = (finishedAt?: Date): Report => ({ client: client.id, startedAt, finishedAt, addresses, results })
  let good: End | undefined
  try {
    for (const test of selfTestNames) {
      if (stopped.aborted) return
      // One after the other: a client has one fault at a time.
      const { result, end } = await tryOne(tools, run, { test, good })
      good ??= end
      results.push(result)
      await tools.reports.note(report())
      // Where nobody can sign in there is nothing to be refused.
      if (test === 'signs-in' && !result.passed) break
      // What was under way then has ended as too slow, or is the last that was seen.
      if (signal.aborted && !stopped.aborted) break
    }
  } finally {
    await tools.faults.switchOff(client.id)
  }
  const finished = report(tools.clock.now())
  await tools.audit.append({ type: 'self-test.finished', client: client.id, by, green: isGreen(finished) })
  await tools.reports.note(finished)
}

type One = { test: SelfTestName; good: End | undefined }
type Tried = { result: Result; end: End | undefined }

async function tryOne(tools: Tools, run: Run, one: One): Promise<Tried> {
  const { test, good } = one
  const { fault, manner } = selfTest(test)
  if (manner === 'logout' && run.addresses.logout === undefined) return { result: { test, passed: false, saw: 'left-out' }, end: undefined }
  const staged = fault === 'rotated-key' ? await tools.makeKey(run.client) : undefined
  await tools.faults.switchOff(run.client.id)
  if (fault !== undefined) {
    const until = epochSeconds(tools.clock.now()) + faultSeconds.usual
    const on = await tools.faults.switchOn(run.client.id, { fault, until, ...(staged && { staged }) }, { owner: run.by, by: 'self-test' })
    if (!on) return { result: { test, passed: false, saw: 'refused-here' }, end: undefined }
  }
  const end = await endOf(tools, run, test)
  const result = judge(test, end, good)
  if (fault !== 'rotated-key' || result.passed) return { result, end }
  // The key stands there all the while, as it does in earnest.
  await pause(keysReadAgain, undefined, { signal: run.signal }).catch(() => undefined)
  const later = await endOf(tools, run, test)
  return { result: judge(test, later, good), end: later }
}

async function endOf(tools: Tools, run: Run, test: SelfTestName): Promise<End> {
  const { manner } = selfTest(test)
  if (manner === 'logout') return tellLogout(tools, run, test)
  const visit = { signal: AbortSignal.any([run.signal, AbortSignal.timeout(visitMilliseconds)]) }
  const begin = (browser: Browser, holds: boolean) => browser.open(initiation(tools, run), { ...visit, holds })
  const browser = browserFor(tools, run)
  if (manner === 'sign-in') return (await begin(browser, false)).end
  const { end, answer } = await begin(browser, true)
  if (answer === undefined) return 'stopped' in end ? end : { stopped: 'no-redirect' }
  if (manner === 'other-browser') return (await browserFor(tools, run).open(answer, visit)).end
  const first = await browser.open(answer, visit)
  return 'stopped' in first.end ? first.end : (await browser.open(answer, visit)).end
}

function browserFor({ issuer, here, there, forms }: Tools, { client, addresses }: Run): Browser {
  return makeBrowser({ issuer: new URL(issuer).origin, service: new URL(addresses.initiate).origin, redirectUri: client.registered.redirect_uris[0] ?? '', here, there, forms })
}

/** OIDC Core §4. */
function initiation({ issuer }: Tools, { addresses }: Run): URL {
  const url = new URL(addresses.initiate)
  url.searchParams.set('iss', issuer)
  return url
}

async function tellLogout(tools: Tools, { client, addresses }: Run, test: SelfTestName): Promise<End> {
  const { lie, again = false } = selfTest(test)
  const like = await tools.makeKey(client)
  const ours = tools.own.find(({ alg }) => alg === like['alg'])
  const key = lie === 'foreign-key' ? like : ours
  if (key === undefined) return { stopped: 'refused-here' }
  const told = { issuer: tools.issuer, client: client.id, subject: await tools.subjectAt(client), now: epochSeconds(tools.clock.now()) }
  const token = await logoutToken({ key, kid: ours?.['kid'] }, told, lie)
  const first = await postLogout(tools, new URL(addresses.logout ?? ''), token)
  return again && !('stopped' in first) ? postLogout(tools, new URL(addresses.logout ?? ''), token) : first
}

async function postLogout({ there }: Tools, address: URL, token: string): Promise<End> {
  const headers = new Headers({ 'content-type': 'application/x-www-form-urlencoded' })
  const fetched = await there(address, 'page', { method: 'POST', headers, body: new URLSearchParams({ logout_token: token }).toString() })
  return 'answer' in fetched ? { place: '', status: fetched.answer.status } : { stopped: fetched.fault === 'private-address' ? 'private-address' : 'unreachable' }
}
