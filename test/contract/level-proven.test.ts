import { randomBytes, randomUUID } from 'node:crypto'
import { sql, type RawBuilder } from 'kysely'
import { beforeEach, describe, expect, test } from 'vitest'
import { accountId, applicationId, newId, type ApplicationId } from '#kernel/id.ts'
import type { Account } from '#domain/account/account.ts'
import type { Finishing } from '#domain/desk/application.ts'
import { makeDeskCode } from '#domain/desk/code.ts'
import { provenBy } from '#domain/desk/proofing.ts'
import { deskRules, seenKinds, type EvidenceKind, type SeenKind } from '#domain/desk/rules.ts'
import { personalNumber, type Person } from '#domain/registry/person.ts'
import { makeSealer } from '#keys/sealer.ts'
import { accounts } from '#storage/postgres/accounts.ts'
import type { Database, Db } from '#storage/postgres/db.ts'
import { desk } from '#storage/postgres/desk.ts'
import { applyGrants } from '#storage/postgres/grant.ts'
import { insertRole, officers } from '#storage/postgres/officers.ts'
import { registry } from '#storage/postgres/registry.ts'
import { openAs } from '#test/support/database-users.ts'
import { databases } from '#test/support/engines.ts'
import { aForeigner, anAccount, aPasskey, aPerson } from '#test/support/made-up.ts'

const open = databases['postgres']
const sealer = makeSealer({ seal: [{ version: 1, secret: randomBytes(32) }], index: randomBytes(32) })
const at = new Date('2026-11-24T03:04:05.678Z')
const later = new Date(at.getTime() + 600_000)
const officer = accountId.parse(randomUUID())
const grant = newId()
const station = { officer, grant, desk: 'Quầy 1', commune: 'Cục Quản lý xuất nhập cảnh' }

describe.skipIf(open === undefined)('A02: level 2 is what was seen at a desk, whoever has the rights of one plane', () => {
  let owner: Database
  let citizen: Database
  let console: Database
  beforeEach(async () => {
    if (open === undefined) throw new Error('no PostgreSQL in this run')
    owner = await open()
    await applyGrants(owner)
    ;[citizen, console] = [await openAs(owner, 'citizen'), await openAs(owner, 'console')]
    await insertRole(owner, { id: grant, account: officer, role: 'enrolment-officer', since: at, endsOn: '2026-12-31' }, undefined)
  })

  let numbers = 400_000
  type Scene = { person: Person; account: Account; id: ApplicationId }
  /** An application that the console has opened, with a code that the person has typed; and an account from home. */
  async function served(person: Person, seen: readonly SeenKind[] = seenKinds.filter((kind) => provenBy(person, deskRules).includes(kind))): Promise<Scene & { confirm: () => Promise<boolean> }> {
    await registry(owner, sealer).importAll((async function* one() { yield [person] })())
    const account = anAccount({ person: person.id, createdAt: at })
    await accounts(owner, sealer).open({ account })
    const id = applicationId.parse(newId(at.getTime()))
    const { desk: place, commune } = station
    await desk(console, sealer).open(
      { id, reference: id.slice(-9), purpose: 'level-2', person: person.id, account: account.id, case: 'HS-1', station, receivedAt: at, dueOn: '2026-11-27', biometricsMissing: false },
      { type: 'desk.opened', application: id, purpose: 'level-2', desk: place, commune, by: officer },
    )
    const code = makeDeskCode()
    expect(await desk(console, sealer).putCode(id, { code, session: 'here', station, account: account.id, seen, kept: [], expiresAt: later, at }, [])).toBe('put')
    expect(await desk(citizen, sealer).redeem(code, { browser: id, number: 57, until: later, at })).toBe(id)
    return { person, account, id, confirm: () => desk(console, sealer).confirm(id, { session: 'here', at }) }
  }
  const somebody = () => aPerson({ number: personalNumber.parse(`079303${(numbers += 1)}`) })
  const finish = ({ account, id }: Scene) =>
    desk(citizen, sealer).finish({ id, browser: id, key: { made: aPasskey({ account: account.id, createdAt: at }) }, account, issuedOn: undefined, at })
  const levelOf = async ({ id }: Account) => (await accounts(owner, sealer).findNow(id))?.account.level

  const evidence = ({ account, id }: Scene, kind: EvidenceKind) =>
    sql`insert into account_evidence (account_id, id, kind, application_id, officer, at) values (${account.id}, ${newId()}, ${kind}, ${id}, ${officer}, ${at})`
  const raise = ({ account }: Pick<Scene, 'account'>) => sql`update account set level = 2 where id = ${account.id}`
  const key = ({ account }: Scene) => sql`
    insert into passkey (id, account_id, public_key, counter, transports, aaguid, backup_eligible, backed_up, hardware_bound, created_at)
    values (${randomUUID()}, ${account.id}, ${Buffer.of(0)}, 0, '{}', ${randomUUID()}, false, false, true, ${at})`
  const printed = ({ account }: Scene) => sql`insert into recovery_code (account_id, id, hash, made_at) values (${account.id}, ${newId()}, ${randomBytes(32)}, ${at})`
  const address = ({ account }: Scene) => sql`insert into contact (account_id, id, kind, value, verified_at, by_holder) values (${account.id}, ${newId()}, 'email', ${randomBytes(32)}, ${at}, true)`
  const done = ({ id }: Scene) => sql`update desk_application set state = 'done', decided_at = ${at} where id = ${id}`
  const together = (db: Db, ...statements: readonly RawBuilder<unknown>[]) => db.transaction(async (tx) => {
    for (const statement of statements) await tx.change(statement)
  })
  const [notProven, notSeen] = ['level 2 follows from what was seen at a desk', 'evidence is what was seen at a desk']

  test('the last step is done by the citizens’ plane, on what the console wrote, of citizens and foreigners', async () => {
    for (const person of [somebody(), aForeigner()]) {
      const scene = await served(person)
      expect(await finish(scene)).toBe('over')
      expect([await scene.confirm(), await finish(scene), await levelOf(scene.account)]).toEqual([true, 'done', 2])
    }
  })

  test('neither user raises an account, opens one so, or gives one that is so to somebody else', async () => {
    const scene = await served(somebody())
    for (const plane of [citizen, console]) await expect(together(plane, raise(scene))).rejects.toThrow(notProven)
    const fresh = sql`insert into account (id, person_id, level, state, created_at) values (${randomUUID()}, ${randomUUID()}, 2, 'active', ${at})`
    await expect(together(citizen, fresh)).rejects.toThrow(notProven)
    await scene.confirm()
    expect(await finish(scene)).toBe('done')
    for (const column of ['person_id', 'id']) await expect(together(citizen, sql`update account set ${sql.ref(column)} = ${randomUUID()} where id = ${scene.account.id}`)).rejects.toThrow(notProven)
    await together(citizen, sql`update account set level = 2, held_until = null, state = 'active' where id = ${scene.account.id}`)
  })

  test('nothing is seen without an officer who says so: before the numbers are the same, of somebody else, of another kind, after a no', async () => {
    const scene = await served(somebody())
    await expect(together(citizen, evidence(scene, 'card-seen'))).rejects.toThrow(notSeen)
    await scene.confirm()
    await expect(together(citizen, evidence({ ...scene, account: (await served(somebody())).account }, 'card-seen'))).rejects.toThrow(notSeen)
    for (const kind of ['passport-seen', 'biometrics-taken', 'chip-verified', 'passkey'] as const) await expect(together(citizen, evidence(scene, kind)), kind).rejects.toThrow(notSeen)
    await expect(together(console, evidence(scene, 'card-seen'))).rejects.toThrow('permission denied')
    expect(await desk(citizen, sealer).deny(scene.id, { browser: scene.id, at })).toBe(true)
    await expect(together(citizen, sql`update desk_code set ended = null where application_id = ${scene.id}`)).rejects.toThrow('stays so')
    await expect(together(citizen, evidence(scene, 'card-seen'))).rejects.toThrow(notSeen)
  })

  test('the citizens’ plane writes neither what was seen, nor of whom, nor that the numbers are the same', async () => {
    const { id } = await served(somebody())
    for (const set of [`seen = '{card-seen}'`, 'account_id = gen_random_uuid()', 'officer = gen_random_uuid()', 'grant_id = gen_random_uuid()', 'biometrics_missing = true']) {
      await expect(together(citizen, sql`update desk_application set ${sql.raw(set)} where id = ${id}`), set).rejects.toThrow('permission denied')
    }
    for (const set of ['confirmed_at = now()', `hash = '\\x00'`, `session = 'x'`]) await expect(together(citizen, sql`update desk_code set ${sql.raw(set)} where application_id = ${id}`), set).rejects.toThrow('permission denied')
  })

  test('all that config/desk.json wants is wanted by the database too, and the application has to be over', async () => {
    for (const make of [somebody, aForeigner]) {
      const kinds = provenBy(make(), deskRules)
      const scene = await served(make())
      await scene.confirm()
      for (const left of kinds) {
        const others = kinds.filter((kind) => kind !== left).map((kind) => evidence(scene, kind))
        await expect(together(citizen, key(scene), raise(scene), ...others, done(scene)), left).rejects.toThrow(notProven)
      }
      const all = kinds.map((kind) => evidence(scene, kind))
      await expect(together(citizen, key(scene), raise(scene), ...all)).rejects.toThrow(notProven)
      await together(citizen, key(scene), raise(scene), ...all, done(scene))
      expect(await levelOf(scene.account)).toBe(2)
    }
  })

  /** A child of eight, its mother with an account of level 2 and a passkey, and an application that the console has opened for the two. */
  async function mothered({ seen = wardSeen, motherIs = accountId.parse(randomUUID()), fatherIs, named = true }: { seen?: readonly SeenKind[]; motherIs?: Account['id']; fatherIs?: Account['id']; named?: boolean } = {}) {
    const mother = somebody()
    const father = somebody()
    const child = { ...somebody(), birthDate: '2018-01-01', relations: named ? [{ kind: 'mother' as const, name: mother.name, number: mother.number }, { kind: 'father' as const, name: father.name, number: father.number }] : [] }
    await registry(owner, sealer).importAll((async function* both() { yield [mother, father] })())
    if (fatherIs !== undefined) await accounts(owner, sealer).open({ account: anAccount({ id: fatherIs, person: father.id, createdAt: at }) })
    const key = aPasskey({ account: motherIs, createdAt: at })
    await accounts(owner, sealer).open({ account: anAccount({ id: motherIs, person: mother.id, level: 2, createdAt: at }), passkey: key })
    const scene = await served(child, seen)
    await scene.confirm()
    const end = (as: Finishing['key'] = { represented: key.id, by: motherIs }) => desk(citizen, sealer).finish({ id: scene.id, browser: scene.id, key: as, account: scene.account, issuedOn: undefined, at })
    return { scene, key, mother: motherIs, end, level: () => levelOf(scene.account) }
  }
  const wardSeen = ['card-seen', 'face-compared', 'representative-seen'] as const
  const lock = { to: 'lock', ground: 'competent-body', by: 'operator' } as const

  test('somebody under fourteen is raised by the passkey of who acts for them, as the register and both accounts are at that moment', async () => {
    const good = await mothered()
    expect([await good.end({ made: aPasskey({ account: good.scene.account.id, createdAt: at }) }), await good.end(), await good.level()]).toEqual(['over', 'done', 2])
    const [stranger, gone, locked, unseen, officers] = [await mothered({ named: false }), await mothered(), await mothered(), await mothered({ seen: ['card-seen', 'face-compared'] }), await mothered({ motherIs: officer })]
    expect([await stranger.end(), await unseen.end(), await officers.end()]).toEqual(['closed', 'over', 'over'])
    await owner.change(sql`update passkey set removed_at = ${at} where id = ${gone.key.id}`)
    await accounts(owner, sealer).move(locked.mother, lock, at)
    expect([await gone.end(), await locked.end()]).toEqual(['over', 'closed'])
    for (const one of [stranger, gone, locked, unseen, officers]) expect(await one.level()).toBe(1)
    // Nobody who acts alone is raised by somebody else.
    const alone = await served(somebody(), wardSeen)
    await alone.confirm()
    expect(await desk(citizen, sealer).finish({ id: alone.id, browser: alone.id, key: { represented: good.key.id, by: good.mother }, account: alone.account, issuedOn: undefined, at })).toBe('over')
  })

  test('A04: an officer raises no child of their own by the passkey of the other parent', async () => {
    const [own, other] = [await mothered({ fatherIs: officer }), await mothered({ fatherIs: accountId.parse(randomUUID()) })]
    expect([await own.end(), await own.level()]).toEqual(['over', 1])
    expect([await other.end(), await other.level()]).toEqual(['done', 2])
  })

  test('what opened the account of before opens it no more once a representative has raised it, and its addresses are gone', async () => {
    const { scene, end, level } = await mothered()
    await together(citizen, key(scene), printed(scene), address(scene))
    expect([await end(), await level()]).toEqual(['done', 2])
    const left = await owner.rows(sql`
      select id from passkey where account_id = ${scene.account.id} and removed_at is null union all select id::text from recovery_code where account_id = ${scene.account.id}
      union all select id::text from contact where account_id = ${scene.account.id} and ended_at is null`)
    const ended = await owner.first(sql<{ out: boolean; removed: number }>`
      select signed_out_at is not null as out, (select count(*)::int from audit_event where account_id = account.id and type = 'passkey.removed') as removed from account where id = ${scene.account.id}`)
    expect([left, ended]).toEqual([[], { out: true, removed: 1 }])
  })

  test('and the tables ask for the same: an officer who saw the representative, and an account of level 2 that is open and not the officer’s', async () => {
    const [good, unseen, locked, officers, first] = [await mothered(), await mothered({ seen: ['card-seen', 'face-compared'] }), await mothered(), await mothered({ motherIs: officer }), await served(somebody())]
    const acted = ({ scene: { account, id } }: typeof good, by: string | null, kind: EvidenceKind = 'representative-passkey') =>
      sql`insert into account_evidence (account_id, id, kind, application_id, officer, at, representative) values (${account.id}, ${newId()}, ${kind}, ${id}, ${officer}, ${at}, ${by})`
    await accounts(owner, sealer).move(locked.mother, lock, at)
    for (const [one, by, kind] of [[unseen, unseen.mother, undefined], [locked, locked.mother, undefined], [officers, officer, undefined], [good, null, undefined], [good, first.account.id, undefined], [good, good.scene.account.id, undefined], [good, good.mother, 'card-seen']] as const) {
      await expect(together(citizen, acted(one, by, kind))).rejects.toThrow(notSeen)
    }
    const seen = wardSeen.map((kind) => evidence(good.scene, kind))
    await expect(together(citizen, raise(good.scene), ...seen, done(good.scene))).rejects.toThrow(notProven)
    await expect(together(citizen, raise(good.scene), ...seen.slice(0, 2), acted(good, good.mother), done(good.scene))).rejects.toThrow(notProven)
    // Nor while something of before is left that opens it.
    for (const left of [key(good.scene), printed(good.scene)]) {
      await expect(together(citizen, left, raise(good.scene), ...seen, acted(good, good.mother), done(good.scene))).rejects.toThrow(notProven)
    }
    await together(citizen, raise(good.scene), ...seen, acted(good, good.mother), done(good.scene))
    expect(await good.level()).toBe(2)
  })

  test('the first administrators need no desk, and the owner makes them alone', async () => {
    const account = anAccount({ person: somebody().id, createdAt: at })
    const seen = somebody()
    await registry(owner, sealer).importAll((async function* one() { yield [seen] })())
    await accounts(owner, sealer).open({ account: { ...account, person: seen.id } })
    const wanted = [{ account: account.id, role: 'super-admin', ends_on: '2026-12-20', proven: deskRules.proofing.level2 }] as const
    for (const plane of [citizen, console]) await expect(officers(plane).bootstrap(wanted, at)).rejects.toThrow('permission denied')
    expect([await officers(owner).bootstrap(wanted, at), await levelOf(account)]).toEqual([true, 2])
  })
})
