import { makeClient } from './client.ts'
import { peakMemoryOf, sharedMemoryOf } from './cpu.ts'
import { figuresOf } from './figures.ts'
import type { Figures } from './figures.ts'
import { measure } from './measure.ts'
import type { Round } from './measure.ts'
import { signInPageWeight } from './page-weight.ts'
import type { Weight } from './page-weight.ts'
import { scenariosOf } from './scenarios.ts'
import type { Scenario } from './scenarios.ts'
import { startBare } from './target-bare.ts'
import { startOurs } from './target-ours.ts'
import type { Engine } from './target-ours.ts'
import type { Target } from './target.ts'

export type Plan = { engine: Engine; vs: boolean; seconds: number; users: number; only: string | undefined; profile: string | undefined; say: (line: string) => void }

export type Memory = { target: string; serverPeak: number; stores: number }
export type Result = { engine: Engine; ours: Figures[]; bare: Figures[]; memory: Memory[]; signInPage: Weight | undefined }

/** Before it is measured: a cold server costs two to nine times a warm one. */
const warmUp = { seconds: 3, atLeast: 400 }

type Side = { target: Target; scenarios: readonly Scenario[] }

/** One engine, all scenarios; with `vs`, the bare provider takes turns in the same run: ours, bare, bare, ours. */
export async function runBench(plan: Plan): Promise<Result> {
  const client = makeClient()
  const targets: Target[] = []
  try {
    plan.say(`starting the server on ${plan.engine} and registering ${plan.users} citizens`)
    const ours = await startOurs(plan, client)
    targets.push(ours)
    if (plan.vs) targets.push(await startBare(client))
    const sides = await Promise.all(targets.map(async (target): Promise<Side> => {
      const scenarios = scenariosOf(target, await client.party(target.origin), plan.users)
      return { target, scenarios: scenarios.filter(({ name }) => plan.only === undefined || name.includes(plan.only)) }
    }))
    const signInPage = await signInPageWeight(ours.origin, client)
    const all = await measureAll(sides, plan)
    return {
      engine: plan.engine,
      ours: all.filter(({ target }) => target === ours.name),
      bare: all.filter(({ target }) => target !== ours.name),
      memory: targets.map((target) => ({
        target: target.name, serverPeak: peakMemoryOf(target.server), stores: sharedMemoryOf(target.stores),
      })),
      signInPage,
    }
  } finally {
    for (const target of targets) await target.stop()
  }
}

async function measureAll(sides: readonly Side[], plan: Plan): Promise<Figures[]> {
  const names = sides[0]?.scenarios.map(({ name }) => name) ?? []
  const figures: Figures[] = []
  for (const name of names) {
    plan.say(name)
    const pairs = sides.flatMap(({ target, scenarios }) => scenarios.filter((one) => one.name === name).map((scenario) => ({ target, scenario })))
    for (const { target, scenario } of pairs) await measure(target, scenario, { users: plan.users, ...warmUp })
    const rounds = new Map<string, Round[]>(pairs.map(({ target }) => [target.name, []]))
    for (const { target, scenario } of [...pairs, ...pairs.toReversed()]) {
      rounds.get(target.name)?.push(await measure(target, scenario, plan))
    }
    for (const { target, scenario } of pairs) {
      const aim = target === sides[0]?.target ? scenario.aim : undefined
      figures.push(figuresOf({ scenario: name, target: target.name, aim }, rounds.get(target.name) ?? []))
    }
  }
  return figures
}
