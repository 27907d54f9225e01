import type { Command } from 'commander'
import { Refusal } from '#kernel/refusal.ts'
import { applyGrants } from '#storage/postgres/grant.ts'
import { openDatabase } from '#storage/postgres/open.ts'
import { configOrExit } from './config-or-exit.ts'
import type { Print } from './print.ts'

type Flags = { json?: boolean; dryRun?: boolean }

/** `database grants`. */
export function addDatabaseCommands(program: Command, print: Print): void {
  program.command('database').description('The roles of the database').command('grants')
    .description('Give the roles of both planes what each may do, and nothing else; does nothing when it is so')
    .option('--dry-run', 'only say what would be done')
    .option('--json', 'tell the result as JSON')
    .addHelpText('after', '\nRun it after "eid migrate", as the owner of the tables; the first time as a user that may make roles. The users of your\nservers are yours to make, each in one of the roles: create user … in role eid_citizen.')
    .action((flags: Flags) => runGrants(print, flags))
}

async function runGrants(print: Print, { json, dryRun = false }: Flags): Promise<void> {
  const { databaseUrl, dataDir } = configOrExit()
  if (databaseUrl === undefined) throw new Refusal('The embedded database has one user, who may do everything: set DATABASE_URL.')
  const database = await openDatabase({ url: databaseUrl, dataDir })
  try {
    const statements = await database.patiently((db) => applyGrants(db, { dryRun }))
    if (json) print(JSON.stringify({ dryRun, statements }))
    else print(statements.length === 0 ? 'Both roles may do what they should, and nothing else.' : statements.map((statement) => `${statement};`).join('\n'))
  } finally {
    await database.close()
  }
}
