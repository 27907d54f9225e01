import type { Command } from 'commander'
import { Refusal } from '#kernel/refusal.ts'
import { readClient, type Client } from '#domain/client/client.ts'
import { identifierFaults } from '#domain/client/register.ts'
import { checkRegistered } from '#oidc/client/registered.ts'
import type { Config } from '#app/config.ts'
import type { House } from '#app/house.ts'
import { readEntries } from './client-file.ts'
import { addPropose } from './client-propose.ts'
import { configOrExit } from './config-or-exit.ts'
import { addLinkCommand } from './client-links.ts'
import type { Print } from './print.ts'
import { withHouse } from './with-house.ts'

/** `client import`, `client propose` and `client list`. */
export function addClientCommands(program: Command, print: Print): void {
  const client = program.command('client').description('Client applications of relying parties')

  client.command('import')
    .description('Register or change clients from a file: an array of RFC 7591 metadata with our profile, sector and legal_name (docs/relying-parties/start-in-five-minutes.md)')
    .argument('<file>', 'a JSON file')
    .option('--json', 'tell the result as JSON')
    .addHelpText('after', '\nImporting the same file again changes nothing. With any fault in the file, nothing is imported (exit code 2).\nOnce a production system has officers, clients are proposed instead (eid client propose --help).')
    .action((file: string, flags: { json?: boolean }) => runImport(print, file, flags))

  addPropose(client, print)

  client.command('list')
    .description('List the clients')
    .option('--json', 'tell the result as JSON')
    .action((flags: { json?: boolean }) => runList(print, flags))

  addLinkCommand(client, print)
}

async function runImport(print: Print, file: string, flags: { json?: boolean }): Promise<void> {
  process.exitCode = 2
  const entries = await readEntries(file)
  const { issuer, mutualTls, outboundAllow, production } = configOrExit()
  const rules = { allowLocal: new URL(issuer).hostname === 'localhost', outboundAllow }
  const read = entries.map((entry) => readClient(entry, rules))
  const outcomes = await withHouse(async (house) => {
    await mustBeFree(house, production)
    const faults = await faultsOf({ ...house, mutualTls, ours: [issuer] }, read)
    if (faults.length > 0) throw new Refusal(`Nothing was imported from ${file}:\n${faults.map((fault) => `  ${fault}`).join('\n')}`)
    return bring(house, read.flatMap((one) => ('client' in one ? [one.client] : [])))
  })
  process.exitCode = 0
  if (flags.json) print(JSON.stringify(outcomes))
  else for (const { client, outcome } of outcomes) print(`${client}: ${outcome}`)
}

type Checked = Pick<House, 'keyring' | 'rules' | 'clients'> & { mutualTls: Config['mutualTls'] | undefined; ours: readonly string[] }

async function faultsOf({ keyring, rules, clients, mutualTls, ours }: Checked, read: readonly ReturnType<typeof readClient>[]): Promise<readonly string[]> {
  const check = async (one: ReturnType<typeof readClient>) =>
    'fault' in one ? one.fault : one.client.own.acts_for !== undefined ? 'acts_for: is proposed at /quan-tri by the officer themself, never imported' : checkRegistered(one.client, { jwks: keyring.jwks, catalogue: rules.scopes, mutualTls })
  const each = await Promise.all(read.map(check))
  // Only what is in order by itself is looked at beside the others.
  const together = each.every((fault) => fault === undefined)
    ? await identifierFaults({ clients, ours }, read.flatMap((one) => ('client' in one ? [one.client] : [])))
    : []
  const faults = each.map((fault, at) => fault ?? together[at])
  return faults.flatMap((fault, at) => (fault === undefined ? [] : [`entry ${at + 1}: ${fault}`]))
}

async function bring({ clients }: House, all: readonly Client[]): Promise<readonly { client: string; outcome: string }[]> {
  const outcomes = []
  for (const client of all) outcomes.push({ client: client.id, outcome: await clients.put(client, { event: { type: 'client.imported', client: client.id } }) })
  return outcomes
}

/** Once there are officers, clients of a real system come by two of them (A01). */
async function mustBeFree({ officers }: House, production: boolean): Promise<void> {
  if (production && (await officers.began())) {
    throw new Refusal('This system has officers, so that clients come by two people: eid client propose FILE.json --as NUMBER --reason TEXT, and another officer approves at /quan-tri.')
  }
}

async function runList(print: Print, flags: { json?: boolean }): Promise<void> {
  const all = await withHouse(({ clients }) => clients.list())
  const rows = all.map(({ id, own, registered }) => ({ client_id: id, client_name: registered.client_name, profile: own.profile, sector: own.sector, legal_name: own.legal_name.vi }))
  if (flags.json) return print(JSON.stringify(rows))
  if (rows.length === 0) return print('No clients yet: bring them in with: eid client import FILE.json')
  for (const row of rows) print(`${row.client_id}   ${row.profile}   ${row.sector}   ${row.client_name}`)
}
