import { sql } from 'kysely'
import type { Db } from '#storage/postgres/db.ts'

/**
 * Whether a migration only adds: while servers are exchanged one by one, those of the release before run on the new tables, and what they
 * wrote before they still may write (R13; docs/reliability.md). Read from the database's own catalogue, before and after.
 */
export type Shape = {
  tables: ReadonlyMap<string, { file: string }>
  columns: ReadonlyMap<string, Column>
  constraints: ReadonlyMap<string, Constraint>
  indexes: ReadonlyMap<string, Index>
}
type Column = { table: string; type: string; nullable: boolean; filled: boolean }
type Constraint = { table: string; text: string; columns: readonly string[] }
type Index = { table: string; unique: boolean; text: string }

/** A row or more for each citizen or each sign-in: to read one of them from end to end takes minutes, in which nobody could write. */
const large: ReadonlySet<string> = new Set([
  'person', 'person_number', 'account', 'account_lock', 'passkey', 'contact', 'consent', 'audit_event', 'subject', 'service_session', 'service_session_earlier', 'kept', 'notice',
])

export async function shapeOf(db: Pick<Db, 'rows'>): Promise<Shape> {
  const tables = await db.rows(sql<{ name: string; file: string }>`
    select relname as name, relfilenode::text as file from pg_class where relnamespace = 'public'::regnamespace and relkind in ('r', 'p')`)
  const columns = await db.rows(sql<Column & { name: string }>`
    select c.relname || '.' || a.attname as name, c.relname as "table", format_type(a.atttypid, a.atttypmod) as type, not a.attnotnull as nullable,
      a.atthasdef or a.attidentity <> '' as filled
    from pg_attribute a join pg_class c on c.oid = a.attrelid
    where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') and a.attnum > 0 and not a.attisdropped`)
  const constraints = await db.rows(sql<Constraint & { name: string }>`
    select c.relname || '.' || k.conname as name, c.relname as "table", pg_get_constraintdef(k.oid) as text,
      array(select a.attname::text from pg_attribute a where a.attrelid = k.conrelid and a.attnum = any(k.conkey)) as columns
    from pg_constraint k join pg_class c on c.oid = k.conrelid where k.connamespace = 'public'::regnamespace and k.contype in ('c', 'f', 'x')`)
  const indexes = await db.rows(sql<Index & { name: string }>`
    select i.relname as name, c.relname as "table", x.indisunique as unique, pg_get_indexdef(x.indexrelid) as text
    from pg_index x join pg_class i on i.oid = x.indexrelid join pg_class c on c.oid = x.indrelid where c.relnamespace = 'public'::regnamespace`)
  return { tables: named(tables), columns: named(columns), constraints: named(constraints), indexes: named(indexes) }
}

const named = <Thing>(rows: readonly (Thing & { name: string })[]): ReadonlyMap<string, Thing> => new Map(rows.map((row) => [row.name, row]))

/** In words, what servers of the release before would trip over, or wait for. */
export function tripsOver(before: Shape, after: Shape): readonly string[] {
  return [...ofTables(before, after), ...ofColumns(before, after), ...ofConstraints(before, after), ...ofIndexes(before, after)]
}

function ofTables(before: Shape, after: Shape): readonly string[] {
  return [...before.tables].flatMap(([name, { file }]) => {
    const now = after.tables.get(name)
    if (now === undefined) return [`the table ${name} is gone`]
    return now.file === file ? [] : [`the table ${name} is written anew, and closed meanwhile`]
  })
}

function ofColumns(before: Shape, after: Shape): readonly string[] {
  const changed = [...before.columns].flatMap(([name, was]) => {
    const now = after.columns.get(name)
    if (now === undefined) return after.tables.has(was.table) ? [`the column ${name} is gone`] : []
    return [
      ...(now.type === was.type ? [] : [`the column ${name} is ${now.type} and was ${was.type}`]),
      ...(was.nullable && !now.nullable ? [`the column ${name} must have a value`] : []),
      ...(was.filled && !now.filled && !now.nullable ? [`the column ${name} is no longer filled by itself`] : []),
    ]
  })
  const added = [...after.columns].filter(([name, { table }]) => before.tables.has(table) && !before.columns.has(name))
  return [...changed, ...added.flatMap(([name, { nullable, filled }]) => (nullable || filled ? [] : [`the new column ${name} must have a value`]))]
}

/** What is asked of new columns alone asks nothing of who does not know them. */
function ofConstraints(before: Shape, after: Shape): readonly string[] {
  return [...after.constraints].flatMap(([name, { table, text, columns }]) => {
    const isOld = before.tables.has(table) && columns.some((column) => before.columns.has(`${table}.${column}`))
    return !isOld || before.constraints.get(name)?.text === text ? [] : [`the table ${table} asks for more: ${text}`]
  })
}

const columnsIn = (text: string): string => text.slice(text.indexOf(' USING btree (') + ' USING btree ('.length)

/** Whether one that was there takes one of a kind by fewer columns, of every row: then no row is refused that was taken before. */
function isLooser({ indexes }: Shape, { table, text }: Index): boolean {
  return [...indexes.values()].some((old) => {
    const columns = columnsIn(old.text)
    return old.unique && old.table === table && (columnsIn(text).startsWith(`${columns.slice(0, -1)}, `) || columnsIn(text).startsWith(`${columns} WHERE `))
  })
}

function ofIndexes(before: Shape, after: Shape): readonly string[] {
  return [...after.indexes].flatMap(([name, { table, unique, text }]) => {
    if (!before.tables.has(table) || before.indexes.get(name)?.text === text) return []
    if (unique && !isLooser(before, { table, unique, text })) return [`the table ${table} takes one of a kind only: ${name}`]
    return large.has(table) ? [`the table ${table} is closed while it is read for the index ${name}`] : []
  })
}

/** Statements that go through a large table from end to end, outside of functions. */
export function goesThrough(text: string): readonly string[] {
  const plain = text.replaceAll(/--[^\n]*/g, '').replaceAll(/\$\$[^]*?\$\$/g, '')
  const found = [...plain.matchAll(/\b(?:update|delete\s+from)\s+(?:public\.)?(\w+)\s/gi)].map(([, table = '']) => table)
  return found.filter((table) => large.has(table)).map((table) => `the table ${table} is gone through in one statement`)
}
