import { randomBytes, randomUUID } from 'node:crypto'
import fc from 'fast-check'
import { sql } from 'kysely'
import { beforeEach, describe, expect, test } from 'vitest'
import { accountId, clientId, type AccountId } from '#kernel/id.ts'
import { lockGrounds, type LockGround } from '#domain/account/ground.ts'
import type { Move } from '#domain/account/move.ts'
import { accountRules, movers } from '#domain/account/rules.ts'
import type { AccountStore } from '#domain/account/store.ts'
import { standing } from '#domain/account/account.ts'
import type { Person } from '#domain/registry/person.ts'
import { makeSealer } from '#keys/sealer.ts'
import { accounts } from '#storage/postgres/accounts.ts'
import { auditLog } from '#storage/postgres/audit.ts'
import type { Database } from '#storage/postgres/db.ts'
import { registry } from '#storage/postgres/registry.ts'
import { serviceSessions } from '#storage/postgres/service-sessions.ts'
import { systemClock } from '#kernel/clock.ts'
import { databases } from '#test/support/engines.ts'
import { aForeigner, aPassport, aPerson, anAccount } from '#test/support/made-up.ts'

const sealer = makeSealer({ seal: [{ version: 1, secret: randomBytes(32) }], index: randomBytes(32) })
const at = new Date('2026-11-22T03:04:05.678Z')
const runs = 25

const moves: fc.Arbitrary<Move> = fc.oneof(
  { weight: 2, arbitrary: fc.record({ to: fc.constant('activate' as const), by: fc.constantFrom(...movers) }) },
  { weight: 2, arbitrary: fc.record({ to: fc.constant('raise' as const), by: fc.constantFrom(...movers) }) },
  { weight: 6, arbitrary: fc.record({ to: fc.constantFrom('lock' as const, 'unlock' as const), ground: fc.constantFrom(...lockGrounds), by: fc.constantFrom(...movers) }) },
  { weight: 1, arbitrary: fc.constant({ to: 'end' as const }) },
)

/** A small book that a clerk could keep: three marks and a list of grounds. */
type Book = { dead: boolean; active: boolean; level: 1 | 2; grounds: ReadonlySet<LockGround> }

function written(book: Book, move: Move): Book {
  if (book.dead) return book
  switch (move.to) {
    case 'end': return { ...book, dead: true }
    case 'activate': return accountRules.activation.within.includes(move.by) ? { ...book, active: true } : book
    case 'raise': return (move.by === 'officer' || move.by === 'operator') && book.grounds.size === 0 ? { ...book, level: 2 } : book
    case 'lock': return accountRules.grounds[move.ground].lockedBy.includes(move.by) ? { ...book, grounds: new Set([...book.grounds, move.ground]) } : book
    case 'unlock': return accountRules.grounds[move.ground].clearedBy.includes(move.by) ? { ...book, grounds: new Set([...book.grounds].filter((one) => one !== move.ground)) } : book
  }
}

describe.each(Object.entries(databases))('the moves of accounts on %s', (_name, open) => {
  let db: Database
  let store: AccountStore
  beforeEach(async () => {
    db = await open()
    store = accounts(db, sealer)
  })

  async function opened(changes: Parameters<typeof anAccount>[0] = {}): Promise<AccountId> {
    const account = anAccount({ createdAt: at, ...changes })
    await store.open({ account })
    return account.id
  }
  const now = async (id: AccountId) => {
    const found = await store.findNow(id)
    if (found === undefined) throw new Error('the account is there')
    return found.account
  }
  const eventsOf = async (id: AccountId) => (await db.rows(sql<{ type: string }>`select type from audit_event where account_id = ${id} order by id`)).map(({ type }) => type)

  test('stay within the book, whatever happens in whatever order, and each is on record', async () => {
    await fc.assert(fc.asyncProperty(fc.array(moves, { maxLength: 25 }), async (sequence) => {
      const id = await opened({ state: 'issued' })
      let book: Book = { dead: false, active: false, level: 1, grounds: new Set() }
      let made = 0
      for (const move of sequence) {
        const outcome = await store.move(id, move, at)
        if (outcome.is === 'moved') made += 1
        book = written(book, move)
        const account = await now(id)
        const usable = !book.dead && book.active && book.grounds.size === 0
        expect({ move, level: account.level, dead: account.state === 'deceased', grounds: account.locks.map(({ ground }) => ground).toSorted(), usable: standing(account, 'alive', '2026-11-22').is === 'usable' })
          .toEqual({ move, level: book.level, dead: book.dead, grounds: [...book.grounds].toSorted(), usable })
      }
      expect((await eventsOf(id)).filter((type) => type.startsWith('account.'))).toHaveLength(made)
    }), { numRuns: runs })
  })

  test('nobody is moved who is not there', async () => {
    expect(await store.move(accountId.parse(randomUUID()), { to: 'lock', ground: 'holder-request', by: 'holder' }, at)).toEqual({ is: 'refused', because: 'unknown' })
  })

  test('a level, a lock and a death that arrive together end in the stricter state', async () => {
    for (let round = 0; round < 10; round += 1) {
      const id = await opened()
      await Promise.all([
        store.move(id, { to: 'raise', by: 'officer' }, at), store.move(id, { to: 'lock', ground: 'competent-body', by: 'operator' }, at),
        store.move(id, { to: 'unlock', ground: 'competent-body', by: 'operator' }, at), store.move(id, { to: 'end' }, at), store.move(id, { to: 'activate', by: 'hotline' }, at),
      ])
      const account = await now(id)
      expect([account.state, standing(account, 'alive', '2026-11-22')]).toEqual(['deceased', { is: 'refused', problem: 'account.deceased', since: undefined }])
    }
  })

  test('fifty locks at once are one, with the sessions ended once', async () => {
    const id = await opened()
    const sessions = serviceSessions(db, { begin: auditLog(db, systemClock).begin })
    await sessions.begin({ account: id, session: 'here', client: clientId.parse('portal'), sid: 'sid', grant: 'g', since: at, endsAt: new Date(at.getTime() + 3_600_000) }, [])
    const outcomes = await Promise.all(Array.from({ length: 50 }, () => store.move(id, { to: 'lock', ground: 'terms-breach', by: 'operator' }, at)))
    expect(outcomes.filter(({ is }) => is === 'moved')).toHaveLength(1)
    expect((await eventsOf(id)).toSorted()).toEqual(['account.locked', 'sessions.ended'])
  })

  test.each([
    ['deleted', (id: string) => sql`delete from account where id = ${id}`],
    ['emptied', () => sql`truncate account`],
    ['brought back', (id: string) => sql`update account set state = 'active' where id = ${id}`],
    ['given less', (id: string) => sql`update account set level = 1 where id = ${id}`],
    ['locked on no ground', (id: string) => sql`insert into account_lock (account_id, ground, since) values (${id}, 'because', now())`],
  ])('the database itself refuses that an account that ended is %s', async (_what, statement) => {
    const id = await opened({ level: 2 })
    await store.move(id, { to: 'end' }, at)
    await expect(db.change(statement(id))).rejects.toThrow()
    expect(await now(id)).toMatchObject({ state: 'deceased', level: 2, locks: [] })
  })

  describe('follow the registry:', () => {
    const lan = aPerson()
    const importing = (changes: Partial<Person>, version: number) => registry(db, sealer).importAll((async function* one() {
      yield [{ ...lan, ...changes, source: { version, confirmedAt: '2026-11-02T00:00:00Z' } }]
    })())
    const cardUntil = (expiresOn: string) => ({ card: { kind: 'can-cuoc' as const, issuedOn: '2016-08-01', issuedAt: 'Bộ Công an', expiresOn } })

    test('the account of a foreigner closes with the residence or the passport, whichever ends first, and opens when both are renewed', async () => {
      const kim = aForeigner()
      const day = (at: string) => new Date(`${at}T17:05:00Z`)
      const held = async (residence: string, passport: string, version: number) => registry(db, sealer, { now: () => day('2026-11-21') }).importAll((async function* one() {
        yield [aForeigner({ id: kim.id, card: { kind: 'residence-card', issuedOn: '2024-08-01', issuedAt: 'x', expiresOn: residence }, passport: aPassport({ expiresOn: passport }), source: { version, confirmedAt: '2026-11-02T00:00:00Z' } })]
      })())
      await held('2026-12-10', '2026-12-05', 1)
      const id = await opened({ person: kim.id, paper: 'passport', expiresOn: '2026-12-05' })
      const standingOf = async () => {
        const { paper, expiresOn, locks } = await now(id)
        return [paper, expiresOn, ...locks.map(({ ground }) => ground)]
      }
      expect([await store.followPapers(day('2026-12-04')), await standingOf()]).toEqual([{ locked: 0, unlocked: 0 }, ['passport', '2026-12-05']])
      expect([await store.followPapers(day('2026-12-05')), await standingOf()]).toEqual([{ locked: 1, unlocked: 0 }, ['passport', '2026-12-05', 'passport-expired']])
      await held('2026-12-10', '2036-12-05', 2)
      expect(await standingOf()).toEqual(['residence-card', '2026-12-10'])
      expect([await store.followPapers(day('2026-12-10')), await standingOf()]).toEqual([{ locked: 1, unlocked: 0 }, ['residence-card', '2026-12-10', 'residence-expired']])
      await held('2028-12-10', '2036-12-05', 3)
      expect(await standingOf()).toEqual(['residence-card', '2028-12-10'])
    })

    test('whoever’s paper ends within thirty days is told, once for each last day, and no others', async () => {
      const told = async (id: AccountId) => (await db.rows(sql<{ occasion: unknown }>`select occasion from notice where account_id = ${id} and occasion->>'of' = 'paper-ending' order by id`)).map(({ occasion }) => occasion)
      const day = (date: string) => new Date(`${date}T17:05:00Z`)
      const ids = {
        before: await opened({ paper: 'card', expiresOn: '2026-11-30' }), first: await opened({ paper: 'passport', expiresOn: '2026-12-01' }),
        last: await opened({ paper: 'residence-card', expiresOn: '2026-12-31' }), after: await opened({ paper: 'card', expiresOn: '2027-01-01' }), never: await opened({ paper: 'card' }),
      }
      const dead = await opened({ paper: 'card', expiresOn: '2026-12-10' })
      await store.move(dead, { to: 'end' }, at)
      expect([await store.remindOfPapers(day('2026-11-30')), await store.remindOfPapers(day('2026-11-30'))]).toEqual([2, 0])
      expect([await told(ids.first), await told(ids.last), await told(ids.before), await told(ids.after), await told(ids.never), await told(dead)])
        .toEqual([[{ of: 'paper-ending', paper: 'passport', on: '2026-12-01' }], [{ of: 'paper-ending', paper: 'residence-card', on: '2026-12-31' }], [], [], [], []])
      await db.change(sql`update account set expires_on = '2026-12-30' where id = ${ids.first}`)
      const both = await Promise.all([store.remindOfPapers(day('2026-12-01')), store.remindOfPapers(day('2026-12-01'))])
      expect([both.reduce((sum, one) => sum + one), (await told(ids.first)).length, (await told(ids.after)).length]).toEqual([2, 2, 1])
    })

    test('a day that a court has named ends what was begun before, when it comes and once', async () => {
      const court = (guardianship: Person['guardianship'], version: number) => importing({ guardianship }, version)
      await importing({}, 1)
      const id = await opened({ person: lan.id })
      await court({ ground: 'capacity-lost', since: '2099-03-01', until: '2099-05-01' }, 2)
      expect((await now(id)).courtDays).toEqual(['2099-03-01', '2099-05-01'])
      await court({ ground: 'capacity-lost', since: '2099-03-01', until: '2099-06-01' }, 3)
      const before = (await now(id)).signedOutAt
      expect([(await now(id)).courtDays, await store.followCourts(new Date('2099-02-28T16:59:59Z'))]).toEqual([['2099-03-01', '2099-06-01'], 0])
      const came = new Date('2099-02-28T17:02:00Z')
      await serviceSessions(db, auditLog(db, systemClock)).begin({ account: id, session: 's', client: clientId.parse('portal'), sid: 'x', since: at, endsAt: new Date('2099-12-31T00:00:00Z') }, [])
      expect(await store.followCourts(came)).toBe(1)
      expect((await now(id)).signedOutAt).toEqual(came)
      expect([(await now(id)).courtDays, before === undefined || before < came, await store.followCourts(came)]).toEqual([['2099-06-01'], true, 0])
      expect((await eventsOf(id)).filter((type) => type === 'sessions.ended')).toHaveLength(1)
      await court(null, 4)
      expect((await now(id)).courtDays).toBeUndefined()
    })

    test('a death ends the account, and a correction afterwards does not bring it back', async () => {
      await importing({}, 1)
      const id = await opened({ person: lan.id })
      await importing({ life: { status: 'deceased', on: '2026-11-01' } }, 2)
      await importing({ life: { status: 'alive' } }, 3)
      expect([(await now(id)).state, await eventsOf(id)]).toEqual(['deceased', ['account.ended']])
    })

    test('whose death was reported in error has a new account once the registry says that they live, one alone; the old one stays ended', async () => {
      await importing({}, 1)
      const old = await opened({ person: lan.id })
      const fresh = () => anAccount({ person: lan.id, createdAt: new Date(at.getTime() + 1000) })
      expect(await store.open({ account: fresh() })).toBe(false)
      await importing({ life: { status: 'deceased', on: '2026-11-01' } }, 2)
      expect((await store.findByPerson(lan.id))?.id).toBe(old)
      await importing({ life: { status: 'alive' } }, 3)
      const openings = Array.from({ length: 10 }, fresh)
      const outcomes = await Promise.all(openings.map((account) => store.open({ account })))
      expect(outcomes.filter((won) => won)).toHaveLength(1)
      const current = openings[outcomes.indexOf(true)]?.id ?? old
      expect((await store.findByPerson(lan.id))?.id).toBe(current)
      expect([(await now(old)).state, standing(await now(current), 'alive', '2026-11-22').is]).toEqual(['deceased', 'usable'])
      for (const move of [{ to: 'unlock', ground: 'holder-request', by: 'operator' }, { to: 'activate', by: 'officer' }] as const) {
        expect(await store.move(old, move, at)).toEqual({ is: 'refused', because: 'ended' })
      }
      await expect(db.change(sql`update account set state = 'active' where id = ${old}`)).rejects.toThrow()
      await importing({ life: { status: 'deceased', on: '2026-11-20' } }, 4)
      expect([(await now(old)).state, (await now(current)).state, await eventsOf(current)]).toEqual(['deceased', 'deceased', ['account.ended']])
    })

    test('a locked account ends with its person too, whatever the ground', async () => {
      await importing({}, 1)
      const id = await opened({ person: lan.id })
      await store.move(id, { to: 'lock', ground: 'competent-body', by: 'operator' }, at)
      await importing({ life: { status: 'deceased', on: '2026-11-01' } }, 2)
      expect([(await now(id)).state, await eventsOf(id)]).toEqual(['deceased', ['account.locked', 'account.ended']])
    })

    describe('each night', () => {
      const session = (account: AccountId) => ({ account, session: 'one', client: clientId.parse('portal'), sid: 'sid', since: at, endsAt: new Date('2099-01-01T00:00:00Z') })
      const begin = (account: AccountId) => serviceSessions(db, auditLog(db, systemClock)).begin(session(account), [])
      const queued = async () => (await db.rows(sql<{ kind: string }>`select data->>'kind' as kind from job.job where data->>'kind' in ('session-end', 'logout', 'notice')`)).map(({ kind }) => kind).toSorted()

      test('P19: the services of accounts that ended without a word to them hear of it, once', async () => {
        const id = await opened()
        await begin(id)
        // As migration 0030 has done it.
        await db.change(sql`update account set state = 'deceased' where id = ${id}`)
        expect(await store.followDeaths(at)).toEqual({ ended: 0, told: 1 })
        expect([await queued(), (await now(id)).signedOutAt, (await eventsOf(id)).toSorted((one, other) => one.localeCompare(other))]).toEqual([['session-end'], at, ['account.ended', 'sessions.ended']])
        expect(await store.followDeaths(at)).toEqual({ ended: 0, told: 0 })
      })

      test('a death ends what was opened while it was being imported', async () => {
        await importing({ life: { status: 'deceased', on: '2026-11-01' } }, 1)
        const id = await opened({ person: lan.id })
        const other = await opened()
        expect(await store.followDeaths(at)).toEqual({ ended: 1, told: 0 })
        expect([(await now(id)).state, (await now(other)).state, await queued()]).toEqual(['deceased', 'active', []])
        expect(await store.followDeaths(at)).toEqual({ ended: 0, told: 0 })
      })
    })

    test('a card that has ended closes it at once, and its renewal opens it', async () => {
      await importing({}, 1)
      const id = await opened({ person: lan.id, paper: 'card', expiresOn: '2028-03-02' })
      await importing(cardUntil('2020-01-01'), 2)
      expect(await now(id)).toMatchObject({ expiresOn: '2020-01-01', locks: [{ ground: 'card-expired' }] })
      await importing(cardUntil('2099-01-01'), 3)
      expect(await now(id)).toMatchObject({ expiresOn: '2099-01-01', locks: [] })
      expect(await eventsOf(id)).toEqual(['account.locked', 'account.unlocked'])
    })

    test('each night those whose paper ended the day before are closed, those renewed are opened, and no others are touched', async () => {
      const papers: readonly Parameters<typeof anAccount>[0][] = [
        { paper: 'card', expiresOn: '2026-11-21' }, { paper: 'residence-card', expiresOn: '2026-11-21' }, { paper: 'card', expiresOn: '2026-11-22' }, { paper: 'card' },
      ]
      const ids = await Promise.all(papers.map(opened))
      const grounds = async () => (await Promise.all(ids.map(now))).map(({ locks }) => locks.map(({ ground }) => ground))
      expect(await store.followPapers(at)).toEqual({ locked: 2, unlocked: 0 })
      expect(await grounds()).toEqual([['card-expired'], ['residence-expired'], [], []])
      expect(await store.followPapers(at)).toEqual({ locked: 0, unlocked: 0 })
      await db.change(sql`update account set expires_on = '2030-01-01' where id = ${ids[0]}`)
      expect(await store.followPapers(at)).toEqual({ locked: 0, unlocked: 1 })
      expect(await grounds()).toEqual([[], ['residence-expired'], [], []])
    })

    test('more than one look at a time holds are followed all', async () => {
      await db.change(sql`
        insert into account (id, person_id, level, state, paper, expires_on, created_at)
        select gen_random_uuid(), gen_random_uuid(), 1, 'active', 'card', '2026-11-21', now() from generate_series(1, 501)`)
      expect(await store.followPapers(at)).toEqual({ locked: 501, unlocked: 0 })
    })
  })
})
