import { sql, type RawBuilder } from 'kysely'
import { dayInVietnam } from '#kernel/clock.ts'
import { newId, proposalId, type AccountId } from '#kernel/id.ts'
import { Refusal } from '#kernel/refusal.ts'
import type { EvidenceKind } from '#domain/desk/rules.ts'
import type { RoleGrant } from '#domain/officer/role.ts'
import type { RoleDirectory, RoleSearch } from '#domain/officer/search.ts'
import type { OfficerStore } from '#domain/officer/store.ts'
import type { Effect } from '#domain/proposal/effect.ts'
import { moveAccount } from './account-moves.ts'
import { insertAlarm } from './alarms.ts'
import { insertEvents } from './audit.ts'
import type { Db } from './db.ts'
import { rowDigest } from './proposal-row.ts'
import { columns, stateIs, toGrant, type Row } from './role-row.ts'
import { every } from './sought.ts'

export const officers = (db: Db): OfficerStore & RoleDirectory => ({
  async rolesOf(account) {
    const rows = await db.rows(sql<Row>`select ${columns} from officer_role where account_id = ${account} and ended_at is null`)
    return rows.map(toGrant)
  },

  async givenTo(account) {
    const rows = await db.rows(sql<Row & { proposal_id: string | null; mark: string | null }>`select ${columns}, proposal_id, (${markOfApproval}) as mark from officer_role where account_id = ${account} order by id`)
    return rows.map(({ proposal_id: proposal, mark, ...row }) => ({ grant: toGrant(row), ...(proposal !== null && { by: { proposal: proposalId.parse(proposal), mark: mark ?? '' } }) }))
  },

  async list() {
    const rows = await db.rows(sql<Row>`select ${columns} from officer_role order by id desc`)
    return rows.map(toGrant)
  },

  async search({ order, offset, most, ...wish }) {
    const where = conditionOf(wish)
    const counted = await db.first(sql<{ all: number }>`select count(*) as all from officer_role where ${where}`)
    const rows = await db.rows(sql<Row>`select ${columns} from officer_role where ${where} order by ${orders[order]}, id desc limit ${most} offset ${offset}`)
    return { rows: rows.map(toGrant), all: counted?.all ?? 0 }
  },

  async find(id) {
    const row = await db.first(sql<Row>`select ${columns} from officer_role where id = ${id}`)
    return row && toGrant(row)
  },

  async keyNamedAt(passkey) {
    return (await db.first(sql<{ named_at: Date }>`select named_at from officer_key where passkey_id = ${passkey}`))?.named_at
  },

  async began() {
    return (await db.first(sql`select once from officer_bootstrap`)) !== undefined
  },

  end: (id, at, event) => db.transaction(async (tx) => {
    const ended = await tx.change(sql`update officer_role set ended_at = ${at} where id = ${id} and ended_at is null`)
    if (ended === 1) await insertEvents(tx, [event], at)
    return ended === 1
  }),

  bootstrap: (wanted, at) => db.transaction(async (tx) => {
    const first = await tx.change(sql`insert into officer_bootstrap (once, at) values (true, ${at}) on conflict do nothing`)
    if (first !== 1) return false
    for (const { account, role, sector: of, post, ends_on: endsOn, proven = [] } of wanted) {
      await raiseFirst(tx, account, { proven, at })
      await insertRole(tx, { id: newId(at.getTime()), account, role, sector: of, post, since: at, endsOn }, undefined)
    }
    await insertEvents(tx, wanted.map(({ role, account, proven = [] }) => ({ type: 'role.bootstrapped', role, account, by: 'operator', ...(proven.length > 0 && { kinds: proven }) }) as const), at)
    await insertAlarm(tx, { kind: 'bootstrap', by: 'operator', at })
    return true
  }),
})

/** Of every column of the approval that gave a role, and of the key that it names. */
const markOfApproval = sql`
  select encode(sha256(convert_to(jsonb_build_array(proposal.id, ${rowDigest}, key.account_id, encode(key.public_key, 'hex'), extract(epoch from named.named_at))::text, 'UTF8')), 'hex')
  from proposal left join passkey key on key.id = proposal.evidence->>'passkey' left join officer_key named on named.passkey_id = key.id
  where proposal.id = officer_role.proposal_id`

/** What was seen of them gives them level 2, as it does at a desk; there is no officer yet who could have. */
async function raiseFirst(tx: Db, account: AccountId, { proven, at }: { proven: readonly EvidenceKind[]; at: Date }): Promise<void> {
  if (proven.length === 0) return
  for (const kind of proven) await tx.change(sql`insert into account_evidence (account_id, id, kind, at) values (${account}, ${newId(at.getTime())}, ${kind}, ${at})`)
  const raised = await moveAccount(tx, account, { move: { to: 'raise', by: 'operator' }, at })
  if (raised.is === 'refused') throw new Refusal('An account that is locked or has ended is not raised to level 2: end its grounds first.')
}

const orders = { newest: sql`id desc`, oldest: sql`id`, role: sql`role`, sector: sql`sector nulls last`, ends: sql`ends_on` } satisfies Record<RoleSearch['order'], RawBuilder<unknown>>

function conditionOf({ role, state, at, sector }: Pick<RoleSearch, 'role' | 'state' | 'at' | 'sector'>): RawBuilder<unknown> {
  return every([role && sql`role = ${role}`, sector && sql`sector = ${sector}`, state && stateIs(state, dayInVietnam(at))])
}

/** Within whatever transaction `db` is; `proposal` is what two people agreed to. The keys of that account are named with it (migration 0063). */
export async function insertRole(db: Db, { id, account, role, sector: of, post, since, endsOn }: RoleGrant, proposal: string | undefined): Promise<void> {
  await db.change(sql`
    insert into officer_role (id, account_id, role, sector, post, since, ends_on, proposal_id)
    values (${id}, ${account}, ${role}, ${of ?? null}, ${post === undefined ? null : JSON.stringify(post)}::jsonb, ${since}, ${endsOn}, ${proposal ?? null})`)
}

/** Within whatever transaction `db` is: all of it, each on record; `false` where one that is to end has ended meanwhile. */
export async function changeRoles(db: Db, { grants, ends, proposal, reason }: Extract<Effect, { is: 'roles' }>, { decider: by, at }: { decider: AccountId; at: Date }): Promise<boolean> {
  for (const { grant, account } of ends) {
    const ended = await db.change(sql`update officer_role set ended_at = ${at} where id = ${grant} and account_id = ${account} and ended_at is null`)
    if (ended !== 1) return false
  }
  for (const grant of grants) await insertRole(db, grant, proposal)
  await insertEvents(db, [
    ...ends.map(({ role, account }) => ({ type: 'role.ended', role, account, by, reason, proposal }) as const),
    ...grants.map(({ role, account }) => ({ type: 'role.granted', role, account, by, proposal }) as const),
  ], at)
  return true
}
