import { setTimeout as pause } from 'node:timers/promises'
import { assertionOf, authorization, get, post, signIn, type Enrolled } from '#test/support/journey.ts'
import type { Answered } from '#test/support/balancer.ts'
import { agree, register } from '#test/support/citizen.ts'
import { startCluster, type OwnCluster } from '#test/support/own-cluster.ts'
import { makeRelyingParty, type RelyingParty } from '#test/support/relying-party.ts'
import { leaveAt } from '#test/support/test-clients.ts'
import { makeVisitor } from '#test/support/visitor.ts'
import { portal } from './citizens.ts'

export type RollingWish = { restarts: number; requests: number; say: (line: string) => void }
export type Rolled = {
  restarts: number
  requests: number
  signIns: number
  /** What did not come to a good end, in words: at the balancer, at whoever asked, and nodes that did not end with 0. */
  failures: readonly string[]
  /** Of all answers, in milliseconds. */
  times: { median: number; of99: number; longest: number }
  /** How long a second signal took, while the first would have waited for a minute; nothing where it did not end with 1. */
  secondSignal: number | undefined
  seconds: number
  /** What the nodes wrote. */
  said: readonly string[]
}

const [readers, people] = [6, 2]
/** Longer than the balancer takes to see it, as in production (README, `DRAIN_SECONDS`). */
const drainSeconds = '1'

/**
 * Two nodes behind a balancer are told to end and started again in turn, under load, and no request fails (R02). Undefined where PostgreSQL
 * or Redis is not installed.
 */
export async function roll({ restarts, requests, say }: RollingWish): Promise<Rolled | undefined> {
  const answers: Answered[] = []
  const cluster = await startCluster({ nodes: 2, clients: [portal], heard: (answered) => answers.push(answered), env: { DRAIN_SECONDS: drainSeconds } })
  if (cluster === undefined) return undefined
  const failures: string[] = []
  const began = performance.now()
  try {
    const at = await makeRelyingParty(portal.party(cluster.issuer))
    const load = { cluster, at, failures, over: false, signIns: 0 }
    const everybody = await Promise.all(Array.from({ length: people }, () => enrol(cluster, at)))
    const working = Promise.all([...everybody.map((who) => signInAgain(load, who)), ...Array.from({ length: readers }, (_, index) => read(load, index))])
    for (let done = 0; done < restarts; done += 1) {
      await restart(cluster, done, failures)
      say(`${done + 1}/${restarts} restarted, ${answers.length} requests, ${cluster.balancer.failures.length + failures.length} failed`)
    }
    while (answers.length < requests && failures.length === 0) await pause(100)
    load.over = true
    await working
    const seconds = (performance.now() - began) / 1000
    return { restarts, requests: answers.length, signIns: load.signIns, failures: [...cluster.balancer.failures, ...failures], times: timesOf(answers), seconds, secondSignal: await toldTwice(cluster), said: cluster.nodes.map(({ said }) => said()) }
  } finally {
    await cluster.close()
  }
}

async function enrol(cluster: OwnCluster, at: RelyingParty): Promise<Enrolled> {
  const citizen = cluster.nextCitizen()
  const visitor = makeVisitor({ leaveAt })
  const { url } = await at.begin()
  await agree(visitor, await register(visitor, await visitor.open(url), citizen))
  return { citizen, visitor }
}

type Load = { cluster: OwnCluster; at: RelyingParty; failures: string[]; over: boolean; signIns: number }

async function signInAgain(load: Load, who: Enrolled): Promise<void> {
  while (!load.over) {
    await signIn(load.at, who, { prompt: 'login' }).then(() => (load.signIns += 1), (error: unknown) => load.failures.push(`a sign-in: ${String(error)}`))
    await pause(50)
  }
}

/** What everybody may read, and requests that services push. */
async function read(load: Load, index: number): Promise<void> {
  const { issuer } = load.cluster
  const party = portal.party(issuer)
  const asks = [
    () => get(`${issuer}/jwks`),
    () => get(`${issuer}/.well-known/openid-configuration`),
    () => get(`${issuer}/tro-giup`),
    async () => post(`${issuer}/par`, { ...authorization(party), ...(await assertionOf(party)) }),
  ] as const
  for (let turn = index; !load.over; turn += 1) {
    const told = await (asks[turn % asks.length] ?? asks[0])().catch((error: unknown) => ({ status: 0, text: String(error) }))
    if (told.status !== 200 && told.status !== 201) load.failures.push(`a request of kind ${turn % asks.length}: ${told.status} ${told.text.slice(0, 200)}`)
  }
}

async function restart({ nodes, balancer }: OwnCluster, turn: number, failures: string[]): Promise<void> {
  const node = nodes[turn % nodes.length]
  if (node === undefined) return
  node.ask()
  const code = await node.ended()
  if (code !== 0) failures.push(`a node ended with ${code}: ${node.said().slice(-500)}`)
  await node.start()
  // The next one goes only once traffic comes to this one again.
  while (balancer.ready() < nodes.length) await pause(20)
}

/** The first signal lets it answer for as long as it is told to; the second ends it (README, "In production"). */
async function toldTwice({ nodes: [node] }: OwnCluster): Promise<number | undefined> {
  if (node === undefined) return undefined
  node.ask()
  await pause(200)
  const began = performance.now()
  node.ask()
  return (await node.ended()) === 1 ? performance.now() - began : undefined
}

function timesOf(answers: readonly Answered[]): Rolled['times'] {
  const sorted = answers.map(({ begun, ended }) => ended - begun).toSorted((one, other) => one - other)
  const at = (share: number) => Math.round(sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0)
  return { median: at(0.5), of99: at(0.99), longest: at(1) }
}
