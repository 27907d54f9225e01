import { randomBytes } from 'node:crypto'
import { Client } from 'pg'
import { afterAll, onTestFinished } from 'vitest'
import { z } from 'zod'
import { command } from './postgres-server.ts'
import { templateName } from './template.ts'

/** A database that was made for this file, and how it stood then. */
type Made = { server: string; name: string; url: string; shape: string; tables: readonly Table[] }
type Table = { table: string; /** Of all its rows. */ digest: string; /** Those that migrations had written, as JSON. */ rows: string }

const idle: Made[] = []

/**
 * The address of a database as the migrations leave it. To make one takes eight hundred files, to empty the few tables that a test wrote to
 * takes none, so the tests of one file hand theirs on. One is thrown away whose tables, rights or settings a test has changed, and one that
 * has grown or was analysed.
 */
export async function borrowPostgres(server: string): Promise<string> {
  const waiting = idle.pop()
  const made = waiting !== undefined && (await isRestored(waiting)) ? waiting : await make(server)
  onTestFinished(() => void idle.push(made))
  return made.url
}

afterAll(async () => {
  for (const made of idle.splice(0)) await drop(made)
})

const drop = ({ server, name }: Made) => command(server, `drop database ${name} with (force)`)

async function make(server: string): Promise<Made> {
  const name = `test_${randomBytes(8).toString('hex')}`
  await command(server, `create database ${name} template ${templateName}`)
  const url = new URL(server)
  url.pathname = name
  return asked(url.href, async (client) => {
    const tables: Table[] = []
    for (const { table, digest, many } of await contents(client, await tablesOf(client))) {
      const rows = many === 0 ? '[]' : text.parse((await client.query(`select json_agg(t)::text as text from ${table} t`)).rows).text
      tables.push({ table, digest, rows })
    }
    return { server, name, url: url.href, shape: await shapeOf(client), tables }
  })
}

/** Brings it back to how it stood; where that cannot be done, it is gone. */
async function isRestored(made: Made): Promise<boolean> {
  const restored = await asked(made.url, async (client) => {
    await client.query('select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()')
    if (await shapeOf(client) !== made.shape) return false
    const now = await contents(client, made.tables.map(({ table }) => table))
    const written = made.tables.filter(({ digest }, at) => digest !== now[at]?.digest)
    // Rows go in any order: foreign keys and triggers rest meanwhile.
    await client.query('begin; set local session_replication_role = replica')
    for (const { table, rows } of written) {
      await client.query(`delete from ${table}`)
      await client.query(`insert into ${table} overriding system value select * from json_populate_recordset(null::${table}, $1)`, [rows])
    }
    await client.query(`commit; select setval(format('%I.%I', schemaname, sequencename)::regclass, start_value, false) from pg_sequences where last_value is not null`)
    return true
  })
  if (!restored) await drop(made)
  return restored
}

const text = z.tuple([z.object({ text: z.string() })]).transform(([row]) => row)
const ours = `nspname !~ '^(pg_|information_schema$)'`

async function tablesOf(client: Client): Promise<readonly string[]> {
  const { rows } = await client.query(`select format('%I.%I', nspname, relname) as text from pg_class c join pg_namespace n on n.oid = relnamespace where relkind = 'r' and ${ours} order by 1`)
  return z.array(z.object({ text: z.string() })).parse(rows).map((row) => row.text)
}

/** What is in each of these tables, in their order. */
async function contents(client: Client, tables: readonly string[]) {
  const { rows } = await client.query(tables.map((table, at) => `select ${at} as at, '${table}' as table, count(*)::int as many, md5(coalesce(string_agg(t::text, ' ' order by t::text), '')) as digest from ${table} t`).join(' union all ') + ' order by at')
  return z.array(z.object({ table: z.string(), many: z.number(), digest: z.string() })).parse(rows)
}

/** One text for how its tables, functions, rights and settings are, for what its planner knows, and for its size in steps of eight megabytes. */
async function shapeOf(client: Client): Promise<string> {
  const { rows } = await client.query(`
    with ours as (select c.*, nspname from pg_class c join pg_namespace n on n.oid = relnamespace where ${ours}), said as (
      select format('%s %s %s %s %s %s', nspname, relname, relkind, relacl, reloptions, relrowsecurity) as line from ours
      union all select format('%s %s %s %s %s %s %s', attrelid, attnum, attname, atttypid, attnotnull, attacl, pg_get_expr(adbin, adrelid)) from pg_attribute a join ours on ours.oid = attrelid left join pg_attrdef on adrelid = attrelid and adnum = attnum
      union all select format('%s %s %s', conrelid, pg_get_constraintdef(k.oid), convalidated) from pg_constraint k join ours on ours.oid = conrelid
      union all select format('%s %s %s %s', tgrelid, tgname, tgenabled, pg_get_triggerdef(t.oid)) from pg_trigger t join ours on ours.oid = tgrelid
      union all select format('%s %s %s', indrelid, indisvalid, pg_get_indexdef(indexrelid)) from pg_index join ours on ours.oid = indrelid
      union all select format('%s %s %s', p.oid, proacl, prosrc) from pg_proc p join pg_namespace n on n.oid = pronamespace where ${ours}
      union all select format('%s %s', nspname, nspacl) from pg_namespace where ${ours}
      union all select format('%s %s', setrole, setconfig) from pg_db_role_setting where setdatabase = (select oid from pg_database where datname = current_database())
      union all select format('%s %s', defaclrole, defaclacl) from pg_default_acl
      union all select format('analysed %s', count(*)) from pg_statistic join ours on ours.oid = starelid
      union all select format('size %s', (pg_database_size(current_database()) - 1) / 8388608)
    ) select md5(string_agg(line, ' ' order by line)) as text from said`)
  return text.parse(rows).text
}

async function asked<Told>(url: string, ask: (client: Client) => Promise<Told>): Promise<Told> {
  const client = new Client({ connectionString: url })
  client.on('error', () => undefined)
  await client.connect()
  try {
    return await ask(client)
  } finally {
    await client.end()
  }
}
