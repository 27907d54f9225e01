import { readFile } from 'node:fs/promises'
import type { Command } from 'commander'
import { clientId } from '#kernel/id.ts'
import { Refusal } from '#kernel/refusal.ts'
import { linkFile, mostSubjects, readSubjects, reportLinks } from '#domain/account/link.ts'
import type { Print } from './print.ts'
import { withHouse } from './with-house.ts'

/** `client link-status`. */
export function addLinkCommand(client: Command, print: Print): void {
  client.command('link-status')
    .description('Whether accounts that a service links to its own can still be signed in with: linked, locked, closed or unknown')
    .argument('<client>', 'the client_id; only subjects of its sector are known')
    .argument('<file>', `the subjects (sub), one a line, ${mostSubjects.toLocaleString('en')} at most`)
    .option('--json', 'tell the result as JSON')
    .addHelpText('after', '\nThat and how many were asked about is on record, as it is at /quan-tri.')
    .action((id: string, file: string, flags: { json?: boolean }) => runLinkStatus(print, { id, file, ...flags }))
}

async function runLinkStatus(print: Print, { id, file, json = false }: { id: string; file: string; json?: boolean }): Promise<void> {
  const text = await readFile(file, 'utf8').catch((cause: unknown) => {
    throw new Refusal(`${file} cannot be read: check the path and the permissions.`, { cause })
  })
  const read = readSubjects(text)
  if ('fault' in read) {
    throw new Refusal(read.fault === 'too-many' ? `${file} has more than ${mostSubjects} subjects: ask in several files.` : `Line ${read.fault.line} of ${file} is no subject: one sub a line, and nothing else.`)
  }
  const rows = await withHouse(async (house) => {
    const client = await house.clients.find(clientId.parse(id))
    if (client === undefined) throw new Refusal(`There is no client called ${id}: see eid client list.`)
    return reportLinks(house, { client: client.id, sector: client.own.sector, by: 'operator', subjects: read.subjects })
  })
  print(json ? JSON.stringify(rows.map(([sub, status]) => ({ sub, status }))) : linkFile(rows).trimEnd())
}
