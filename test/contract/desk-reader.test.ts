import { randomBytes } from 'node:crypto'
import { setTimeout } from 'node:timers/promises'
import { sql } from 'kysely'
import { beforeEach, describe, expect, test } from 'vitest'
import { accountId, applicationId, newId, proposalId, type ApplicationId } from '#kernel/id.ts'
import { shortKey } from '#kernel/random.ts'
import type { ChipReason } from '#domain/chip/reason.ts'
import type { Finishing, Station } from '#domain/desk/application.ts'
import { makeDeskCode } from '#domain/desk/code.ts'
import { readerCode, type Heard, type ReaderCode } from '#domain/desk/reader.ts'
import { personalNumber } from '#domain/registry/person.ts'
import { makeSealer } from '#keys/sealer.ts'
import type { Database, Db } from '#storage/postgres/db.ts'
import { desk } from '#storage/postgres/desk.ts'
import { deskReaders, endDoubts } from '#storage/postgres/desk-reader.ts'
import { insertRole } from '#storage/postgres/officers.ts'
import { registry } from '#storage/postgres/registry.ts'
import { databases } from '#test/support/engines.ts'
import { anAccount, aPasskey, aPerson } from '#test/support/made-up.ts'

const sealer = makeSealer({ seal: [{ version: 1, secret: randomBytes(32) }], index: randomBytes(32) })
const at = new Date('2026-11-24T03:04:05.678Z')
const expiresAt = new Date(at.getTime() + 300_000)
const officer = accountId.parse(crypto.randomUUID())

describe.each(Object.entries(databases))('readers of chips at a desk on %s', (_name, open) => {
  let db: Database
  let station: Station
  let id: ApplicationId
  let finishing: Finishing
  let numbers = 200_000
  const readers = () => deskReaders(db, sealer)
  /** An application that is ready to be finished. */
  beforeEach(async () => {
    db = await open()
    station = { officer, grant: newId(), desk: 'Quầy 1', commune: 'phường Bến Thành' }
    await insertRole(db, { id: station.grant, account: officer, role: 'enrolment-officer', since: at, endsOn: '2026-12-31' }, undefined)
    numbers += 1
    const person = aPerson({ number: personalNumber.parse(`079303${numbers}`) })
    await registry(db, sealer).importAll((async function* one() { yield [person] })())
    const account = anAccount({ person: person.id, createdAt: at })
    id = applicationId.parse(newId(at.getTime()))
    await desk(db, sealer).open(
      { id, reference: id.slice(-9), purpose: 'level-2', person: person.id, account: account.id, case: 'HS-1', station, receivedAt: at, biometricsMissing: false, dueOn: '2026-11-27' },
      { type: 'desk.opened', application: id, purpose: 'level-2', desk: station.desk, commune: station.commune, by: officer },
    )
    const code = makeDeskCode()
    await desk(db, sealer).putCode(id, { code, session: 'here', station, account: account.id, seen: ['card-seen', 'face-compared'], kept: [], expiresAt, at }, [])
    await desk(db, sealer).redeem(code, { browser: id, number: 57, until: expiresAt, at })
    await desk(db, sealer).confirm(id, { session: 'here', at })
    finishing = { id, browser: id, key: { made: aPasskey({ account: account.id, createdAt: at }) }, account, issuedOn: undefined, at }
  })

  async function paired(by: Partial<Station> = {}): Promise<ReaderCode> {
    const code = readerCode.parse(shortKey())
    expect(await readers().pair(id, { code, station: { ...station, ...by }, session: 'here', expiresAt, at })).toBe(true)
    return code
  }
  const asked = async () => {
    const code = await paired()
    expect(await readers().begin(code, at)).toBe(true)
    return code
  }
  const good = (): Heard => ({ id: newId(), at, officer, is: 'verified', copyCheck: 'chip', signer: 'signer', authority: 'authority' })
  const bad = (reason: ChipReason): Heard => ({ id: newId(), at, officer, is: 'refused', reason, part: 'sod' })
  const eventsOf = async (type: string) => (await db.rows(sql`select 1 from audit_event where type = ${type}`)).length

  test('of fifty questions at once one is put, and of fifty answers one is kept and recorded', async () => {
    const code = await paired()
    expect(await readers().find(code, { is: 'waiting', at })).toMatchObject({ application: id, officer })
    const begun = await Promise.all(Array.from({ length: 50 }, () => readers().begin(code, at)))
    expect([begun.filter(Boolean).length, await readers().find(code, { is: 'waiting', at })]).toEqual([1, undefined])
    const one = good()
    const heard = await Promise.all(Array.from({ length: 50 }, () => readers().hear(code, { ...one, id: newId() })))
    expect([heard.filter(Boolean).length, (await readers().readings(id)).length, await eventsOf('desk.chip-verified'), await eventsOf('desk.reader-paired')]).toEqual([1, 1, 1, 1])
    expect((await readers().ofApplication(id))?.is).toBe('heard')
  })

  test('comes back as it was kept, the newest first', async () => {
    const [one, other] = [bad('sod.signature'), { ...good(), at: new Date(at.getTime() + 1000) }]
    expect(await readers().hear(await asked(), one)).toBe(true)
    expect(await readers().hear(await asked(), other)).toBe(true)
    expect(await readers().readings(id)).toEqual([other, one])
    expect([await eventsOf('desk.chip-refused'), await eventsOf('desk.chip-forged')]).toEqual([1, 1])
  })

  test('a code of before, of another time, officer, commune or application is none', async () => {
    const before = await paired()
    const code = await paired()
    expect([await readers().begin(before, at), await readers().begin(code, expiresAt), await readers().hear(code, good())]).toEqual([false, false, false])
    expect(await readers().begin(code, at)).toBe(true)
    expect([await readers().hear(code, { ...good(), officer: accountId.parse(crypto.randomUUID()) }), await readers().hear(code, { ...good(), at: expiresAt })]).toEqual([false, false])
    const other = readerCode.parse(shortKey())
    const made = { code: other, session: 'here', expiresAt, at }
    expect(await readers().pair(id, { ...made, station: { ...station, officer: accountId.parse(crypto.randomUUID()) } })).toBe(false)
    expect(await readers().pair(id, { ...made, station: { ...station, commune: 'xã Phú' } })).toBe(false)
    expect(await readers().pair(applicationId.parse(newId()), { ...made, station })).toBe(false)
    await db.change(sql`update desk_application set officer = ${accountId.parse(crypto.randomUUID())} where id = ${id}`)
    // It is heard out, for it may speak against the card; what speaks for it counts for nobody else.
    expect([await readers().find(code, { is: 'asked', at }), await readers().hear(code, good()), await readers().hear(code, bad('der.truncated')), await readers().readings(id)]).toEqual([{ application: id, person: finishing.account.person, officer, commune: undefined }, false, false, []])
  })

  test('a verified chip is evidence; a doubtful one ends the code, so that nothing is finished', async () => {
    expect(await readers().hear(await asked(), good())).toBe(true)
    expect(await desk(db, sealer).finish(finishing)).toBe('done')
    expect(await desk(db, sealer).inPerson(finishing.account.id)).toEqual({ at, kinds: ['card-seen', 'face-compared', 'chip-verified', 'passkey'] })
    expect(await desk(db, sealer).inPerson(accountId.parse(crypto.randomUUID()))).toBeUndefined()
    expect(await db.rows(sql`select kind from account_evidence where application_id = ${id} order by kind`)).toEqual(['card-seen', 'chip-verified', 'face-compared', 'passkey'].map((kind) => ({ kind })))
  })

  test('of the end and a doubt that come at once one is first, and a doubt that is first stays', async () => {
    const code = await asked()
    const [end, heard] = await Promise.all([desk(db, sealer).finish(finishing), readers().hear(code, bad('card.other-person'))])
    expect(heard).toBe(true)
    expect((await db.rows(sql`select 1 from account_evidence where application_id = ${id}`)).length).toBe(end === 'done' ? 3 : 0)
    expect((await readers().doubts(finishing.account.person)).length).toBe(1)
  })

  /** While a reading is kept and not yet for good, something else is begun: its answer, once it is through or has waited. */
  async function meanwhile<T>(keep: (tx: Db) => Promise<unknown>, other: () => Promise<T>): Promise<T> {
    const begun: Promise<T>[] = []
    await db.transaction(async (tx) => {
      await keep(tx)
      const one = other()
      begun.push(one)
      await Promise.race([one.catch(() => undefined), somebodyWaits(tx)])
    })
    const [one] = begun
    if (one === undefined) throw new Error('nothing was begun')
    return one
  }
  const heard = (code: ReaderCode) => async (tx: Db) => expect(await deskReaders({ ...tx, transaction: (work) => work(tx) }, sealer).hear(code, bad('sod.signature'))).toBe(true)
  async function somebodyWaits(tx: Db): Promise<void> {
    // With one connection everybody else waits outside, and it does not show.
    for (let looked = 0; looked < 50; looked += 1) {
      const waiting = await tx.rows(sql`select 1 from pg_stat_activity where wait_event_type = 'Lock' and datname = current_database()`)
      if (waiting.length > 0) return
      await setTimeout(10)
    }
  }
  const doneAt = () => db.rows(sql`select 1 from account_evidence where account_id = ${finishing.account.id}`)

  test('two desks: a doubt that is being heard of an earlier application is waited for by whoever finishes the next', async () => {
    const code = await asked()
    const next = await another()
    expect(await meanwhile(heard(code), () => desk(db, sealer).finish({ ...finishing, id: next, browser: next }))).toBe('over')
    expect([await doneAt(), (await readers().doubts(finishing.account.person)).length, await eventsOf('desk.chip-forged')]).toEqual([[], 1, 1])
  })

  test('two desks: that holds by the lock on what is read, and not by the code alone that the doubt ends', async () => {
    const next = await another()
    const kept = async (tx: Db) => {
      await tx.rows(sql`select 1 from desk_application where id = ${id} for update`)
      await tx.change(sql`insert into desk_reading (id, application_id, officer, at, reason) values (${newId()}, ${id}, ${officer}, ${at}, 'sod.signature')`)
    }
    expect(await meanwhile(kept, () => desk(db, sealer).finish({ ...finishing, id: next, browser: next }))).toBe('over')
    expect(await doneAt()).toEqual([])
  })

  test('two desks: no code is made while a doubt is being heard, and one that was made is void, of whichever application', async () => {
    const code = await asked()
    const next = await another()
    const made = { session: 'here', station, account: finishing.account.id, seen: [], kept: [], expiresAt, at }
    expect(await meanwhile(heard(code), () => desk(db, sealer).putCode(next, { ...made, code: makeDeskCode() }, []))).toBe('doubtful')
    expect(await db.rows(sql`select ended from desk_code where application_id = ${next}`)).toEqual([{ ended: 'denied' }])
    expect(await desk(db, sealer).putCode(next, { ...made, code: makeDeskCode() }, [])).toBe('doubtful')
  })

  test('two desks: of fifty ends and doubts at once none is lost, and nothing is given after a doubt', async () => {
    const code = await asked()
    const next = await another()
    const both = await Promise.all([readers().hear(code, bad('sod.signature')), ...Array.from({ length: 49 }, () => desk(db, sealer).finish({ ...finishing, id: next, browser: next }))])
    const ends = both.slice(1)
    expect([both[0], ends.filter((end) => end === 'done').length <= 1, (await readers().doubts(finishing.account.person)).length]).toEqual([true, true, 1])
    expect((await doneAt()).length).toBe(ends.includes('done') ? 3 : 0)
  })

  test('a doubt that another desk went on before, or decided before, stays all the same, and ends the code that was made there', async () => {
    const code = await asked()
    const there = { ...station, officer: accountId.parse(crypto.randomUUID()), commune: 'xã Phú' }
    await desk(db, sealer).open(
      { id: applicationId.parse(newId(at.getTime())), reference: 'x', purpose: 'level-2', person: finishing.account.person, account: finishing.account.id, case: 'HS-2', station: there, receivedAt: at, dueOn: '2026-11-27', biometricsMissing: false, takeOver: 'came-here' },
      { type: 'desk.opened', application: id, purpose: 'level-2', desk: there.desk, commune: there.commune, by: there.officer },
    )
    const made = { code: makeDeskCode(), session: 'there', station: there, account: finishing.account.id, seen: [], kept: [], expiresAt, at }
    expect(await desk(db, sealer).putCode(id, made, [])).toBe('put')
    // Nobody lets another reader in over it; its own officer has not this application any more.
    const other = { code: readerCode.parse(shortKey()), session: 'there', station: there, expiresAt: new Date(expiresAt.getTime() + 1000), at }
    expect([await readers().pair(id, other), await readers().hear(code, good())]).toEqual([false, false])
    expect(await readers().hear(code, bad('sod.signature'))).toBe(true)
    expect([(await readers().doubts(finishing.account.person)).length, await db.rows(sql`select ended from desk_code where application_id = ${id}`)]).toEqual([1, [{ ended: 'denied' }]])
    expect([await readers().hear(code, bad('sod.signature')), await readers().pair(id, other)]).toEqual([false, true])
  })

  test('a reader that never says what it read is in nobody’s way once its time is over', async () => {
    await asked()
    const other = accountId.parse(crypto.randomUUID())
    await db.change(sql`update desk_application set officer = ${other} where id = ${id}`)
    const pair = (when: Date) => readers().pair(id, { code: readerCode.parse(shortKey()), session: 'there', station: { ...station, officer: other }, expiresAt: new Date(when.getTime() + 1000), at: when })
    expect([await pair(at), await pair(expiresAt)]).toEqual([false, true])
  })

  test('what speaks against nobody leaves the code alone', async () => {
    expect(await readers().hear(await asked(), bad('der.truncated'))).toBe(true)
    expect(await desk(db, sealer).finish(finishing)).toBe('done')
  })

  test('a doubt stands in the way of a code that was made without looking at it', async () => {
    expect(await readers().hear(await asked(), bad('chip.answer-wrong'))).toBe(true)
    // The database itself keeps a code ended: this is the rule behind that.
    await db.change(sql`alter table desk_code disable trigger user`)
    await db.change(sql`update desk_code set ended = null where application_id = ${id}`)
    await db.change(sql`alter table desk_code enable trigger user`)
    expect(await desk(db, sealer).finish(finishing)).toBe('over')
  })

  /** Another application of the same person, once this one is decided. */
  async function another(): Promise<ApplicationId> {
    await desk(db, sealer).refuse(id, { officer, reason: 'withdrawn', at })
    const next = applicationId.parse(newId(at.getTime()))
    const { person } = finishing.account
    await desk(db, sealer).open(
      { id: next, reference: next.slice(-9), purpose: 'level-2', person, account: finishing.account.id, case: 'HS-2', station, receivedAt: at, dueOn: '2026-11-27', biometricsMissing: false },
      { type: 'desk.opened', application: next, purpose: 'level-2', desk: station.desk, commune: station.commune, by: officer },
    )
    await coded(next)
    return next
  }
  /** Up to where the phone finishes it. */
  async function coded(next: ApplicationId): Promise<'put' | 'taken' | 'over' | 'doubtful'> {
    const code = makeDeskCode()
    const put = await desk(db, sealer).putCode(next, { code, session: 'here', station, account: finishing.account.id, seen: ['card-seen', 'face-compared'], kept: [], expiresAt, at }, [])
    await desk(db, sealer).redeem(code, { browser: next, number: 57, until: expiresAt, at })
    await desk(db, sealer).confirm(next, { session: 'here', at })
    return put
  }

  test('a doubt outlives its application, and only what two officers sign ends it', async () => {
    const one = bad('sod.signature')
    expect(await readers().hear(await asked(), one)).toBe(true)
    const { person } = finishing.account
    expect(await readers().doubts(person)).toEqual([{ id: one.id, at, reason: 'sod.signature', officer, reference: id.slice(-9), commune: station.commune }])
    id = await another()
    expect(await readers().hear(await asked(), { ...good(), at: new Date(at.getTime() + 1000) })).toBe(true)
    expect([await coded(id), await desk(db, sealer).finish({ ...finishing, id, browser: id }), (await readers().doubts(person)).length]).toEqual(['doubtful', 'over', 1])

    const decider = accountId.parse(crypto.randomUUID())
    const proposal = proposalId.parse(newId())
    const what = { id: one.id, chip: 'sod.signature', by: officer }
    await db.change(sql`
      insert into proposal (id, act, subject, change, proposer, proposed_at, reason, state, decided_by, decided_at, evidence)
      values (${proposal}, 'doubt.end', ${one.id}, ${JSON.stringify({ readings: [what] })}::jsonb, ${officer}, ${at}, 'x', 'approved', ${decider}, ${at}, '{}')`)
    const end = (changes: Partial<Parameters<typeof endDoubts>[1]> = {}) => endDoubts(db, { readings: [what], proposal, decider, at, ...changes })
    // Whoever has read decides nothing, and nothing is ended that is not just as it was shown.
    expect([await end({ decider: officer }), await end({ readings: [{ ...what, chip: 'card.expired' }] }), await end({ readings: [{ ...what, by: decider }] }), await end({ readings: [{ ...what, id: newId() }] })]).toEqual([false, false, false, false])
    // And the table asks for the decision itself.
    for (const wrong of [{ proposal: proposalId.parse(newId()) }, { decider: accountId.parse(crypto.randomUUID()) }]) await expect(end(wrong)).rejects.toThrow('no two people decided that this doubt ends')
    expect((await readers().doubts(person)).length).toBe(1)
    expect([await end(), await end(), await eventsOf('desk.doubt-ended'), await readers().doubts(person)]).toEqual([true, false, 1, []])
    expect([await coded(id), await desk(db, sealer).finish({ ...finishing, id, browser: id })]).toEqual(['put', 'done'])
    await expect(db.change(sql`delete from desk_doubt_end`)).rejects.toThrow('never changed')
  })

  test('what was believed in an earlier application is no evidence in a later one, and neither is what was at an earlier visit', async () => {
    expect(await readers().hear(await asked(), good())).toBe(true)
    const earlier = await readers().readings(id)
    id = await another()
    expect([earlier.length, await readers().readings(id)]).toEqual([1, []])
    expect(await readers().hear(await asked(), good())).toBe(true)
    await db.change(sql`update desk_application set worked_at = ${new Date(at.getTime() + 1)} where id = ${id}`)
    expect(await desk(db, sealer).finish({ ...finishing, id, browser: id })).toBe('done')
    expect((await desk(db, sealer).inPerson(finishing.account.id))?.kinds).toEqual(['card-seen', 'face-compared', 'passkey'])
  })

  test('what was read is never changed or removed, and is whole', async () => {
    expect(await readers().hear(await asked(), good())).toBe(true)
    await expect(db.change(sql`update desk_reading set reason = null`)).rejects.toThrow('never changed')
    await expect(db.change(sql`delete from desk_reading`)).rejects.toThrow('never changed')
    await expect(db.change(sql`insert into desk_reading (id, application_id, officer, at) values (${newId()}, ${id}, ${officer}, ${at})`)).rejects.toThrow()
  })

  test('an officer whose role ends between question and answer hears nothing', async () => {
    const code = await asked()
    await db.change(sql`update officer_role set ended_at = ${at} where id = ${station.grant}`)
    expect([await readers().hear(code, good()), await readers().readings(id)]).toEqual([false, []])
  })

  test('a dump shows no code', async () => {
    const code = await paired()
    const row = JSON.stringify(await db.rows(sql`select *, encode(sealed, 'escape') as text from desk_reader`))
    expect([row.includes(code), (await readers().ofApplication(id))?.code]).toEqual([false, code])
  })
})
