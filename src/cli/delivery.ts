import type { Command } from 'commander'
import { Refusal } from '#kernel/refusal.ts'
import type { Undelivered } from '#domain/signal/undelivered.ts'
import type { Print } from './print.ts'
import { withHouse } from './with-house.ts'

type Flags = { json?: boolean }

/** `deliveries list`, `retry` and `drop`: what services could not be told in all its tries. */
export function addDeliveryCommands(program: Command, print: Print): void {
  const deliveries = program.command('deliveries').description('What could not be told: logouts and pings to services, and letters to people, that all tries have failed for')

  deliveries.command('list')
    .description('List what was given up: for whom it was, how often it was tried, and how the last try ended')
    .option('--json', 'tell the result as JSON')
    .action((flags: Flags) => runList(print, flags))

  for (const act of ['retry', 'drop'] as const) {
    deliveries.command(act)
      .description(act === 'retry' ? 'Queue it again, with all its tries' : 'Give it up for good')
      .argument('<id>', 'the id that "deliveries list" shows')
      .option('--json', 'tell the result as JSON')
      .action((id: string, flags: Flags) => runAct(print, act, { id, flags }))
  }
}

async function runList(print: Print, flags: Flags): Promise<void> {
  const given = await withHouse(({ undelivered }) => undelivered.list())
  if (flags.json) return print(JSON.stringify(given.map(plain)))
  if (given.length === 0) return print('Nothing was given up: everybody has been told.')
  for (const one of given) print(`${one.id}   ${one.kind}   ${one.client ?? '–'}   since ${one.since.toISOString()}   ${one.tries} tries, the last ended in ${one.ending}`)
}

async function runAct(print: Print, act: 'retry' | 'drop', { id, flags }: { id: string; flags: Flags }): Promise<void> {
  const one = await withHouse(({ undelivered }) => undelivered[act](id))
  if (one === undefined) throw new Refusal('Nothing that was given up has this id: see eid deliveries list.')
  if (flags.json) return print(JSON.stringify({ ...plain(one), act }))
  print(act === 'retry' ? `The ${one.kind} for ${one.client ?? '–'} is queued again.` : `The ${one.kind} for ${one.client ?? '–'} is dropped.`)
}

function plain({ client, since, ...rest }: Undelivered) {
  return { ...rest, client: client ?? null, since: since.toISOString() }
}
