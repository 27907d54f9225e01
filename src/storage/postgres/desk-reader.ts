import { sql } from 'kysely'
import { z } from 'zod'
import { dayInVietnam } from '#kernel/clock.ts'
import { accountId, applicationId, personId, type AccountId, type ApplicationId, type PersonId, type ProposalId } from '#kernel/id.ts'
import type { AuditEvent } from '#domain/audit/event.ts'
import { isDoubtful, isForgery, type Doubt } from '#domain/desk/doubt.ts'
import { readerCode, type Heard, type Paired, type Pairing, type ReaderCode, type ReaderStore } from '#domain/desk/reader.ts'
import { isChipPart, isChipReason } from '#domain/chip/reason.ts'
import type { Sealer } from '#keys/seal.ts'
import { insertEvents } from './audit.ts'
import type { Db } from './db.ts'

const sealedAt = (application: string) => ({ table: 'desk_reader', column: 'sealed', row: application })
const hashOf = (sealer: Sealer, code: ReaderCode) => sealer.index('desk-reader', code)

export const deskReaders = (db: Db, sealer: Sealer): ReaderStore => ({
  pair: (id, { code, station: { officer, commune }, session, expiresAt, at }) => db.transaction(async (tx) => {
    const held = await tx.first(sql`select 1 as there from desk_application where id = ${id} and state = 'open' and officer = ${officer} and commune = ${commune} for update`)
    if (held === undefined) return false
    const letIn = await tx.change(sql`
      insert into desk_reader as r (application_id, hash, sealed, officer, session, expires_at)
      values (${id}, ${hashOf(sealer, code)}, ${sealer.seal(code, sealedAt(id))}, ${officer}, ${session}, ${expiresAt})
      on conflict (application_id) do update set hash = excluded.hash, sealed = excluded.sealed, officer = excluded.officer, session = excluded.session,
        expires_at = excluded.expires_at, asked_at = null, heard_at = null
      where r.officer = excluded.officer or r.asked_at is null or r.heard_at is not null or r.expires_at <= ${at}`)
    if (letIn !== 1) return false
    await insertEvents(tx, [{ type: 'desk.reader-paired', application: id, by: officer }], at)
    return true
  }),

  async ofApplication(id) {
    const row = await db.first(sql<PairingRow>`select sealed, officer, session, expires_at, asked_at, heard_at from desk_reader where application_id = ${id}`)
    return row && toPairing(row, id, sealer)
  },

  find: (code, how) => found(db, sealer, { code, ...how }),

  async begin(code, at) {
    const changed = await db.change(sql`
      update desk_reader r set asked_at = ${at} from desk_application a
      where r.hash = ${hashOf(sealer, code)} and r.asked_at is null and r.expires_at > ${at} and a.id = r.application_id and a.state = 'open' and a.officer = r.officer`)
    return changed === 1
  },

  hear: (code, heard) => db.transaction((tx) => hear(tx, sealer, { code, heard })),

  async readings(id) {
    return readingsOf(db, id)
  },

  doubts: (person) => doubtsOf(db, person),
})

type PairingRow = { sealed: Uint8Array; officer: string; session: string; expires_at: Date; asked_at: Date | null; heard_at: Date | null }

const toPairing = ({ sealed, officer, session, expires_at: expiresAt, asked_at: asked, heard_at: heard }: PairingRow, id: ApplicationId, sealer: Sealer): Pairing => ({
  code: readerCode.parse(sealer.open(sealed, sealedAt(id))), officer: accountId.parse(officer), session, expiresAt, is: heard !== null ? 'heard' : asked === null ? 'waiting' : 'asked',
})

const stages = {
  waiting: sql`r.asked_at is null`,
  asked: sql`r.asked_at is not null and r.heard_at is null`,
  heard: sql`r.heard_at is not null`,
} satisfies Record<Pairing['is'], unknown>

async function found(db: Db, sealer: Sealer, { code, is, at }: { code: ReaderCode; is: Pairing['is']; at: Date }): Promise<Paired | undefined> {
  // What was asked is heard out, whoever goes on with the application meanwhile: it may speak against the card.
  const row = await db.first(sql<{ id: string; person_id: string; officer: string; commune: string; theirs: boolean }>`
    select a.id, a.person_id, r.officer, a.commune, a.state = 'open' and a.officer = r.officer as theirs from desk_reader r join desk_application a on a.id = r.application_id
    where r.hash = ${hashOf(sealer, code)} and r.expires_at > ${at} and ${stages[is]} and (${is === 'asked'} or (a.state = 'open' and a.officer = r.officer))`)
  return row && { application: applicationId.parse(row.id), person: personId.parse(row.person_id), officer: accountId.parse(row.officer), commune: row.theirs ? row.commune : undefined }
}

/**
 * The row of the application first, as everybody who decides it holds it: whoever gives something on this person's card, of whichever application, waits for it
 * (`holdReadings`).
 */
async function hear(db: Db, sealer: Sealer, { code, heard }: { code: ReaderCode; heard: Heard }): Promise<boolean> {
  const held = await db.first(sql<{ id: string; person_id: string; theirs: boolean }>`
    select a.id, a.person_id, a.state = 'open' and a.officer = ${heard.officer} as theirs from desk_application a
    where a.id = (select application_id from desk_reader where hash = ${hashOf(sealer, code)}) for update`)
  const doubtful = heard.is === 'refused' && isDoubtful(heard.reason)
  if (held === undefined || !(held.theirs || doubtful)) return false
  const serves = await db.first(sql`
    select 1 as there from officer_role where account_id = ${heard.officer} and role = 'enrolment-officer' and ended_at is null and ends_on >= ${dayInVietnam(heard.at)}`)
  if (serves === undefined) return false
  const ended = await db.change(sql`
    update desk_reader set heard_at = ${heard.at}
    where hash = ${hashOf(sealer, code)} and officer = ${heard.officer} and asked_at is not null and heard_at is null and expires_at > ${heard.at}`)
  if (ended !== 1) return false
  const id = applicationId.parse(held.id)
  await keep(db, id, heard)
  if (doubtful) {
    await db.change(sql`
      update desk_code set ended = 'denied' where ended is null and application_id in (select id from desk_application where person_id = ${held.person_id} and state = 'open')`)
  }
  await insertEvents(db, eventsOf(id, heard), heard.at)
  return true
}

async function keep(db: Db, application: ApplicationId, { id, officer, at, ...heard }: Heard): Promise<void> {
  const [reason, part] = heard.is === 'refused' ? [heard.reason, heard.part ?? null] : [null, null]
  const [copyCheck, signer, authority] = heard.is === 'verified' ? [heard.copyCheck, heard.signer, heard.authority] : [null, null, null]
  await db.change(sql`
    insert into desk_reading (id, application_id, officer, at, reason, part, copy_check, signer, authority)
    values (${id}, ${application}, ${officer}, ${at}, ${reason}, ${part}, ${copyCheck}, ${signer}, ${authority})`)
}

function eventsOf(application: ApplicationId, heard: Heard): readonly AuditEvent[] {
  const by = heard.officer
  if (heard.is === 'verified') return [{ type: 'desk.chip-verified', application, by }]
  const { reason } = heard
  return [{ type: 'desk.chip-refused', application, reason, by }, ...(isForgery(reason) ? [{ type: 'desk.chip-forged', application, reason, by } as const] : [])]
}

type ReadingRow = { id: string; officer: string; at: Date; reason: string | null; part: string | null; copy_check: string | null; signer: string | null; authority: string | null }

const verified = z.object({ copyCheck: z.enum(['active', 'chip', 'none']), signer: z.string(), authority: z.string() })

/** Within whatever holds the application, too. */
export async function readingsOf(db: Db, id: string): Promise<readonly Heard[]> {
  const rows = await db.rows(sql<ReadingRow>`select id, officer, at, reason, part, copy_check, signer, authority from desk_reading where application_id = ${id} order by at desc, id desc`)
  return rows.map(toHeard)
}

/**
 * Holds what is read about somebody's card as it is, until the transaction ends: a reading that is being heard is waited for, of whichever application, and what
 * comes later finds decided what is decided here. After the application itself, before its code; what stands is read in a statement of its own afterwards.
 */
export async function holdReadings(db: Db, person: PersonId): Promise<void> {
  await db.rows(sql`select 1 as there from desk_application where person_id = ${person} order by id for share`)
}

type DoubtRow = { id: string; at: Date; reason: string; officer: string; reference: string; commune: string }

/** Within whatever holds the application, too. */
export async function doubtsOf(db: Db, person: PersonId): Promise<readonly Doubt[]> {
  const rows = await db.rows(sql<DoubtRow>`
    select r.id, r.at, r.reason, r.officer, a.reference, a.commune from desk_reading r join desk_application a on a.id = r.application_id
    where a.person_id = ${person} and r.reason is not null and not exists (select from desk_doubt_end e where e.reading_id = r.id) order by r.at desc, r.id desc`)
  return rows
    .map(({ reason, officer, ...row }) => ({ ...row, reason: z.string().refine(isChipReason).parse(reason), officer: accountId.parse(officer) }))
    .filter(({ reason }) => isDoubtful(reason))
}

type Ending = { readings: readonly { id: string; chip: string; by: AccountId }[]; proposal: ProposalId; decider: AccountId; at: Date }

/** What two officers have signed: those of these that nobody has ended before. False where that is none, or a reading is not what they were shown. */
export async function endDoubts(db: Db, { readings, proposal, decider, at }: Ending): Promise<boolean> {
  let ended = 0
  for (const { id, chip, by } of readings) {
    const row = await db.first(sql<{ application_id: string }>`select application_id from desk_reading where id = ${id} and reason = ${chip} and officer = ${by}`)
    if (row === undefined || by === decider || !isChipReason(chip)) return false
    const fresh = await db.change(sql`
      insert into desk_doubt_end (reading_id, proposal_id, decided_by, at) values (${id}, ${proposal}, ${decider}, ${at}) on conflict (reading_id) do nothing`)
    if (fresh === 1) await insertEvents(db, [{ type: 'desk.doubt-ended', application: applicationId.parse(row.application_id), reason: chip, proposal, by: decider }], at)
    ended += fresh
  }
  return ended > 0
}

function toHeard({ id, officer, at, reason, part, copy_check: copyCheck, signer, authority }: ReadingRow): Heard {
  const one = { id, at, officer: accountId.parse(officer) }
  if (reason === null) return { ...one, is: 'verified', ...verified.parse({ copyCheck, signer, authority }) }
  return { ...one, is: 'refused', reason: z.string().refine(isChipReason).parse(reason), part: part === null ? undefined : z.string().refine(isChipPart).parse(part) }
}
