import { readFile } from 'node:fs/promises'
import type { Command } from 'commander'
import { Refusal } from '#kernel/refusal.ts'
import { keyText, readKeyText, type LogKey } from '#domain/transparency/head.ts'
import { watch, type Finding } from '#domain/transparency/watch.ts'
import type { Print } from './print.ts'
import { servedLog, storedLog, type Source } from './transparency-source.ts'
import { readState, writeState } from './transparency-state.ts'

type Flags = { url?: string; file?: string; state: string; key?: string; against: readonly string[]; json?: boolean }

/** `transparency verify`: judges the public log from outside. It opens no database and reads no configuration. */
export function addTransparencyCommands(program: Command, print: Print): void {
  program.command('transparency').description('The public log of changes to clients and signing keys (docs/transparency.md)').command('verify')
    .description('Check that a log is whole, signed, and continues what it was when it was last checked; exit code 1 when it does not')
    .option('--url <issuer>', 'the issuer whose log is checked, as https://eid.example')
    .option('--file <file>', 'a copy of a log instead: {"key", "checkpoint", "entries"}')
    .option('--state <file>', 'where the key and the last head are remembered', 'transparency-state.json')
    .option('--key <line>', 'the key that must have signed, as the operator published it elsewhere')
    .option('--against <file>', 'a signed head that somebody else was shown; may be said again', (file: string, all: readonly string[]) => [...all, file], [])
    .option('--json', 'tell the result as JSON')
    .action((flags: Flags) => runVerify(print, flags))
}

async function runVerify(print: Print, flags: Flags): Promise<void> {
  process.exitCode = 2
  const source = await sourceOf(flags)
  const state = await readState(flags.state, source.name)
  const key = keyOf(source, { pinned: flags.key, remembered: state?.key })
  const others = await Promise.all(flags.against.map(readNote))
  const { head, findings } = await watch({ key, checkpoint: source.checkpoint, entries: source.entries(), last: state?.checkpoint, others })
  // What is remembered is only ever what was in order: the next check starts from there again.
  if (findings.length === 0) await writeState(flags.state, { name: source.name, key: keyText(key), checkpoint: source.checkpoint })
  process.exitCode = findings.length === 0 ? 0 : 1
  const size = head?.size ?? 0
  if (flags.json) return print(JSON.stringify({ log: key.name, size, root: head && Buffer.from(head.root).toString('base64'), findings }))
  if (findings.length === 0) return print(`${key.name}: ${size} entries, signed, whole${state === undefined ? '; remembered for the next check' : ', and a continuation of the last check'}.`)
  for (const finding of findings) print(`${key.name}: ${sentences[finding.is](finding.at)}`)
}

const sentences: Readonly<Record<Finding['is'], (at: number) => string>> = {
  unsigned: () => 'a head is not signed by the key of this log',
  short: (at) => `only ${at} entries are shown, fewer than the head signs`,
  mismatch: (at) => `the ${at} entries that are shown are not those the head signs`,
  shrunk: (at) => `it had ${at} entries at the last check and has fewer now`,
  rewritten: (at) => `the first ${at} entries are not those of the last check`,
  forked: (at) => `somebody else was shown another log: the first ${at} entries differ`,
  behind: (at) => `somebody else was shown ${at} entries already: check again in a minute`,
  'not-json': (at) => `entry ${at} is not a JSON object`,
}

async function sourceOf({ url, file }: Flags): Promise<Source> {
  if (url !== undefined && file === undefined) return servedLog(url)
  if (file !== undefined && url === undefined) return storedLog(file)
  throw new Refusal('Say which log: --url https://eid.example, or --file with a copy of it.')
}

/** The key that counts: what was said on the command line, else that of the last check; at the first, what the log itself shows. */
function keyOf(source: Source, { pinned, remembered }: { pinned: string | undefined; remembered: string | undefined }): LogKey {
  const key = readKeyText(pinned ?? remembered ?? source.key)
  if (key === undefined) throw new Refusal('The key is not one of a signed log: a name, an id of 8 digits and the key, with + between them.')
  if (key.name !== source.name) throw new Refusal(`This is the log ${source.name}, and the key is that of ${key.name}.`)
  return key
}

async function readNote(file: string): Promise<string> {
  return readFile(file, 'utf8').catch((cause: unknown) => {
    throw new Refusal(`${file} cannot be read: check the path and the permissions.`, { cause })
  })
}
