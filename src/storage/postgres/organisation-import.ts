import { sql, type RawBuilder } from 'kysely'
import type { Organisation } from '#domain/organisation/organisation.ts'
import type { Sealer } from '#keys/seal.ts'
import type { Db } from './db.ts'
import { findOrganisation, representativePlace } from './organisation-row.ts'
import { moveOrganisation } from './organisation-account.ts'
import { endFallen } from './organisation-sessions.ts'

/** An arbitrary name for the lock; no other lock of this program has it. */
const importLock = 7_019_550

/** See `OrganisationStore.importAll`. */
export async function importOrganisationsInto(db: Db, sealer: Sealer, batches: AsyncIterable<readonly Organisation[]>, at: Date): Promise<{ inserted: number; replaced: number }> {
  await db.rows(sql`select pg_advisory_xact_lock(${importLock})`)
  const done = { inserted: 0, replaced: 0 }
  for await (const batch of batches) {
    for (const one of batch) {
      const is = await put(db, sealer, one, at)
      if (is !== 'unchanged') done[is] += 1
    }
  }
  return done
}

/** What the registration tells, in the order of `valuesOf`. */
const told = sql`name, foreign_name, tax_code, address, state, source_version, confirmed_at`

function valuesOf({ name, foreignName, taxCode, address, state, source }: Organisation): RawBuilder<unknown> {
  return sql`${name}::text, ${foreignName ?? null}::text, ${taxCode ?? null}::text, ${address ?? null}::text, ${state}::text, ${source.version}::bigint, ${source.confirmedAt}::timestamptz`
}

type Held = { id: string; state: Organisation['state']; source_version: number; same: boolean }

/** The row is held before its representatives are read or written, so that who applies meanwhile comes before or after. */
async function put(db: Db, sealer: Sealer, one: Organisation, at: Date): Promise<'inserted' | 'replaced' | 'unchanged'> {
  const held = await db.first(sql<Held>`
    select id, state, source_version, (${told}) is not distinct from (${valuesOf(one)}) as same from organisation where code = ${one.code} and not pending for no key update`)
  if (held === undefined) {
    await db.change(sql`insert into organisation (id, code, ${told}) values (${one.id}, ${one.code}, ${valuesOf(one)})`)
    await putRepresentatives(db, sealer, one.id, one)
    return 'inserted'
  }
  if ((held.same && (await representsAsBefore(db, sealer, held.id, one))) || one.source.version < held.source_version || (held.state === 'dissolved' && one.state !== 'dissolved')) return 'unchanged'
  await db.change(sql`update organisation set (${told}) = row(${valuesOf(one)}) where id = ${held.id}`)
  await putRepresentatives(db, sealer, held.id, one)
  if (one.state === 'dissolved') await moveOrganisation(db, sealer, held.id, { move: { to: 'dissolve', by: 'registry' }, at })
  else await endFallen(db, sealer, { organisation: held.id, at })
  return 'replaced'
}

/** Whether the file names the same representatives as before. */
async function representsAsBefore(db: Db, sealer: Sealer, id: string, { representatives }: Organisation): Promise<boolean> {
  const known = await findOrganisation(db, sealer, id)
  const listed = (all: readonly Omit<Organisation['representatives'][number], 'person'>[]) => all.map(({ number, name, since, until }) => JSON.stringify([number, name, since, until])).toSorted().join('\n')
  return listed(known?.representatives ?? []) === listed(representatives)
}

async function putRepresentatives(db: Db, sealer: Sealer, id: string, { representatives }: Organisation): Promise<void> {
  await db.change(sql`delete from organisation_representative where organisation_id = ${id}`)
  for (const { number, name, since, until } of representatives) {
    const blind = sealer.index('personal-number', number)
    await db.change(sql`
      insert into organisation_representative (organisation_id, blind, number, name, since, until)
      values (${id}, ${blind}, ${sealer.seal(number, representativePlace('number', id, blind))}, ${sealer.seal(name, representativePlace('name', id, blind))}, ${since}, ${until ?? null})`)
  }
}
