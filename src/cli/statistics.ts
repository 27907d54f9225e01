import type { Command } from 'commander'
import type { Print } from './print.ts'
import { withHouse } from './with-house.ts'

type Flags = { json?: boolean; recount?: boolean }

/** `statistics refresh`. */
export function addStatisticsCommands(program: Command, print: Print): void {
  const statistics = program.command('statistics').description('Counts of sign-ins, registrations and accounts; none is of a person')

  statistics.command('refresh')
    .description('Count what has happened since the last time, but for the last minute; the server does so every five minutes')
    .option('--recount', 'count the accounts anew, although that was done lately')
    .option('--json', 'tell the result as JSON')
    .addHelpText('after', '\nIt may run as often as one likes, also while servers do: each event counts once.')
    .action((flags: Flags) => runRefresh(print, flags))
}

async function runRefresh(print: Print, { json, recount = false }: Flags): Promise<void> {
  const { events, until } = await withHouse(async ({ statistics, clock }) => {
    const refreshed = await statistics.refresh(clock.now(), { recount })
    return { ...refreshed, until: (await statistics.countedUntil()).events.toISOString() }
  })
  print(json ? JSON.stringify({ events, until }) : `${events} events were counted; everything up to ${until} is in the statistics.`)
}
