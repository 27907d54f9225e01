import { sql } from 'kysely'
import { z } from 'zod'
import { accountId, applicationId, personId } from '#kernel/id.ts'
import type { Application, Code } from '#domain/desk/application.ts'
import { deskCode } from '#domain/desk/code.ts'
import { evidenceKinds, type Purpose } from '#domain/desk/rules.ts'
import type { Sealer } from '#keys/seal.ts'

export type Row = {
  id: string; reference: string; purpose: Purpose; person_id: string; account_id: string; case_number: string
  officer: string; grant_id: string; desk: string; commune: string; badge: string | null
  seen: string[]; biometrics_missing: boolean; state: Application['state']; received_at: Date; worked_at: Date; due_on: string; decided_at: Date | null; refusal: Application['refusal'] | null
  sealed: Uint8Array | null; session: string | null; expires_at: Date | null; browser: string | null; number: number | null; confirmed_at: Date | null; ended: Code['ended'] | null
}

export const selected = sql`
  select a.id, a.reference, a.purpose, a.person_id, a.account_id, a.case_number, a.officer, a.grant_id, a.desk, a.commune, a.badge, a.seen, a.biometrics_missing, a.state,
    a.received_at, a.worked_at, a.due_on::text as due_on, a.decided_at, a.refusal, c.sealed, c.session, c.expires_at, c.browser, c.number, c.confirmed_at, c.ended
  from desk_application a left join desk_code c on c.application_id = a.id`

/** Bound to its application: the code of another does not open. */
export const sealedAt = (application: string) => ({ table: 'desk_code', column: 'sealed', row: application })

export const toApplication = (row: Row, sealer: Sealer): Application => ({
  id: applicationId.parse(row.id),
  reference: row.reference,
  purpose: row.purpose,
  person: personId.parse(row.person_id),
  account: accountId.parse(row.account_id),
  case: row.case_number,
  station: { officer: accountId.parse(row.officer), grant: row.grant_id, desk: row.desk, commune: row.commune, badge: row.badge ?? undefined },
  seen: z.array(z.enum(evidenceKinds)).parse(row.seen),
  biometricsMissing: row.biometrics_missing,
  state: row.state,
  receivedAt: row.received_at,
  workedAt: row.worked_at,
  dueOn: row.due_on,
  decidedAt: row.decided_at ?? undefined,
  refusal: row.refusal ?? undefined,
  code: codeOf(row, sealer),
})

function codeOf({ id, sealed, session, expires_at: expiresAt, ...row }: Row, sealer: Sealer): Code | undefined {
  if (sealed === null || session === null || expiresAt === null) return undefined
  return {
    code: deskCode.parse(sealer.open(sealed, sealedAt(id))), session, expiresAt,
    browser: row.browser ?? undefined, number: row.number ?? undefined, confirmed: row.confirmed_at !== null, ended: row.ended ?? undefined,
  }
}
