import { randomUUID } from 'node:crypto'
import { readFile, rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Command } from 'commander'
import { dayInVietnam, systemClock, type Clock } from '#kernel/clock.ts'
import { Refusal } from '#kernel/refusal.ts'
import { authenticatorsSchema, model, type AuthenticatorRules } from '#domain/passkey/authenticators.ts'
import { anchorsFor, compareWith, fingerprint, grave, listFault, modelsOf, signedListSchema, withAnchors, type Compared, type SignedList, type Wanted } from '#domain/passkey/metadata.ts'
import { readSignedList, type ListFault } from '#keys/signed-list.ts'
import { readRule } from '#app/rules.ts'
import type { Print } from './print.ts'

type Flags = { root: string; signer: string; config: string; json?: boolean }
type Told = { print: Print; clock: Clock }

/** `authenticator list`, `anchors` and `check` (docs/security-keys.md). They ask nobody: the list is a file that the operator has downloaded. */
export function addAuthenticatorCommands(program: Command, { print, clock = systemClock }: { print: Print; clock?: Clock }): void {
  const told = { print, clock }
  const authenticator = program.command('authenticator').description('Models of security keys and the signed list of the FIDO Metadata Service (docs/security-keys.md)')
  const command = (name: string, description: string) => authenticator.command(name).description(description)
    .argument('<list>', 'the list as it was downloaded, a JWT')
    .requiredOption('--root <file>', 'the certificate that its signer leads to, in PEM')
    .option('--signer <host>', 'the name in the certificate of its signer', 'mds.fidoalliance.org')
    .option('--config <folder>', 'where authenticators.json is', join(import.meta.dirname, '..', '..', 'config'))
    .option('--json', 'tell the result as JSON')

  command('list', 'Say which models a list knows, and whether they may vouch for hardware')
    .action((file: string, flags: Flags) => runList(told, file, flags))
  command('anchors', 'Write who vouches for these models into authenticators.json; a model that is not certified, not hardware or broken is refused, and nothing is written')
    .argument('<aaguid...>', 'models, as the list names them')
    .action((file: string, aaguids: readonly string[], flags: Flags) => runAnchors(told, file, { ...flags, aaguids }))
  command('check', 'Compare the models of authenticators.json with a newer list; exit code 1 when one must be taken out')
    .action((file: string, flags: Flags) => runCheck(told, file, flags))
}

const why: Readonly<Record<ListFault, string>> = {
  malformed: 'it is not a JWT',
  algorithm: 'it is not signed with RS256 or ES256',
  'no-certificates': 'it does not bring the certificates of its signer (x5c)',
  certificate: 'a certificate in it, or the root, cannot be read',
  'not-in-force': 'a certificate of its signer, or the root, is not in force today',
  untrusted: 'its signer does not lead to this root',
  'other-signer': 'the certificate of its signer is for another name',
  signature: 'its signature is wrong: it was altered, or is not all there',
}

/** The list when everything about it is in order, and what the configuration is now. */
async function opened({ clock }: Told, file: string, { root, signer, config }: Flags): Promise<{ list: SignedList; rules: AuthenticatorRules }> {
  const rules = readRule('authenticators', authenticatorsSchema, config)
  const [text, pem] = await Promise.all([file, root].map(textIn))
  const now = clock.now()
  const verdict = await readSignedList((text ?? '').trim(), { root: pem ?? '', host: signer, now })
  if (verdict.is === 'refused') throw new Refusal(`${file} is not believed: ${why[verdict.reason]}.`)
  const read = signedListSchema.safeParse(verdict.payload)
  if (!read.success) throw new Refusal(`${file} is signed, but is no list of the FIDO Metadata Service (${read.error.issues[0]?.path.map(String).join('.')}).`)
  const fault = listFault(read.data, { known: rules.list, today: dayInVietnam(now) })
  if (fault === 'over') throw new Refusal(`${file} is over since ${read.data.nextUpdate}: download the newest list.`)
  if (fault === 'older') throw new Refusal(`${file} is no. ${read.data.no}, and authenticators.json was made with no. ${rules.list?.no}: download the newest list.`)
  return { list: read.data, rules }
}

async function textIn(file: string): Promise<string> {
  return readFile(file, 'utf8').catch((cause: unknown) => {
    throw new Refusal(`${file} cannot be read: check the path and the permissions.`, { cause })
  })
}

async function runList(told: Told, file: string, flags: Flags): Promise<void> {
  const { list: { no, nextUpdate, ...list } } = await opened(told, file, flags)
  const models = modelsOf({ no, nextUpdate, ...list }, dayInVietnam(told.clock.now()))
  if (flags.json) return told.print(JSON.stringify({ no, nextUpdate, models }))
  told.print(`List no. ${no}, until ${nextUpdate}: ${models.length} models`)
  for (const { aaguid, description, standing, status } of models) told.print(`${aaguid}   ${standing}   ${status}   ${description}`)
}

const refusals: Readonly<Record<Extract<Wanted, { is: 'refused' }>['why'], string>> = {
  unlisted: 'is not in the list',
  broken: 'was broken, or its certification was withdrawn',
  uncertified: 'is not certified by FIDO',
  'not-hardware': 'does not keep its keys in hardware alone, or is no FIDO2 authenticator',
  'no-roots': 'has no certificate that vouches for it',
  'no-root-in-force': 'has no certificate in force that vouches for it',
}

async function runAnchors(told: Told, file: string, { aaguids: typed, ...flags }: Flags & { aaguids: readonly string[] }): Promise<void> {
  const { list, rules } = await opened(told, file, flags)
  const aaguids = typed.map((one) => {
    const read = model.safeParse(one)
    if (!read.success) throw new Refusal(`${one} is not the AAGUID of a model: see "eid authenticator list".`)
    return read.data
  })
  const at = told.clock.now()
  const wanted = anchorsFor(list, aaguids, { at, today: dayInVietnam(at) })
  if (wanted.is === 'refused') throw new Refusal(`Nothing was written: ${wanted.aaguid} ${refusals[wanted.why]}.`)
  const result = withAnchors(rules, wanted.anchors, list)
  await replace(join(flags.config, 'authenticators.json'), `${JSON.stringify(result.rules, null, 2)}\n`)
  const added = result.added.map((anchor) => ({ name: anchor.name, aaguids: anchor.aaguids, fingerprint: fingerprint(anchor) }))
  if (flags.json) return told.print(JSON.stringify({ added }))
  for (const { name, aaguids: models, fingerprint: print } of added) told.print(`${models.join(', ')}   ${name}   SHA-256 ${print}`)
  told.print(added.length === 0 ? 'They were all there already.' : 'Have a second person compare the fingerprints with what the makers publish; the server takes them with its next start.')
}

/** Whole or not at all: a server that starts meanwhile reads the one or the other. */
async function replace(file: string, text: string): Promise<void> {
  const draft = `${file}.${randomUUID()}.draft`
  await writeFile(draft, text, { flag: 'wx' })
  await rename(draft, file)
}

const findings: Readonly<Record<Compared['finding'], string>> = {
  'in-order': 'in order',
  unlisted: 'not in the list: ask its maker',
  broken: 'BROKEN, or its certification was withdrawn: take it out',
  uncertified: 'NOT CERTIFIED any more: take it out',
  'not-hardware': 'NOT HARDWARE: take it out',
  'other-root': 'ANOTHER CERTIFICATE vouches for it in the list: take this one out',
}

async function runCheck(told: Told, file: string, flags: Flags): Promise<void> {
  const { list, rules } = await opened(told, file, flags)
  const compared = compareWith(list, rules, dayInVietnam(told.clock.now()))
  if (compared.some(({ finding }) => grave.has(finding))) process.exitCode = 1
  if (flags.json) return told.print(JSON.stringify({ no: list.no, nextUpdate: list.nextUpdate, models: compared }))
  told.print(`List no. ${list.no}, until ${list.nextUpdate}: ${compared.length} models are configured`)
  for (const { aaguid, name, finding } of compared) told.print(`${aaguid}   ${name}   ${findings[finding]}`)
}
