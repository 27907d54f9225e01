import { accountId, newId } from '#kernel/id.ts'
import { paperOf } from '#domain/account/entitlement.ts'
import { asPasskey, makeSoftwarePasskey } from '#domain/sandbox/software-passkey.ts'
import { testPeople, type PlayerStore, type TestPerson } from '#domain/sandbox/test-person.ts'
import type { House } from '#app/house.ts'

type Tools = Pick<House, 'registry' | 'accounts' | 'clock'> & { players: PlayerStore }

/** Brings the thirteen test people into the sandbox; does nothing for those who are there, also where several nodes start at once. */
export async function bringTestPeople(tools: Tools): Promise<void> {
  await tools.registry.importAll(inOneBatch())
  for (const [place, one] of testPeople.entries()) {
    // One after the other: they are few, and the embedded database takes one at a time anyway.
    await bring(tools, place, one)
  }
}

async function* inOneBatch() {
  yield testPeople.map(({ person }) => person)
}

async function bring({ registry, accounts, clock, players }: Tools, place: number, { level, lock, person }: TestPerson): Promise<void> {
  const [known, held] = [await registry.findByNumber(person.number), await players.find(place)]
  if (known === undefined) throw new Error('a test person is not in the registry')
  const { account: id, passkey } = held ?? await players.settle({ place, account: accountId.parse(newId()), passkey: makeSoftwarePasskey() })
  const createdAt = clock.now()
  const account = { id, person: known.id, level, state: 'active' as const, locks: [], createdAt, ...paperOf(known) }
  const opened = await accounts.open({ account, passkey: asPasskey(passkey, id, createdAt) })
  if (opened && lock) await accounts.move(id, { to: 'lock', ground: lock, by: 'operator' }, createdAt)
}
