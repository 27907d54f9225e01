import { sql } from 'kysely'
import { beforeEach, describe, expect, test } from 'vitest'
import { accountId, clientId, organisationId, personId } from '#kernel/id.ts'
import type { AuditEvent } from '#domain/audit/event.ts'
import type { Ending, ServiceSession, ServiceSessionStore } from '#domain/signal/session.ts'
import { systemClock } from '#kernel/clock.ts'
import { makeBoss, queues } from '#storage/jobs/boss.ts'
import { endAccountsOf } from '#storage/postgres/account-moves.ts'
import { auditLog } from '#storage/postgres/audit.ts'
import type { Database } from '#storage/postgres/db.ts'
import { serviceSessions } from '#storage/postgres/service-sessions.ts'
import { databases } from '#test/support/engines.ts'
import { reachedBy } from '#test/support/reached.ts'

const account = accountId.parse('0190a1b2-0000-7000-8000-000000000001')
const other = accountId.parse('0190a1b2-0000-7000-8000-000000000002')
const person = personId.parse('0190a1b2-0000-7000-8000-00000000000a')
const [portal, tax, quiet] = ['portal', 'tax', 'quiet'].map((id) => clientId.parse(id))
const at = new Date('2026-03-01T03:00:00Z')
const later = new Date('2026-03-01T15:00:00Z')

const session = (client: typeof portal, more: Partial<ServiceSession> = {}): ServiceSession => {
  if (client === undefined) throw new Error('a client')
  return { account, session: 'here', client, sid: `sid-${client}`, grant: `grant-${client}`, since: at, endsAt: later, ...more }
}
const granted: AuditEvent = { type: 'authorization.granted', client: clientId.parse('portal'), account, grant: 'g' }

describe.each(Object.entries(databases))('sessions at services, on %s,', (_name, open) => {
  let db: Database
  let store: ServiceSessionStore

  beforeEach(async () => {
    db = await open()
    store = serviceSessions(db, auditLog(db, systemClock))
    for (const id of ['portal', 'tax', 'quiet']) {
      const registered = { client_id: id, ...(id !== 'quiet' && { backchannel_logout_uri: `https://${id}.example/out` }) }
      await db.change(sql`insert into client (id, own, registered) values (${id}, '{}'::jsonb, ${JSON.stringify(registered)}::jsonb)`)
    }
    await db.change(sql`insert into account (id, person_id, level, state, created_at) values (${account}, ${person}, 1, 'active', ${at})`)
  })

  const reached = async (whose = account) => (await reachedBy(db, whose)).map(({ session: name, client }) => `${name}/${client}`).toSorted()
  const queued = async () => (await makeBoss(db).findJobs<Record<string, unknown>>(queues.signals)).map(({ data, groupId }) => ({ ...data, ...(groupId !== null && { at: groupId }) }))
  const events = async () => (await db.rows(sql<{ type: string; data: object }>`select type, data from audit_event order by id`)).map(({ type, data }) => ({ type, ...data }))
  const begin = async (...all: readonly ServiceSession[]) => {
    for (const one of all) await store.begin(one, [])
  }
  const logout = (client: string) => ({ kind: 'logout', client, account, sid: `sid-${client}`, at: `${client}.example` })

  test('come back as they were put in, with the event that granted them', async () => {
    await store.begin(session(portal), [granted])
    const { account: _account, ...rest } = session(portal)
    expect(await reachedBy(db, account)).toEqual([rest])
    expect(await events()).toEqual([{ type: 'authorization.granted', client: 'portal', account, grant: 'g' }])
  })

  test('L01: neither is there without the other', async () => {
    // PostgreSQL takes no such character.
    const impossible: AuditEvent = { ...granted, grant: 'a\u0000b' }
    await expect(store.begin(session(portal), [impossible])).rejects.toThrow('Unicode')
    expect(await reached()).toEqual([])
    await expect(store.end({ account, reason: 'locked', at }, [impossible])).rejects.toThrow('Unicode')
    expect(await queued()).toEqual([])
  })

  test('of fifty at once, some of them the same, each is there once', async () => {
    await Promise.all(Array.from({ length: 50 }, (_, n) => store.begin(session(portal, { session: `s${n % 10}`, sid: `sid-${n}` }), [granted])))
    expect(await reached()).toHaveLength(10)
    expect(await events()).toHaveLength(50)
  })

  test('say anew what has changed', async () => {
    await begin(session(portal), session(portal, { sid: 'new', grant: 'other' }))
    expect(await reachedBy(db, account)).toMatchObject([{ sid: 'new', grant: 'other', since: at }])
  })

  test('P19: signing out tells every service of that session that can be told, and no other', async () => {
    await begin(session(portal), session(tax), session(quiet), session(portal, { session: 'elsewhere' }), session(portal, { account: other }))
    await store.end({ account, reason: 'signed-out', session: 'here', at }, [granted])
    expect(await queued()).toEqual(expect.arrayContaining([logout('portal'), logout('tax')]))
    expect(await queued()).toHaveLength(2)
    expect([await reached(), await reached(other)]).toEqual([['elsewhere/portal'], ['here/portal']])
    expect(await events()).toContainEqual({ type: 'sessions.ended', account, reason: 'signed-out', services: 3, told: expect.arrayContaining(['portal', 'tax']) })
    await store.end({ account, reason: 'signed-out', session: 'here', at })
    expect(await queued()).toHaveLength(2)
    expect(await events()).toHaveLength(2)
  })

  test('P19: leaving one service tells that one', async () => {
    await begin(session(portal), session(tax))
    await store.end({ account, reason: 'signed-out', session: 'here', client: portal, at })
    expect([await queued(), await reached()]).toEqual([[logout('portal')], ['here/tax']])
  })

  const organisation = organisationId.parse('0190a1b2-0000-7000-8000-00000000000b')
  const kept = async () => (await db.rows(sql<{ grant: string }>`select grant_id as grant from service_session_earlier order by grant_id`)).map(({ grant }) => grant)

  test('P19: what a session opened in another name before is kept beside it, told once with it, and its grants end too', async () => {
    await begin(session(portal), session(portal, { grant: 'for them', organisation }), session(portal, { grant: 'own again' }), session(portal, { grant: 'own again', sid: 'sid-portal' }), session(tax))
    expect([await reachedBy(db, account), await kept()]).toMatchObject([[{ grant: 'own again' }, {}], ['for them', 'grant-portal']])
    await store.end({ account, reason: 'signed-out', session: 'here', client: portal, at })
    expect(await queued()).toEqual(expect.arrayContaining([logout('portal'), { kind: 'session-end', grants: expect.arrayContaining(['for them', 'grant-portal']) }]))
    expect([(await queued()).length, await kept(), await reached()]).toEqual([2, [], ['here/tax']])
    expect(await events()).toContainEqual({ type: 'sessions.ended', account, reason: 'signed-out', services: 1, told: ['portal'] })
  })

  test('P19: of sign-ins in one session that are written together none is lost, however many names it went through', async () => {
    const names = [session(portal), session(portal, { grant: 'for them', organisation }), session(portal, { grant: 'own again' }), session(portal, { grant: 'own again', sid: 'sid-new' })]
    // While the first is on its way the others gather.
    await Promise.all([session(quiet), ...names].map((one) => store.begin(one, [granted])))
    expect([await kept(), await reachedBy(db, account)]).toMatchObject([['for them', 'grant-portal'], [{ grant: 'own again', sid: 'sid-new' }, {}]])
    expect(await events()).toHaveLength(5)
    await store.end({ account, reason: 'locked', at })
    expect((await queued()).flatMap((one) => ('grants' in one ? one.grants : []))).toEqual(expect.arrayContaining(['for them', 'grant-portal', 'own again']))
  })

  test('W12: what was opened in another name before ends with the account, and is swept when its time is over', async () => {
    await begin(session(portal, { organisation }), session(portal, { grant: 'own' }))
    await store.end({ account, reason: 'locked', at })
    expect(await queued()).toEqual(expect.arrayContaining([logout('portal'), { kind: 'session-end', session: 'here', grants: ['own', 'grant-portal'] }]))
    expect(await kept()).toEqual([])
    await begin(session(portal, { organisation }), session(portal, { grant: 'own', endsAt: new Date(later.getTime() + 5) }))
    expect([await store.sweep(new Date(later.getTime() + 1)), await kept(), await reached()]).toEqual([1, [], ['here/portal']])
  })

  const whole: Ending[] = [
    { account, reason: 'locked', at }, { account, reason: 'signed-out-everywhere', at },
    // Nobody knows what a lost phone has opened.
    { account, reason: 'passkey-removed', at },
  ]
  test.each(whole)('W12: $reason ends all of one person, also what is not known here', async (ending) => {
    await begin(session(portal), session(tax, { session: 'elsewhere' }), session(portal, { account: other }))
    await store.end(ending)
    expect([await reached(), await reached(other)]).toEqual([[], ['here/portal']])
    expect((await queued()).filter((one) => 'kind' in one && one.kind === 'session-end')).toHaveLength(2)
    expect(await signedOutAt()).toEqual(at)
  })

  test('W12: an end that is told late does not bring back what a later one ended', async () => {
    await store.end({ account, reason: 'signed-out-everywhere', at: later })
    await store.end({ account, reason: 'locked', at })
    expect(await signedOutAt()).toEqual(later)
  })

  test('a death ends all of that person, and of nobody else', async () => {
    await begin(session(portal), session(portal, { account: other }))
    await endAccountsOf(db, [], at)
    await endAccountsOf(db, [person], at)
    expect([await reached(), await reached(other)]).toEqual([[], ['here/portal']])
    expect((await events()).map(({ type }) => type).toSorted()).toEqual(['account.ended', 'sessions.ended'])
  })

  test('that have ended by themselves are swept', async () => {
    await begin(session(portal), session(tax, { endsAt: new Date(later.getTime() + 1) }))
    expect(await store.sweep(new Date(later.getTime() + 1))).toBe(1)
    expect(await reached()).toEqual(['here/tax'])
  })

  test('of which many have ended are swept a few at a time, so that no statement takes long', async () => {
    await db.change(sql`
      insert into service_session (account_id, session_uid, client_id, sid, since, ends_at)
      select ${account}, 'over-' || n, 'portal', 'sid', ${at}::timestamptz, ${at}::timestamptz from generate_series(1, 2500) n`)
    await begin(session(tax))
    await db.change(sql`
      create function few() returns trigger language plpgsql as $$
      begin if (select count(*) from gone) > 1000 then raise exception 'too many at once'; end if; return null; end $$`)
    await db.change(sql`create trigger few after delete on service_session referencing old table as gone for each statement execute function few()`)
    expect(await store.sweep(later)).toBe(2500)
    expect(await reached()).toEqual(['here/tax'])
  })

  async function signedOutAt(): Promise<Date | null | undefined> {
    return (await db.first(sql<{ signed_out_at: Date | null }>`select signed_out_at from account where id = ${account}`))?.signed_out_at
  }

  test('who acts in whose name is told once for each pair, page by page; what they opened ends and what is the holder\'s own does not', async () => {
    const [mother, father] = [other, accountId.parse('0190a1b2-0000-7000-8000-000000000003')]
    await begin(session(portal, { by: mother }), session(tax, { by: mother }), session(portal, { session: 'there', by: father }), session(portal, { session: 'own' }))
    const [first] = await store.acted({ most: 1 })
    expect([first, await store.acted({ after: first, most: 9 }), await store.acted({ most: 9 })]).toEqual([{ account, by: mother }, [{ account, by: father }], [{ account, by: mother }, { account, by: father }]])
    await store.end({ account, reason: 'acts-alone', by: mother, at })
    expect([await reached(), await store.acted({ most: 9 })]).toEqual([['own/portal', 'there/portal'], [{ account, by: father }]])
    expect(await events()).toMatchObject([{ type: 'sessions.ended', reason: 'acts-alone', services: 2, told: expect.arrayContaining(['portal', 'tax']) }])
    expect(await queued()).toEqual(expect.arrayContaining([logout('portal'), logout('tax'), { kind: 'session-end', session: 'here', grants: expect.arrayContaining(['grant-portal', 'grant-tax']) }]))
  })
})
