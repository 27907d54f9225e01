import { sql } from 'kysely'
import { accountId, applicationId, personId, type AccountId } from '#kernel/id.ts'
import type { DeskStore, InPerson, Opening } from '#domain/desk/application.ts'
import type { DeskCode } from '#domain/desk/code.ts'
import { clockOf, dueGoingOn } from '#domain/desk/clock.ts'
import { standingDoubts } from '#domain/desk/doubt.ts'
import { evidenceKinds, type Purpose } from '#domain/desk/rules.ts'
import { officeFor } from '#domain/notice/office.ts'
import type { Person } from '#domain/registry/person.ts'
import type { AuditEvent } from '#domain/audit/event.ts'
import type { Sealer } from '#keys/seal.ts'
import { enqueue } from '#storage/jobs/enqueue.ts'
import { letterTo } from '#storage/jobs/letter.ts'
import { insertEvents } from './audit.ts'
import type { Db } from './db.ts'
import { lapseApplications, markOverdue } from './desk-clock.ts'
import { finishAtDesk } from './desk-finish.ts'
import { doubtsOf, holdReadings } from './desk-reader.ts'
import { sealedAt, selected, toApplication, type Row } from './desk-row.ts'

export const desk = (db: Db, sealer: Sealer): DeskStore => ({
  open: (opening, event) => db.transaction((tx) => open(tx, opening, event)),

  async find(id) {
    const row = await db.first(sql<Row>`${selected} where a.id = ${id}`)
    return row && toApplication(row, sealer)
  },

  putCode: (id, made, events) => db.transaction((tx) => putCode(tx, sealer, { id, ...made, events })).catch((error: unknown) => {
    // Two desks had the same digits at the same moment: the second one takes others.
    if (error instanceof Error && 'code' in error && error.code === '23505') return 'taken' as const
    throw error
  }),

  redeem: (code, { browser, number, until, at, whose }) => db.transaction(async (tx) => {
    const taken = await tx.first(sql<{ application_id: string; officer: string }>`
      update desk_code c set browser = ${browser}, number = ${number}, expires_at = ${until} from desk_application a
      where a.id = c.application_id and a.state = 'open' and c.hash = ${hashOf(sealer, code)} and c.browser is null and c.ended is null and c.expires_at > ${at}
        ${whose === undefined ? sql`` : sql`and a.person_id = (select person_id from person_number where blind = ${sealer.index('personal-number', whose)} and valid_to is null)`}
      returning c.application_id, a.officer`)
    if (taken === undefined) return undefined
    const id = applicationId.parse(taken.application_id)
    await insertEvents(tx, [{ type: 'desk.code-used', application: id, by: accountId.parse(taken.officer) }], at)
    return id
  }),

  async ofBrowser(browser) {
    const row = await db.first(sql<Row>`${selected} where c.browser = ${browser}`)
    return row && toApplication(row, sealer)
  },

  confirm: (id, { session, at }) => db.transaction(async (tx) => {
    const changed = await tx.first(sql<{ officer: string }>`
      update desk_code c set confirmed_at = ${at} from desk_application a
      where c.application_id = ${id} and a.id = c.application_id and a.state = 'open' and c.session = ${session} and c.browser is not null
        and c.confirmed_at is null and c.ended is null and c.expires_at > ${at} returning a.officer`)
    if (changed) await insertEvents(tx, [{ type: 'desk.confirmed', application: id, by: accountId.parse(changed.officer) }], at)
    return changed !== undefined
  }),

  deny: (id, { at, ...who }) => db.transaction(async (tx) => {
    const whose = 'session' in who ? sql`c.session = ${who.session}` : sql`c.browser = ${who.browser}`
    const changed = await tx.first(sql<{ officer: string }>`
      update desk_code c set ended = 'denied' from desk_application a
      where c.application_id = ${id} and a.id = c.application_id and a.state = 'open' and ${whose} and c.ended is null returning a.officer`)
    if (changed) await insertEvents(tx, [{ type: 'desk.denied', application: id, by: accountId.parse(changed.officer), reason: 'session' in who ? 'by-officer' : 'by-citizen' }], at)
    return changed !== undefined
  }),

  refuse: (id, { officer, reason, at }) => db.transaction(async (tx) => {
    const row = await tx.first(sql<{ account_id: string; kind: Person['kind']; reference: string; has: boolean }>`
      update desk_application a set state = 'refused', refusal = ${reason}, decided_at = ${at} where id = ${id} and state = 'open'
      returning account_id, (select kind from person where person.id = a.person_id) as kind, reference, exists (select from account where account.id = a.account_id) as has`)
    if (row === undefined) return false
    const account = accountId.parse(row.account_id)
    await tx.change(sql`update desk_code set ended = 'denied' where application_id = ${id} and ended is null`)
    await insertEvents(tx, [{ type: 'desk.refused', application: id, reason, by: officer, ...(row.has && { account }) }], at)
    if (row.has) await enqueue(tx, [letterTo(account, { about: 'desk', is: 'refused', reference: row.reference, at: at.toISOString(), office: officeFor(row) })])
    return true
  }),

  finish: (finishing) => finishAtDesk(db, sealer, finishing),
  inPerson: (account) => seenOf(db, account),
  lapse: (before, at) => lapseApplications(db, before, at),
  markOverdue: (today, at) => db.transaction((tx) => markOverdue(tx, today, at)),
})

async function seenOf(db: Db, account: AccountId): Promise<InPerson | undefined> {
  const row = await db.first(sql<{ at: Date; kinds: string[] }>`
    select max(at) as at, array_agg(kind) as kinds from account_evidence where account_id = ${account} group by application_id order by max(at) desc limit 1`)
  return row && { at: row.at, kinds: evidenceKinds.filter((kind) => row.kinds.includes(kind)) }
}

const hashOf = (sealer: Sealer, code: DeskCode) => sealer.index('desk-code', code)

type Going = { id: string; commune: string; purpose: Purpose; biometrics_missing: boolean; received_at: Date; due_on: string }

const clockIn = (purpose: Purpose, biometricsMissing: boolean) => clockOf(purpose, biometricsMissing ? 'missing' : undefined)

async function open(db: Db, { id, reference, purpose, person, account, case: caseNumber, station, receivedAt, dueOn, biometricsMissing, takeOver }: Opening, event: AuditEvent): ReturnType<DeskStore['open']> {
  const { officer, grant, desk: at, commune, badge } = station
  const opened = await db.change(sql`
    insert into desk_application (id, reference, purpose, person_id, account_id, case_number, officer, grant_id, desk, commune, badge, received_at, worked_at, due_on, biometrics_missing)
    values (${id}, ${reference}, ${purpose}, ${person}, ${account}, ${caseNumber}, ${officer}, ${grant}, ${at}, ${commune}, ${badge ?? null}, ${receivedAt}, ${receivedAt}, ${dueOn}, ${biometricsMissing})
    on conflict (person_id) where state = 'open' do nothing`)
  if (opened === 1) {
    await insertEvents(db, [event], receivedAt)
    return { is: 'open', id }
  }
  const held = await db.first(sql<Going>`
    select id, commune, purpose, biometrics_missing, received_at, due_on::text as due_on from desk_application where person_id = ${person} and state = 'open' for update`)
  const moves = held !== undefined && held.commune !== commune
  if (held === undefined || (moves && takeOver === undefined)) return { is: 'elsewhere' }
  await db.change(sql`
    update desk_application set purpose = ${purpose}, case_number = ${caseNumber}, officer = ${officer}, grant_id = ${grant}, desk = ${at}, commune = ${commune}, badge = ${badge ?? null}, worked_at = ${receivedAt}, biometrics_missing = ${biometricsMissing},
      due_on = ${dueGoingOn({ receivedAt: held.received_at, dueOn: held.due_on, clock: clockIn(held.purpose, held.biometrics_missing) }, clockIn(purpose, biometricsMissing))}
    where id = ${held.id}`)
  const there = { id: held.id }
  const events: AuditEvent[] = ['application' in event ? { ...event, application: applicationId.parse(there.id) } : event]
  if (moves && takeOver) events.push({ type: 'desk.taken-over', application: applicationId.parse(there.id), reason: takeOver, desk: at, commune, by: officer, ...('account' in event && event.account && { account: event.account }) })
  // What another officer saw is not what this one has seen.
  await db.change(sql`update desk_code set ended = 'denied' where application_id = ${there.id} and ended is null`)
  await insertEvents(db, events, receivedAt)
  return { is: 'open', id: applicationId.parse(there.id) }
}

type Putting = { id: string; events: readonly AuditEvent[] } & Parameters<DeskStore['putCode']>[1]

/** The row of the application first: who decides it meanwhile comes before or after. */
async function putCode(db: Db, sealer: Sealer, { id, code, session, station, account, seen, kept, issuedOn, expiresAt, at, events }: Putting): ReturnType<DeskStore['putCode']> {
  const { officer, grant, desk: place, badge } = station
  const there = await db.first(sql<{ person_id: string }>`select person_id from desk_application where id = ${id} and state = 'open' and commune = ${station.commune} for update`)
  if (there === undefined) return 'over'
  const person = personId.parse(there.person_id)
  await holdReadings(db, person)
  if (standingDoubts(await doubtsOf(db, person), { at, issuedOn }).length > 0) return 'doubtful'
  const held = await db.change(sql`
    update desk_application set seen = ${[...seen]}, kept_contacts = ${[...kept]}::uuid[], account_id = ${account}, officer = ${officer}, grant_id = ${grant}, desk = ${place}, badge = ${badge ?? null}
    where id = ${id} and state = 'open' and commune = ${station.commune}`)
  if (held !== 1) return 'over'
  const taken = await db.first(sql`select 1 as there from desk_code where hash = ${hashOf(sealer, code)} and browser is null and ended is null and application_id <> ${id}`)
  if (taken !== undefined) return 'taken'
  await db.change(sql`
    insert into desk_code (application_id, hash, sealed, session, expires_at)
    values (${id}, ${hashOf(sealer, code)}, ${sealer.seal(code, sealedAt(id))}, ${session}, ${expiresAt})
    on conflict (application_id) do update set hash = excluded.hash, sealed = excluded.sealed, session = excluded.session, expires_at = excluded.expires_at,
      browser = null, number = null, confirmed_at = null, ended = null`)
  await insertEvents(db, events, at)
  return 'put'
}
