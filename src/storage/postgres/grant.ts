import { sql } from 'kysely'
import type { OnePlane } from '#kernel/plane.ts'
import { Refusal } from '#kernel/refusal.ts'
import type { Db } from './db.ts'
import { codeOf } from './fault.ts'
import { differences, grants, grantsOf, isOurs, roles, schemas, statementsOf, type Grant } from './grants.ts'

/**
 * Makes the roles of both planes where they are missing, and gives them what the table says and nothing else; answers with the statements, which
 * are none where all is as it should be. `dryRun` changes nothing. It needs the owner of the tables, and to make roles a user that may.
 */
export async function applyGrants(db: Db, { dryRun = false }: { dryRun?: boolean } = {}): Promise<readonly string[]> {
  const tables = await tablesOf(db)
  const missing = Object.keys(grants).filter((table) => !tables.includes(table))
  if (missing.length > 0) throw new Refusal(`This database lacks ${missing.slice(0, 3).join(', ')}: run eid migrate first.`)
  const once = () => db.transaction(async (tx) => {
    const known = new Set((await tx.rows(sql<{ name: string }>`select rolname as name from pg_roles where rolname in (${sql.join(Object.values(roles))})`)).map(({ name }) => name))
    const made = Object.values(roles).filter((role) => !known.has(role)).map((role) => `create role ${role} nologin`)
    const statements = [...made, ...statementsOf(differences(await givenTo(tx), [...grantsOf('citizen'), ...grantsOf('console')]))]
    for (const statement of dryRun ? [] : statements) await tx.change(sql.raw(statement))
    return statements
  })
  // Roles are those of all databases of a server: of two who make one at once the second finds it there.
  return once().catch((error: unknown) => {
    if (error instanceof Error && ['23505', '42710'].includes(codeOf(error) ?? '')) return once()
    throw error
  })
}

const ofSchemas = sql.join([...schemas])

/** Partitions are reached through what they are parts of; one that is written to by its own name stands in the table. */
async function tablesOf(db: Db): Promise<readonly string[]> {
  const rows = await db.rows(sql<{ name: string }>`
    select n.nspname || '.' || c.relname as name from pg_class c join pg_namespace n on n.oid = c.relnamespace
    where n.nspname in (${ofSchemas}) and c.relkind in ('r', 'p', 'v', 'm', 'f') order by 1`)
  return rows.map(({ name }) => name)
}

/** What our roles were given, and what everybody was: that they may look up names in a schema, and nothing else, is as it should be. */
async function givenTo(db: Db): Promise<readonly Grant[]> {
  const rows = await db.rows(sql<Grant>`
    with given as (
      select n.nspname || '.' || c.relname as "on", a.grantee, lower(a.privilege_type) as verb
      from pg_class c join pg_namespace n on n.oid = c.relnamespace cross join lateral aclexplode(c.relacl) a where n.nspname in (${ofSchemas}) and c.relkind in ('r', 'p', 'v', 'm', 'f')
      union all
      select n.nspname || '.' || c.relname, a.grantee, lower(a.privilege_type) || ' (' || t.attname || ')'
      from pg_attribute t join pg_class c on c.oid = t.attrelid join pg_namespace n on n.oid = c.relnamespace cross join lateral aclexplode(t.attacl) a where n.nspname in (${ofSchemas})
      union all
      select 'schema ' || n.nspname, a.grantee, lower(a.privilege_type) from pg_namespace n cross join lateral aclexplode(n.nspacl) a
      where n.nspname in (${ofSchemas}) and not (a.grantee = 0 and a.privilege_type = 'USAGE'))
    select given."on", given.verb, coalesce(r.rolname, 'public') as role from given left join pg_roles r on r.oid = given.grantee
    where given.grantee = 0 or r.rolname in (${sql.join(Object.values(roles))}) order by 1, 2, 3`)
  return rows
}

/** What the user of this connection may do, by whatever way: of itself, as a role it is in or may become, as everybody. */
async function mayNow(db: Db, role: string): Promise<{ user: string; held: readonly Omit<Grant, 'role'>[] }> {
  const held = await db.rows(sql<Omit<Grant, 'role'>>`
    with seen as (
      select c.oid, c.relowner, n.nspname || '.' || c.relname as "on", has_schema_privilege(n.oid, 'usage') as entered
      from pg_class c join pg_namespace n on n.oid = c.relnamespace where n.nspname in (${ofSchemas}) and c.relkind in ('r', 'p', 'v', 'm', 'f'))
    select "on", verb from seen cross join (values ('select'), ('insert'), ('update'), ('delete'), ('truncate'), ('trigger'), ('references')) as v(verb)
    where entered and (has_table_privilege(oid, verb) or (verb in ('select', 'insert') and has_any_column_privilege(oid, verb)))
    union all
    select "on", 'update (' || t.attname || ')' from seen join pg_attribute t on t.attrelid = seen.oid and t.attnum > 0 and not t.attisdropped
    where entered and not has_table_privilege(seen.oid, 'update') and has_column_privilege(seen.oid, t.attnum, 'update')
    union all
    select "on", 'own' from seen where pg_has_role(relowner, 'member')
    union all
    select rolname, 'become' from pg_roles where rolname not in (current_user, ${role}) and pg_has_role(oid, 'member')
    union all
    select 'of the server', attribute from pg_roles cross join lateral (values (rolcreaterole, 'make roles'), (rolreplication, 'copy all data')) as a(has, attribute)
    where rolname = current_user and has
    union all
    select 'schema ' || nspname, lower(verb) from pg_namespace cross join (values ('USAGE'), ('CREATE')) as v(verb)
    where nspname in (${ofSchemas}) and has_schema_privilege(oid, verb)`)
  const user = await db.first(sql<{ name: string }>`select current_user as name`)
  return { user: user?.name ?? '', held }
}

const shown = (some: readonly Grant[]) => some.slice(0, 5).map(({ verb, on }) => `${verb} ${on}`).join(', ') + (some.length > 5 ? ` and ${some.length - 5} more` : '')

/**
 * A process of one plane whose user of the database may do more than its plane, or less, does not start: the wall would be there on paper alone. What
 * `eid database grants` of a later release has given besides is no reason (`isOurs`). Throws `Refusal`.
 */
export async function mustBeRoleOf(db: Db, plane: OnePlane): Promise<void> {
  const role = roles[plane]
  const { user, held } = await mayNow(db, role).catch((cause: unknown) => {
    throw new Refusal(`The database cannot be used (${cause instanceof Error && cause.message !== '' ? cause.message : 'it does not answer'}): start it, or correct DATABASE_URL.`, { cause })
  })
  const { lacking, excess } = differences(held.filter(isOurs).map((one) => ({ ...one, role })), grantsOf(plane))
  if (excess.length > 0) throw new Refusal(`With PLANE=${plane} the user ${user} of the database may do too much (${shown(excess)}): let DATABASE_URL name a user that is in the role ${role} and in no other.`)
  if (lacking.length > 0) throw new Refusal(`With PLANE=${plane} the user ${user} of the database may do too little (${shown(lacking)}): run eid migrate and eid database grants as the owner of the tables, and let the user be in the role ${role}.`)
}
