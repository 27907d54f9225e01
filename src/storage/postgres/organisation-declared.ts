import { randomBytes } from 'node:crypto'
import { sql } from 'kysely'
import { dayInVietnam } from '#kernel/clock.ts'
import type { ApplicationId, OrganisationId } from '#kernel/id.ts'
import type { Declaration } from '#domain/organisation/declared.ts'
import type { Acting, OrganisationStore } from '#domain/organisation/store.ts'
import { sameName } from '#domain/registry/name.ts'
import type { Sealer } from '#keys/seal.ts'
import type { Db } from './db.ts'
import { open } from './organisation-applications.ts'
import { isTaken } from './organisation-number.ts'
import { heldOrganisation, representativePlace } from './organisation-row.ts'
import { registry } from './registry.ts'

type Declaring = Acting & { declaration: Declaration; organisation: OrganisationId; id: ApplicationId; reference: string }

/** See `OrganisationStore.declare`, within whatever transaction `db` is. */
export async function declare(db: Db, sealer: Sealer, { declaration, ...opening }: Declaring): ReturnType<OrganisationStore['declare']> {
  const { organisation: id, person, at } = opening
  const { code, name, kind, address, papers } = declaration
  const applicant = await registry(db, sealer).find(person)
  if (applicant === undefined) return 'refused'
  if (await isTaken(db, code)) return 'known'
  if (await hasDeclared(db, opening, declaration)) return 'under-way'
  await db.change(sql`
    insert into organisation (id, code, name, address, state, source_version, confirmed_at, pending) values (${id}, ${code}, ${name}, ${address}, 'operating', 0, ${at}, true)`)
  await db.change(sql`
    insert into organisation_declaration (organisation_id, kind, papers_number, papers_issuer, papers_on) values (${id}, ${kind}, ${papers.number}, ${papers.issuer}, ${papers.issuedOn})`)
  const others = declaration.others.filter(({ number }) => number !== applicant.number)
  await put(db, sealer, { organisation: id, at, number: applicant.number, name: applicant.name, blind: sealer.index('personal-number', applicant.number) })
  for (const other of others) await put(db, sealer, { organisation: id, at, ...other, blind: await blindOf(db, sealer, other) })
  return (await open(db, sealer, { ...opening, known: await heldOrganisation(db, sealer, id) })) ? 'done' : 'refused'
}

/** Their own alone: what others say of a number is not told, and stands in nobody's way before an officer has seen their papers. */
async function hasDeclared(db: Db, { person }: Pick<Acting, 'person'>, { code }: Pick<Declaration, 'code'>): Promise<boolean> {
  const row = await db.first(sql`
    select 1 from organisation o join organisation_application b on b.organisation_id = o.id
    where o.code = ${code} and o.pending and b.person_id = ${person} and b.state in ('consenting', 'waiting', 'examined')`)
  return row !== undefined
}

type Named = Declaration['others'][number]

/** By what the register finds them; by nothing where the name is not theirs, so that a slip of the hand asks no stranger, and nobody learns whose a number is (W10). */
async function blindOf(db: Db, sealer: Sealer, { number, name }: Named): Promise<Uint8Array> {
  const found = await registry(db, sealer).findByNumber(number)
  const real = sealer.index('personal-number', number)
  return found !== undefined && sameName(name, found.name) ? real : randomBytes(real.length)
}

async function put(db: Db, sealer: Sealer, { organisation, number, name, blind, at }: Named & { organisation: OrganisationId; blind: Uint8Array; at: Date }): Promise<void> {
  await db.change(sql`
    insert into organisation_representative (organisation_id, blind, number, name, since)
    values (${organisation}, ${blind}, ${sealer.seal(number, representativePlace('number', organisation, blind))}, ${sealer.seal(name, representativePlace('name', organisation, blind))}, ${dayInVietnam(at)})
    on conflict (organisation_id, blind) do nothing`)
}
