import { randomUUID } from 'node:crypto'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { systemClock } from '#kernel/clock.ts'
import { accountId, clientId } from '#kernel/id.ts'
import { readClient } from '#domain/client/client.ts'
import type { StagedBy } from '#domain/sandbox/fault.ts'
import { keptRequests } from '#domain/sandbox/request.ts'
import { makeSoftwarePasskey } from '#domain/sandbox/software-passkey.ts'
import { makeKeyring } from '#keys/keyring.ts'
import { makeRingFile } from '#keys/ring-file.ts'
import { clients } from '#storage/postgres/clients.ts'
import { migrate } from '#storage/postgres/migrate.ts'
import { developerClientStore } from '#storage/sandbox/developer-clients.ts'
import { faults } from '#storage/sandbox/faults.ts'
import { players } from '#storage/sandbox/players.ts'
import { requestLog } from '#storage/sandbox/requests.ts'
import { selfTestTurns } from '#storage/sandbox/turns.ts'
import { databases, strangers, volatiles } from '#test/support/engines.ts'
import { migrations } from '#test/support/template.ts'
import { testClient } from '#test/support/test-clients.ts'

const { sealer } = makeKeyring(await makeRingFile(new Date()))
const somebody = () => accountId.parse(randomUUID())
const byHand = (): StagedBy => ({ owner: somebody(), by: 'hand' })
const mine = byHand()
const soon = () => Math.floor(Date.now() / 1000) + 900

function aClient(name: string) {
  const read = readClient(testClient({ name }).metadata, { allowLocal: true })
  if ('fault' in read) throw new Error(read.fault)
  return read.client
}

describe.each(Object.entries(databases))('the stores of the sandbox on %s', (_name, open) => {
  async function stores() {
    const database = await open()
    await migrate(database, join(migrations, 'sandbox'), undefined, 'sandbox_')
    return { all: developerClientStore(database, { sealer, clients: clients(database, sealer) }), cast: players(database, sealer) }
  }
  const how = { most: 3, at: new Date() }

  test('are counted apart from the others, and brought up to date once', async () => {
    const database = await open()
    const applied: string[] = []
    for (const _twice of [1, 2]) await migrate(database, join(migrations, 'sandbox'), (name) => applied.push(name), 'sandbox_')
    await migrate(database, migrations, (name) => applied.push(name))
    expect(applied).toEqual(['0001_sandbox.sql', '0002_self_test.sql', '0003_registration.sql'])
  })

  test('of racing clients no more get in than a developer may have', async () => {
    const { all } = await stores()
    const owner = somebody()
    const outcomes = await Promise.all(['a', 'b', 'c', 'd', 'e'].map((name) => all.add(owner, aClient(name), how)))
    expect(outcomes.toSorted()).toEqual(['added', 'added', 'added', 'full', 'full'])
    expect(await all.ofOwner(owner)).toHaveLength(3)
    expect(await all.add(somebody(), aClient('f'), how)).toBe('added')
  })

  test('a name belongs to one: nobody takes over a client by making it again', async () => {
    const { all } = await stores()
    const [owner, other] = [somebody(), somebody()]
    await all.add(owner, aClient('mine'), how)
    expect(await all.add(other, aClient('mine'), how)).toBe('taken')
    expect([await all.find(other, clientId.parse('mine')), await all.ofOwner(other)]).toEqual([undefined, []])
    expect(await all.change(other, aClient('mine'), how.at)).toBe(false)
    expect(await all.end(other, clientId.parse('mine'), how.at)).toBe(false)
  })

  test('what has ended is gone, makes room, and does not come back under its name', async () => {
    const { all } = await stores()
    const owner = somebody()
    for (const name of ['a', 'b', 'c']) await all.add(owner, aClient(name), how)
    const ends = await Promise.all([1, 2].map(() => all.end(owner, clientId.parse('a'), how.at)))
    expect(ends.filter(Boolean)).toHaveLength(1)
    expect((await all.ofOwner(owner)).map(({ client }) => client.id)).toEqual(['b', 'c'])
    expect([await all.add(owner, aClient('a'), how), await all.add(owner, aClient('d'), how)]).toEqual(['taken', 'added'])
  })

  test('of racing starters one settles a test person, and all hear whom', async () => {
    const { cast } = await stores()
    const players = await Promise.all([1, 2, 3].map(() => cast.settle({ place: 0, account: somebody(), passkey: makeSoftwarePasskey() })))
    expect(new Set(players.map(({ account }) => account)).size).toBe(1)
    expect(await cast.find(0)).toEqual(players[0])
    expect(await cast.find(1)).toBeUndefined()
  })
})

describe.each(Object.entries(volatiles))('what the sandbox may lose, on %s,', (_name, open) => {
  const app = clientId.parse('app')
  const jwk = (kid: string) => ({ kty: 'EC', kid, d: 'secret' })

  test('is one fault a client, until it ends or is switched off', async () => {
    const store = faults(await open(), { clock: systemClock })
    await store.switchOn(app, { fault: 'nonce', until: soon() }, mine)
    await store.switchOn(app, { fault: 'acr', until: soon() }, mine)
    expect([(await store.find(app))?.fault, await store.find(clientId.parse('other'))]).toEqual(['acr', undefined])
    await store.switchOff(app)
    expect(await store.find(app)).toBeUndefined()
  })

  test('X02: a fault that is over is none, whatever the store still holds', async () => {
    let now = Date.now()
    const store = faults(await open(), { clock: { now: () => new Date(now) } })
    const until = soon()
    await store.switchOn(app, { fault: 'nonce', until }, mine)
    expect(await store.find(app)).toMatchObject({ until })
    now = until * 1000 + 1000
    expect(await store.find(app)).toBeUndefined()
  })

  const stageAt = (store: ReturnType<typeof faults>) => (id: string, kid: string, whose: StagedBy = byHand()) => store.switchOn(clientId.parse(id), { fault: 'rotated-key', until: soon(), staged: jwk(kid) }, whose)

  test('X02: keys are staged in places until there is none left, and some are kept for self-tests', async () => {
    const store = faults(await open(), { clock: systemClock, most: 3, byHand: 2 })
    const stage = stageAt(store)
    expect([await stage('a', 'a1'), await stage('b', 'b1'), await stage('c', 'c1')]).toEqual([true, true, false])
    expect(await store.find(clientId.parse('c'))).toBeUndefined()
    expect([await stage('d', 'd1', { owner: somebody(), by: 'self-test' }), await stage('e', 'e1', { owner: somebody(), by: 'self-test' })]).toEqual([true, false])
    expect(new Set((await store.staged()).map(({ kid }) => kid))).toEqual(new Set(['a1', 'b1', 'd1']))
  })

  test('X02: a developer has one place, whichever of their clients it is for, and also by racing', async () => {
    const store = faults(await open(), { clock: systemClock, most: 6, byHand: 5 })
    const stage = stageAt(store)
    const whose = byHand()
    const [one, other] = [clientId.parse('a'), clientId.parse('b')]
    await Promise.all(['k1', 'k2', 'k3', 'k4'].map((kid) => stage('a', kid, whose)))
    expect(await store.staged()).toHaveLength(1)
    expect([await stage('b', 'k5', whose), (await store.staged()).map(({ kid }) => kid)]).toEqual([true, ['k5']])
    expect([await store.find(one), (await store.find(other))?.fault]).toEqual([undefined, 'rotated-key'])
    await store.switchOn(other, { fault: 'nonce', until: soon() }, whose)
    expect([await stage('a', 'k6', whose), (await store.find(other))?.fault]).toEqual([true, 'nonce'])
  })

  test('X03: a developer has one turn of a self-test, and a pause after it', async () => {
    const turns = selfTestTurns(await open())
    const owner = somebody()
    expect((await Promise.all([1, 2, 3].map(() => turns.take(owner)))).toSorted()).toEqual(['running', 'running', 'taken'])
    expect(await turns.take(somebody())).toBe('taken')
    await turns.give(owner, 'unused')
    expect(await turns.take(owner)).toBe('taken')
    await turns.give(owner, 'done')
    expect(await turns.take(owner)).toBe('resting')
  })

  test('of the requests of a client the last hundred are kept, the newest first, and what anybody may have sent takes no room from them', async () => {
    const log = requestLog(await open())
    const note = (at: number, proven: boolean) => log.note(app, { at, endpoint: 'token', status: 200, sent: [], proven })
    for (let turn = 1; turn <= keptRequests.proven + 5; turn += 1) await note(1000 + turn, true)
    for (let turn = 1; turn <= keptRequests.unproven + 5; turn += 1) await note(5000 + turn, false)
    const seen = await log.latest(app)
    const [sure, others] = [seen.filter(({ proven }) => proven), seen.filter(({ proven }) => !proven)]
    expect([sure.length, sure[0]?.at, sure.at(-1)?.at]).toEqual([keptRequests.proven, 1000 + keptRequests.proven + 5, 1006])
    expect([others.length, seen[0]]).toEqual([keptRequests.unproven, others[0]])
    expect(await log.latest(clientId.parse('other'))).toEqual([])
  })
})

test.each(Object.entries(strangers))('X01: on %s, keys that another keyring has staged under the same names are none of ours, and take nothing from ours', async (_name, open) => {
  const [theirs, ours] = (await open()).map((volatile) => faults(volatile, { clock: systemClock, most: 2, byHand: 2 }))
  if (theirs === undefined || ours === undefined) throw new Error('two stores')
  const stage = (store: typeof ours, id: string) => store.switchOn(clientId.parse(id), { fault: 'rotated-key', until: soon(), staged: { kty: 'EC', kid: id } }, byHand())
  expect([await stage(theirs, 'their'), await stage(ours, 'our')]).toEqual([true, true])
  expect((await ours.staged()).map(({ kid }) => kid)).toEqual(['our'])
})
