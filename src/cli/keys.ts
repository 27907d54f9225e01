import { Option, type Command } from 'commander'
import { Refusal } from '#kernel/refusal.ts'
import { destroyFault, type DestroyFault } from '#domain/signing-key/destroy.ts'
import type { KeyStanding } from '#domain/signing-key/standing.ts'
import { makeKeyFile, openKeyring } from '#keys/keyring.ts'
import { dropKey, stageKey } from '#keys/ring-change.ts'
import { everySecret, signingAlgorithms, type SigningAlgorithm } from '#keys/ring-file.ts'
import { longestSigned } from '#oidc/ttl.ts'
import type { House } from '#app/house.ts'
import { signingAt, type Signing } from '#app/signing.ts'
import { configOrExit } from './config-or-exit.ts'
import type { Print } from './print.ts'
import { withHouse } from './with-house.ts'

type Flags = { json?: boolean }

/** `keys init`, `keys stage`, `keys list` and `keys destroy`: the operator's part of docs/keys.md. */
export function addKeyCommands(program: Command, print: Print): void {
  const keys = program.command('keys').description('Keys that sign tokens (docs/keys.md)')

  keys.command('init')
    .description('Make the first key file of a new server, once; a file that is there is never written over')
    .argument('<file>', 'where to; its folder has to be there')
    .option('--json', 'tell the result as JSON')
    .addHelpText('after', '\nIt needs no configuration: make it on a machine that is not the server\'s.')
    .action((file: string, flags: Flags) => runInit(print, file, flags))

  keys.command('stage')
    .description('Put a new key into the key file: it is published, and signs nothing until two people decide so at /quan-tri/khoa')
    .addOption(new Option('--alg <algorithm>', 'what it signs with').choices([...signingAlgorithms]).default(signingAlgorithms[0]))
    .option('--json', 'tell the result as JSON')
    .addHelpText('after', '\nIt needs no database. Running servers that read the same file publish the key within five seconds.')
    .action((flags: Flags & { alg: SigningAlgorithm }) => runStage(print, flags))

  keys.command('list')
    .description('List the keys: name, algorithm, use, state, since when, and what is planned')
    .option('--json', 'tell the result as JSON, with the public keys')
    .action((flags: Flags) => runList(print, flags))

  keys.command('destroy')
    .description('Remove a retired key from the key file for good; refused while something that it signed may still be valid')
    .argument('<kid>', 'the name that "keys list" shows; after -- where it begins with a dash')
    .option('--json', 'tell the result as JSON')
    .action((kid: string, flags: Flags) => runDestroy(print, kid, flags))
}

async function runInit(print: Print, file: string, flags: Flags): Promise<void> {
  const { signing, transparency, secrets } = await makeKeyFile(file, new Date())
  const made = [...signing.map(({ jwk: { kid, alg } }) => ({ use: 'tokens', kid, alg })), { use: 'log', kid: transparency.jwk.kid, alg: transparency.jwk.alg }]
  const count = everySecret(secrets).length
  if (flags.json) return print(JSON.stringify({ file, mode: '0400', keys: made, secrets: count }))
  for (const { use, kid, alg } of made) print([kid, alg, use].join('   '))
  print(`\n${file} is made, its owner's alone (0400), with these keys and ${count} secrets: what seals the database, subjects, cookies and codes.
Put a copy of the whole file into a safe before any server starts with it, apart from the backups of the database: without it nothing in
them can be read, ever, and every service knows everybody anew. Then give every server the same file as KEYRING_FILE.`)
}

async function runStage(print: Print, { alg, json }: Flags & { alg: SigningAlgorithm }): Promise<void> {
  const { keyringFile, createKeys } = configOrExit()
  await openKeyring({ file: keyringFile, create: createKeys })
  const { createdAt, jwk: { kid } } = await stageKey(keyringFile, alg, new Date())
  if (json) return print(JSON.stringify({ kid, alg, state: 'staged', since: createdAt }))
  print(`${kid}   ${alg}   staged\nGive every node this key file. Then two people decide at /quan-tri/khoa from when it signs.`)
}

async function runList(print: Print, flags: Flags): Promise<void> {
  const { signing, log } = await withHouse(async (house) => ({ signing: await signingOf(house), log: house.keyring.present.filter(({ use }) => use === 'log') }))
  const { published, standing } = signing
  const rows = [
    ...standing.map((key) => ({ use: 'tokens', ...plain(key) })),
    ...log.map(({ jwk }) => ({ use: 'log', kid: jwk['kid'] ?? '', alg: jwk['alg'] ?? '', state: 'active', since: null, next: null })),
  ]
  const jwks = { keys: published }
  if (flags.json) return print(JSON.stringify({ keys: rows, jwks }))
  for (const { kid, alg, use, state, since, next } of rows) {
    print([kid, alg, use, state, ...(since === null ? [] : [`since ${since}`]), ...(next === null ? [] : [`${next.to} from ${next.at}`])].join('   '))
  }
  print(`\nPublished:\n${JSON.stringify(jwks, null, 1)}`)
}

async function runDestroy(print: Print, kid: string, flags: Flags): Promise<void> {
  const { keyringFile } = configOrExit()
  const key = await withHouse(async (house) => {
    const { held, standing } = await signingOf(house)
    const { clock, rules, keyChanges } = house
    const now = clock.now()
    const fault = destroyFault(kid, { standing, retiredAt: await keyChanges.saidAt(kid, 'retired'), longestSeconds: longestSigned(rules.ttl), rules: rules.keys, now })
    const found = held.find((one) => one.kid === kid)
    if (fault !== undefined || found === undefined) throw new Refusal(sentenceOf(fault ?? { is: 'unknown-key' }))
    // Said before it is so; a file that then cannot be written is tried again.
    await keyChanges.destroy(found, { at: now, event: { type: 'key.destroyed', kid, by: 'operator' } })
    await dropKey(keyringFile, kid)
    return found
  })
  if (flags.json) return print(JSON.stringify({ kid, alg: key.alg, state: 'destroyed' }))
  print(`${kid} is destroyed. Give every node this key file, and remove old copies of it.`)
}

async function signingOf({ keyring, keyChanges, clock }: House): Promise<Signing> {
  return signingAt(keyring.signing, await keyChanges.list(), clock.now())
}

function sentenceOf(fault: DestroyFault): string {
  if (fault.is === 'tokens-live') {
    return fault.until === undefined
      ? 'The public log does not say yet that this key is retired: start a server with this key file first.'
      : `What this key has signed may still be valid: it can be destroyed from ${fault.until.toISOString()}.`
  }
  return sentences[fault.is]
}

const sentences = {
  'unknown-key': 'There is no key of this name in the key file: see eid keys list.',
  'in-use': 'This key is neither retired nor revoked: two people decide at /quan-tri/khoa that it stops signing.',
  'only-key': 'This key file has no active key of the same algorithm: put the newer one there first.',
} as const satisfies Record<Exclude<DestroyFault['is'], 'tokens-live'>, string>

function plain({ kid, alg, state, since, held, next }: KeyStanding) {
  const shown = held || state === 'revoked' ? state : state === 'retired' ? 'destroyed' : 'missing here'
  return { kid, alg, state: shown, since: since?.toISOString() ?? null, next: next === undefined ? null : { to: next.to, at: next.at.toISOString() } }
}
