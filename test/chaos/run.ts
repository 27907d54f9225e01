import { setTimeout as pause } from 'node:timers/promises'
import { makeDice, type Dice } from '#test/support/dice.ts'
import { startCluster, type OwnCluster } from '#test/support/own-cluster.ts'
import { statusOf } from '#test/support/status.ts'
import { app, live, portal, services, type Promised } from './citizens.ts'
import { makeLedger, type Ledger } from './ledger.ts'
import { lookAtAll, operate } from './operator.ts'
import { points } from './points.ts'

export type Wanted = { seed: number; points: number; /** At most, for the points. */ seconds: number; say: (line: string) => void }
export type Result = { ledger: Ledger; /** How often each was done. */ struck: ReadonlyMap<string, number>; people: number; tokens: number; requests: number; seconds: number; /** What the nodes wrote. */ said: readonly string[] }

const actors = 4
/** Pages have three seconds (security §5); the rest is for two nodes, two stores and their users on one machine. */
const deadlineMilliseconds = 5000
/** After a store has come back, and after a node was started. */
const backMilliseconds = 15_000

/** From when to when a node stood still or was not there: what it was asked then, it could not answer in time. */
type Away = { from: number; to: number }

/**
 * Two nodes, two stores, people who sign in without a pause, and at points that the seed chooses something fails. Beside it is watched that
 * what was promised is kept. Undefined where PostgreSQL or Redis is not installed.
 */
export async function runChaos(wanted: Wanted): Promise<Result | undefined> {
  const ledger = makeLedger()
  const away: Away[] = []
  const answers: Parameters<NonNullable<Parameters<typeof startCluster>[0]['heard']>>[0][] = []
  const cluster = await startCluster({ nodes: 2, clients: [portal, app], heard: (answered) => answers.push(answered) })
  if (cluster === undefined) return undefined
  const began = performance.now()
  try {
    const at = await services(cluster.issuer)
    const [house, direct] = [await cluster.openHouse('proxies'), await cluster.openHouse('itself')]
    const everybody: Promised[] = []
    const registered: string[] = []
    const struck = new Map<string, number>()
    let over = false
    const isOver = () => over
    const lives = Array.from({ length: actors }, (_, index) => live({ cluster, at, ledger, dice: makeDice(wanted.seed + index + 1), isOver, everybody }))
    const working = Promise.all([...lives, operate(house, registered, isOver)])
    await pause(1500)
    await strike({ cluster, ledger, away, struck, dice: makeDice(wanted.seed), ...wanted })
    over = true
    await working
    await lookAtAll({ house: direct, ledger, at }, { everybody, registered })
    for (const { what, status, begun, ended } of answers) {
      ledger.look('honest', status !== 500, `${what} ended with 500`)
      if (!away.some(({ from, to }) => begun < to && ended > from)) ledger.look('deadline', ended - begun < deadlineMilliseconds, `${what} took ${Math.round(ended - begun)} ms`)
    }
    await Promise.all([house.close(), direct.close()])
    const tokens = everybody.flatMap((one) => [...one.tokens.values()]).reduce((sum, count) => sum + count, 0)
    return { ledger, struck, people: everybody.length, tokens, requests: answers.length, seconds: (performance.now() - began) / 1000, said: cluster.nodes.map(({ said }) => said()) }
  } finally {
    await cluster.close()
  }
}

type Struck = Wanted & { cluster: OwnCluster; ledger: Ledger; away: Away[]; struck: Map<string, number>; dice: Dice }

async function strike({ cluster, ledger, away, struck, dice, points: most, seconds, say }: Struck): Promise<void> {
  const until = performance.now() + seconds * 1000
  for (let done = 0; done < most && performance.now() < until; done += 1) {
    const point = dice.oneOf(points)
    const from = performance.now()
    const watching = { over: false }
    const watched = point.strikes === 'a node' ? undefined : watchKeys(cluster, ledger, watching)
    await point.act(cluster, dice)
    watching.over = true
    await watched
    const healed = performance.now()
    // A process that stood still or began anew has a second to find its feet.
    if (point.strikes === 'a node') away.push({ from, to: healed + 1000 })
    const back = await bothReady(cluster)
    const took = Math.round(performance.now() - healed)
    ledger.look('back', back, `not within ${backMilliseconds} ms after: ${point.name}`)
    struck.set(point.name, (struck.get(point.name) ?? 0) + 1)
    say(`${done + 1}/${most} ${point.name}: away ${Math.round(healed - from)} ms, back after ${took} ms`)
    await pause(300 + dice.below(1200))
  }
}

/** Relying parties verify with these, so they are there whatever else is not (R01). */
async function watchKeys({ nodes }: OwnCluster, ledger: Ledger, watching: Readonly<{ over: boolean }>): Promise<void> {
  while (!watching.over) {
    for (const path of ['/jwks', '/.well-known/openid-configuration']) {
      const told = await Promise.all(nodes.map(({ origin }) => statusOf(`${origin}${path}`)))
      for (const status of told) ledger.look('keys', status === 200, `${path} said ${status}`)
    }
    await pause(100)
  }
}

async function bothReady({ nodes, balancer }: OwnCluster): Promise<boolean> {
  const until = performance.now() + backMilliseconds
  while (performance.now() < until) {
    const told = await Promise.all(nodes.map(({ health }) => statusOf(`${health}/readyz`)))
    if (told.every((status) => status === 200) && balancer.ready() === nodes.length) return true
    await pause(50)
  }
  return false
}
