import { createInterface } from 'node:readline/promises'
import { Writable } from 'node:stream'
import { Option, type Command } from 'commander'
import { clientId, proposalId } from '#kernel/id.ts'
import { Problem } from '#kernel/problem.ts'
import { writtenKey } from '#kernel/random.ts'
import { Refusal } from '#kernel/refusal.ts'
import type { EmergencyAct } from '#domain/break-glass/act.ts'
import { readiness, sealableDays } from '#domain/break-glass/key.ts'
import { breakGlass, drill, seal, type EmergencyFault } from '#domain/break-glass/use.ts'
import type { House } from '#app/house.ts'
import { signingAt } from '#app/signing.ts'
import { accountOf } from './account-of.ts'
import type { Print } from './print.ts'
import { readNumber } from './read-number.ts'
import { withLastResort } from './with-house.ts'

type Flags = { json?: boolean }
type UseFlags = Flags & { reason: string; suspend: string[]; lockOfficer: string[]; activateKey: string[]; revokeKey: string[] }

const many = (flags: string, what: string) => new Option(flags, what).default([])

/** `officer break-glass …`: what works when nobody can sign in (A07; docs/administration.md). */
export function addBreakGlassCommands(officer: Command, print: Print): void {
  const glass = officer.command('break-glass').description('The sealed key of the emergency: for when nobody can sign in. It needs the key file of the server and the database, and nothing else')

  glass.command('seal')
    .description('Make the key that two people approved at /quan-tri/khan-cap and show it, once: write it on paper and seal it')
    .argument('<proposal>', 'the id of the approved proposal, as its page shows')
    .option('--json', 'tell the result as JSON')
    .action((proposal: string, flags: Flags) => runSeal(print, proposal, flags))

  glass.command('use')
    .description('Break the seal, once, for everything that is named. The key is read from the standard input')
    .requiredOption('--reason <text>', 'why; whoever audits will read it')
    .addOption(many('--suspend <client...>', 'suspend these clients'))
    .addOption(many('--lock-officer <number...>', 'end all roles of these people, by personal number'))
    .addOption(many('--activate-key <kid...>', 'let a staged signing key take over at once'))
    .addOption(many('--revoke-key <kid...>', 'revoke these signing keys at once: what they signed stops verifying'))
    .option('--json', 'tell the result as JSON')
    .addHelpText('after', '\nEverything is on record before it takes effect; auditors and super admins are alarmed. What can be named: eid client list, eid keys list.')
    .action((flags: UseFlags) => runUse(print, flags))

  glass.command('drill')
    .description('Try the key, file and database without doing anything; the key is not spent. Once a month. The key is read from the standard input')
    .option('--json', 'tell the result as JSON')
    .action((flags: Flags) => runDrill(print, flags))

  glass.command('show')
    .description('Say whether there is a sealed key, and when it was tried last')
    .option('--json', 'tell the result as JSON')
    .action((flags: Flags) => runShow(print, flags))
}

async function runSeal(print: Print, typed: string, flags: Flags): Promise<void> {
  const id = proposalId.safeParse(typed).data
  const key = writtenKey()
  await withLastResort(async (house) => {
    const proposal = id && (await house.proposals.find(id))
    if (proposal?.change.act !== 'break-glass.seal' || proposal.decision?.is !== 'approved') throw new Refusal('Two people decide first, at /quan-tri/khan-cap: there is no approved proposal with this id.')
    if (!(await house.isApproved(proposal.id))) throw new Refusal('This approval does not hold, and no key was made: eid audit verify-approval says why.')
    if ((await seal(toolsOf(house), { id: proposal.id, decidedAt: proposal.decision.at }, key)) === undefined) throw new Refusal(`A key was made by this proposal already, or it was approved more than ${sealableDays} days ago: propose another at /quan-tri/khan-cap.`)
  })
  if (flags.json) return print(JSON.stringify({ key }))
  print(`${key}\n\nThis is shown once. Write it on paper, seal it in front of both, and clear this screen. Keys before it are no longer good.`)
}

async function runUse(print: Print, { reason, json, ...named }: UseFlags): Promise<void> {
  const why = reason.trim()
  if (why === '' || why.length > 500) throw new Refusal('Give a reason of 1 to 500 letters: --reason TEXT')
  const typed = await readKey()
  const acts = await withLastResort(async (house) => {
    const wanted = await actsOf(house, named)
    if (wanted.length === 0) throw new Refusal('Name what is to be done: see eid officer break-glass use --help.')
    const faults = await opened(() => breakGlass(toolsOf(house), { typed, acts: wanted, reason: why }))
    if (faults.length > 0) throw new Refusal(`Nothing was done, and the key is not spent:\n${faults.map(sentenceOf).join('\n')}`)
    return wanted
  })
  if (json) return print(JSON.stringify({ done: acts }))
  print(`Done: ${acts.length}. The key is spent: propose another at /quan-tri/khan-cap.`)
}

async function runDrill(print: Print, flags: Flags): Promise<void> {
  const typed = await readKey()
  await withLastResort((house) => opened(() => drill(toolsOf(house), typed)))
  print(flags.json ? JSON.stringify({ drilled: true }) : 'The key is the one in force. Nothing was done, and it is not spent: seal it again.')
}

async function runShow(print: Print, flags: Flags): Promise<void> {
  const { key, now } = await withLastResort(async ({ breakGlass: keys, clock }) => ({ key: await keys.newest(), now: clock.now() }))
  const state = readiness(key, now)
  if (flags.json) return print(JSON.stringify({ state, sealedAt: key?.sealedAt ?? null, drilledAt: key?.drilledAt ?? null, spentAt: key?.spentAt ?? null }))
  print([keyStates[state], ...(key === undefined ? [] : [`sealed ${key.sealedAt.toISOString()}`, `last drill ${key.drilledAt?.toISOString() ?? 'never'}`])].join('   '))
}

const keyStates: Readonly<Record<ReturnType<typeof readiness>, string>> = {
  missing: 'There is no sealed key that could be used: propose one at /quan-tri/khan-cap.',
  'drill-due': 'There is a sealed key, and it is to be tried again: eid officer break-glass drill',
  ready: 'There is a sealed key, and it was tried of late.',
}

function toolsOf(house: House) {
  const { keyring, keyChanges, keyNodes, clients, rules } = house
  const { held } = signingAt(keyring.signing, [], house.clock.now())
  return {
    ...house, clientStore: clients, keyRules: rules.keys, signingKeys: { ...keyChanges, ...keyNodes, held },
    hashOf: (key: string) => keyring.sealer.index('break-glass', key),
  }
}

async function actsOf(house: House, { suspend, lockOfficer, activateKey, revokeKey }: Pick<UseFlags, 'suspend' | 'lockOfficer' | 'activateKey' | 'revokeKey'>): Promise<readonly EmergencyAct[]> {
  const accounts = await Promise.all([...new Set(lockOfficer)].map((number) => accountOf(house, readNumber(number))))
  const clients = [...new Set(suspend)].map((name) => clientId.safeParse(name).data ?? refuse(`${name} is no client_id.`))
  return [
    ...clients.map((client) => ({ act: 'client.suspend' as const, client })),
    ...accounts.map((account) => ({ act: 'officer.lock' as const, account })),
    // Before the one that it follows goes.
    ...[...new Set(activateKey)].map((kid) => ({ act: 'key.activate' as const, kid })),
    ...[...new Set(revokeKey)].map((kid) => ({ act: 'key.revoke' as const, kid })),
  ]
}

function refuse(sentence: string): never {
  throw new Refusal(sentence)
}

async function opened<T>(act: () => Promise<T>): Promise<T> {
  try {
    return await act()
  } catch (error) {
    if (error instanceof Problem && error.code === 'officer.not-allowed') throw new Refusal('This is not the sealed key in force. The try is on record.', { cause: error })
    throw error
  }
}

const faults: Readonly<Record<EmergencyFault['fault'], string>> = {
  'not-live': 'is no live client',
  'no-roles': 'has no roles',
  'unknown-key': 'is not in the key file of this server',
  'not-staged': 'is not staged',
  'not-in-use': 'is revoked already',
  'only-key': 'is the only key that signs with its algorithm: name a staged one with --activate-key',
  'too-soon': 'cannot count yet',
  'not-published-long': 'was not published long enough',
  'not-everywhere': 'is not in the key file of every running server',
}

function sentenceOf({ act, fault }: EmergencyFault): string {
  const name = act.act === 'client.suspend' ? act.client : act.act === 'officer.lock' ? 'one of these people' : act.kid
  return `  ${act.act}: ${name} ${faults[fault]}`
}

/** From the standard input, so that it stands in no list of processes and no history of a shell; what is typed is not shown. */
async function readKey(): Promise<string> {
  const hidden = new Writable({ write: (_chunk, _encoding, done) => done() })
  if (process.stdin.isTTY) process.stderr.write('The sealed key: ')
  const lines = createInterface({ input: process.stdin, output: hidden, terminal: process.stdin.isTTY })
  try {
    for await (const line of lines) return line
  } finally {
    lines.close()
  }
  throw new Refusal('The key is read from the standard input, and there was none.')
}
