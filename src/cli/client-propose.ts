import type { Command } from 'commander'
import { Refusal } from '#kernel/refusal.ts'
import { Problem } from '#kernel/problem.ts'
import { namesSomebody } from '#domain/audit/personal-data.ts'
import type { Change } from '#domain/proposal/change.ts'
import { propose } from '#domain/proposal/propose.ts'
import { changeTo, isSameChange } from '#domain/proposal/wish.ts'
import { entryReader } from '#oidc/client/registered.ts'
import type { Config } from '#app/config.ts'
import type { House } from '#app/house.ts'
import { accountOf } from './account-of.ts'
import { readEntries } from './client-file.ts'
import { configOrExit } from './config-or-exit.ts'
import type { Print } from './print.ts'
import { readNumber } from './read-number.ts'
import { withHouse } from './with-house.ts'

type Flags = { as: string; reason: string; json?: boolean }
type Outcome = { client: string; outcome: 'proposed' | 'waiting' | 'same'; proposal?: string }

/** `client propose`: what a client file wishes, put before a second person. */
export function addPropose(client: Command, print: Print): void {
  client.command('propose')
    .description('Propose the clients of a file in the name of an officer; another officer decides at /quan-tri')
    .argument('<file>', 'a JSON file, as for client import, without secrets')
    .requiredOption('--as <number>', 'the personal number of the officer who answers for it')
    .requiredOption('--reason <text>', 'why; who decides and who audits will read it')
    .option('--json', 'tell the result as JSON')
    .addHelpText('after', '\nOne proposal for each client that is new or differs. With any fault in the file, nothing is proposed (exit code 2).')
    .action((file: string, flags: Flags) => run(print, file, flags))
}

async function run(print: Print, file: string, flags: Flags): Promise<void> {
  process.exitCode = 2
  const [entries, number, reason, config] = [await readEntries(file), readNumber(flags.as), flags.reason.trim(), configOrExit()]
  if (reason === '' || reason.length > 500) throw new Refusal('Give a reason of 1 to 500 letters: --reason TEXT')
  if (namesSomebody(reason)) throw new Refusal('A reason holds no personal number, telephone number or mail address: name the case instead.')
  const outcomes = await withHouse(async (house) => {
    const tools = { ...house, clientStore: house.clients, readEntry: readerOf(house, config) }
    const wishes = await Promise.all(entries.map((entry) => wishOf(tools, entry)))
    const faults = wishes.flatMap((wish, at) => ('fault' in wish ? [`  entry ${at + 1}: ${wish.fault}`] : []))
    if (faults.length > 0) throw new Refusal(`Nothing was proposed from ${file}:\n${faults.join('\n')}`)
    const account = await accountOf(house, number)
    const officer = { account, roles: await house.offices.of(account), through: 'command line' } as const
    const done: Outcome[] = []
    for (const wish of wishes) if (!('fault' in wish)) done.push(await proposeOne(tools, { ...wish, officer, reason }))
    return done
  })
  process.exitCode = 0
  if (flags.json) return print(JSON.stringify(outcomes))
  for (const { client, outcome, proposal } of outcomes) print([`${client}: ${outcome}`, ...(proposal === undefined ? [] : [`/quan-tri/phe-duyet/${proposal}`])].join('   '))
}

function readerOf({ clients, rules, keyring }: House, { issuer, outboundAllow, mutualTls }: Config) {
  return entryReader({
    clients, ours: [issuer], rules: { allowLocal: new URL(issuer).hostname === 'localhost', outboundAllow }, catalogue: rules.scopes, jwks: keyring.jwks, mutualTls,
  })
}

type Tools = House & { clientStore: House['clients']; readEntry: ReturnType<typeof readerOf> }

async function wishOf({ clients, readEntry }: Tools, entry: unknown): Promise<{ client: string; change: Change | undefined } | { fault: string }> {
  const read = await readEntry(entry)
  if ('fault' in read) return read
  const { client } = read
  if (client.registered.client_secret !== undefined) return { fault: 'client_secret: a proposal holds no secret; one is issued at /quan-tri once the client is there' }
  return { client: client.id, change: changeTo(client, await clients.find(client.id)) }
}

type One = { client: string; change: Change | undefined; officer: Parameters<typeof propose>[1]; reason: string }

async function proposeOne(tools: Tools, { client, change, officer, reason }: One): Promise<Outcome> {
  if (change === undefined) return { client, outcome: 'same' }
  const waiting = (await tools.proposals.about(client)).find((one) => one.decision === undefined && isSameChange(one.change, change))
  if (waiting !== undefined) return { client, outcome: 'waiting', proposal: waiting.id }
  try {
    const proposed = await propose(tools, officer, { change, reason })
    if ('fault' in proposed) throw new Refusal(`${client}: ${proposed.fault}`)
    return { client, outcome: 'proposed', proposal: proposed.proposal.id }
  } catch (error) {
    if (error instanceof Problem && error.code === 'officer.not-allowed') throw new Refusal(`${client}: the roles of this officer do not allow to propose it.`, { cause: error })
    if (error instanceof Problem && error.code === 'proposal.stale') throw new Refusal(`${client}: this client has ended; a new one needs another client_id.`, { cause: error })
    throw error
  }
}
