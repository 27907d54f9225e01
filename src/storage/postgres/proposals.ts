import { sql } from 'kysely'
import type { AccountId } from '#kernel/id.ts'
import { Problem } from '#kernel/problem.ts'
import { clientDigest } from '#domain/client/entry.ts'
import { needsSecret } from '#domain/client/profile.ts'
import { subjectOf } from '#domain/proposal/change.ts'
import type { Effect } from '#domain/proposal/effect.ts'
import type { Proposal } from '#domain/proposal/proposal.ts'
import type { ProposalRules } from '#domain/proposal/rules.ts'
import { secretOf } from '#domain/proposal/secret.ts'
import type { ProposalStore } from '#domain/proposal/store.ts'
import type { Actor } from '#domain/transparency/entry.ts'
import type { Sealer } from '#keys/seal.ts'
import { writeToApplicant } from './applicant.ts'
import { insertEvents } from './audit.ts'
import { clientToWrite, moveClient, withSecret, writeClient } from './clients.ts'
import type { Db } from './db.ts'
import { endDoubts } from './desk-reader.ts'
import { changeRoles, insertRole } from './officers.ts'
import { columns, keptStatement, toKept, toProposal, type Row } from './proposal-row.ts'
import { insertKeyChange } from './signing-keys.ts'

/** More waiting than this are not looked through in one page. */
const mostWaiting = 500
const mostAboutOne = 100

type Cap = Pick<ProposalRules, 'mostWaiting'>

export const proposals = (db: Db, sealer: Sealer, rules: Cap): ProposalStore => ({
  async find(id) {
    const row = await db.first(sql<Row>`select ${columns} from proposal where id = ${id}`)
    return row && toProposal(row)
  },

  async waiting() {
    const rows = await db.rows(sql<Row>`select ${columns} from proposal where state = 'waiting' order by id limit ${mostWaiting}`)
    return rows.map(toProposal)
  },

  async decided(most) {
    const rows = await db.rows(sql<Row>`select ${columns} from proposal where state <> 'waiting' order by id desc limit ${most}`)
    return rows.map(toProposal)
  },

  async kept(id) {
    const row = await db.first(keptStatement((whose) => sql`${whose} = ${id}`, 1))
    return row && toKept(row)
  },

  async approved({ after, most }) {
    const isOne = sql`(proposal.state = 'approved' or recorded.proposal is not null)`
    return (await db.rows(keptStatement((whose) => (after === undefined ? isOne : sql`${isOne} and ${whose} > ${after}::text`), most))).map(toKept)
  },

  async about(subject) {
    const rows = await db.rows(sql<Row>`select ${columns} from proposal where subject = ${subject} order by id desc limit ${mostAboutOne}`)
    return rows.map(toProposal)
  },

  add: (proposal, event) => db.transaction(async (tx) => {
    await insertProposal(tx, rules, proposal)
    await insertEvents(tx, [event], proposal.proposedAt)
  }),

  decide: ({ id }, { decision, effect, event }) => db.transaction(async (tx) => {
    const decided = await tx.change(sql`
      update proposal set state = ${decision.is}, decided_by = ${decision.by}, decided_at = ${decision.at},
        decision_reason = ${decision.is === 'approved' ? null : decision.reason},
        evidence = ${decision.is === 'approved' ? JSON.stringify(decision.evidence) : null}::jsonb
      where id = ${id} and state = 'waiting'`)
    if (decided !== 1) return 'over' as const
    if (effect !== undefined && !(await bringAbout(tx, sealer, { effect, by: { role: 'approver', proposal: id }, decider: decision.by, at: decision.at }))) throw new Stale()
    await insertEvents(tx, [event], decision.at)
    if (decision.is === 'approved') await writeToApplicant(tx, { proposal: id }, 'live')
    return 'done' as const
  }).catch((error: unknown) => {
    if (error instanceof Stale) return 'stale' as const
    throw error
  }),
})

/**
 * Writes a proposal within the transaction that `tx` is; its event is for the caller. Proposals of one person come one after the other, so that
 * however many are sent at once no more wait than may. Throws `proposal.too-many`.
 */
export async function insertProposal(tx: Db, { mostWaiting: most }: Cap, { id, change: what, proposer, through, proposedAt, reason }: Proposal): Promise<void> {
  await tx.rows(sql`select pg_advisory_xact_lock(hashtextextended(${`proposals of ${proposer}`}, 0))`)
  const waiting = await tx.first(sql<{ count: number }>`select count(*) as count from proposal where proposer = ${proposer} and state = 'waiting'`)
  if ((waiting?.count ?? 0) >= most) throw new Problem('proposal.too-many')
  await tx.change(sql`
    insert into proposal (id, act, subject, change, proposer, through, proposed_at, reason)
    values (${id}, ${what.act}, ${subjectOf(what)}, ${JSON.stringify(what)}::jsonb, ${proposer}, ${through ?? null}, ${proposedAt}, ${reason})`)
}

/** Undoes a decision whose change cannot take place any more. */
class Stale extends Error {}

type Doing = { effect: Effect; /** Who did it, as the public log says. */ by: Actor; decider: AccountId; at: Date }

async function bringAbout(db: Db, sealer: Sealer, { effect, by, decider, at }: Doing): Promise<boolean> {
  switch (effect.is) {
    case 'nothing': return true
    case 'role':
      await insertRole(db, effect.grant, effect.proposal)
      return true
    case 'roles': return changeRoles(db, effect, { decider, at })
    case 'doubts': return endDoubts(db, { ...effect, decider, at })
    case 'key': return insertKeyChange(db, effect.change, effect.key)
    case 'secret': {
      const live = await clientToWrite(db, sealer, effect.client)
      return live !== undefined && live.state !== 'ended' && secretOf(live) === 'there'
    }
    case 'client-state':
      return moveClient(db, { ...effect, by, at })
    case 'client': {
      const before = await clientToWrite(db, sealer, effect.client.id)
      if ((before && clientDigest(before)) !== effect.from) return false
      const { own, registered } = effect.client
      const secret = needsSecret(own.profile, registered) ? before?.registered.client_secret : undefined
      await writeClient(db, { sealer, before, after: withSecret(effect.client, secret), by, at })
      return true
    }
  }
}
