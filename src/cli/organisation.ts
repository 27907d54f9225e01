import { createReadStream, createWriteStream } from 'node:fs'
import { open, writeFile } from 'node:fs/promises'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type { Command } from 'commander'
import { Refusal } from '#kernel/refusal.ts'
import type { OrganisationMove } from '#domain/organisation/account.ts'
import { importOrganisations, organisationsAsCsv, type OrganisationFault, type OrganisationOutcome } from '#domain/organisation/import.ts'
import { organisationCode } from '#domain/organisation/organisation.ts'
import { organisationGrounds } from '#domain/organisation/rules.ts'
import { syntheticOrganisations } from '#domain/organisation/synthetic.ts'
import { csvLine } from '#domain/registry/csv.ts'
import type { House } from '#app/house.ts'
import { nothingImported } from './file-fault.ts'
import type { Print } from './print.ts'

type Tools = { print: Print; withHouse: <T>(work: (house: Pick<House, 'organisations' | 'audit' | 'clock'>) => Promise<T>) => Promise<T> }

type GenerateFlags = { organisations: string; people: string; seed: string; out: string; json?: boolean }
type ImportFlags = { report?: string; json?: boolean }
type MoveFlags = { ground?: string; json?: boolean }

/** Adds `organisation generate` and `import`, and `lock`, `unlock` and `activate` for what an operator is told by those who may decide it. */
export function addOrganisationCommands(program: Command, tools: Tools): void {
  const organisation = program.command('organisation').description('The copy of the business registration, and the accounts of organisations')

  organisation.command('generate')
    .description('Write made-up organisations as an import file, represented by people of "registry generate" with the same number and seed')
    .requiredOption('--organisations <number>', 'how many organisations')
    .requiredOption('--people <number>', 'of how many people the population is')
    .requiredOption('--seed <seed>', 'the seed of the population')
    .requiredOption('--out <file>', 'the file to write')
    .option('--json', 'tell the result as JSON')
    .action((flags: GenerateFlags) => runGenerate(tools, flags))

  organisation.command('import')
    .description('Import organisations from a CSV file; refused rows are told, the others are in together (docs/organisations.md)')
    .argument('<file>', 'a CSV file in UTF-8 with all columns')
    .option('--report <file>', 'write every fault as CSV: line, column, code; no value from the file is repeated')
    .option('--json', 'tell the result as JSON')
    .addHelpText('after', '\nExit code: 0 all rows are in, 1 some rows were refused, 2 nothing was imported')
    .action((file: string, flags: ImportFlags) => runImport(tools, file, flags))

  for (const act of ['lock', 'unlock', 'activate'] as const) {
    const command = organisation.command(act).description(says[act]).argument('<code>', 'the public number of the organisation, 10 or 13 digits').option('--json', 'tell the result as JSON')
    if (act !== 'activate') command.requiredOption('--ground <ground>', `one of ${organisationGrounds.join(', ')}`)
    command.action((code: string, flags: MoveFlags) => runMove(tools, act, { code, flags }))
  }
}

const says = {
  lock: 'Close the account of an organisation on a ground: at once nobody acts in its name',
  unlock: 'End one ground of a lock; the account opens when the last one ends',
  activate: 'Activate an account whose days of activation have passed, for whoever called the hotline',
} as const

async function runGenerate({ print }: Tools, { seed, out, json, ...numbers }: GenerateFlags): Promise<void> {
  const [organisations, people] = [numbers.organisations, numbers.people].map((text) => (/^\d{1,7}$/.test(text) ? Number(text) : undefined))
  if (organisations === undefined || people === undefined) throw new Refusal('--organisations and --people take whole numbers, for example 100 and 10000.')
  await pipeline(Readable.from(organisationsAsCsv(syntheticOrganisations({ organisations, people, seed }))), createWriteStream(out))
    .catch((cause: unknown) => Promise.reject(new Refusal(`${out} could not be written: check that the folder exists, is writable and has room.`, { cause })))
  print(json ? JSON.stringify({ organisations, people, seed, out }) : `${organisations} organisations are in ${out}; bring them in with: eid organisation import ${out}`)
}

async function runImport({ print, withHouse }: Tools, file: string, { report, json }: ImportFlags): Promise<void> {
  // Whatever goes wrong from here on, nothing is imported.
  process.exitCode = 2
  await (await open(file).catch((cause: unknown) => Promise.reject(new Refusal(`${file} cannot be read: check the path and the permissions. Nothing was imported.`, { cause })))).close()
  const faults: OrganisationFault[] = []
  const outcome = await withHouse(async ({ organisations, audit }) => {
    const ended = await importOrganisations({ organisations }, createReadStream(file), (fault) => void faults.push(fault))
    const { inserted, replaced, refused } = ended.report
    if (ended.is === 'imported') await audit.append({ type: 'organisation.imported', inserted, replaced, refused })
    return ended
  })
  if (report !== undefined) await writeFile(report, [csvLine(['line', 'column', 'code']), ...faults.map(({ line, column, code }) => csvLine([`${line}`, column, code]))].join(''))
  print(json ? JSON.stringify({ ...outcome, faults }) : inWords(outcome, faults))
  if (outcome.is === 'imported') process.exitCode = outcome.report.refused > 0 ? 1 : 0
}

function inWords(outcome: OrganisationOutcome, faults: readonly OrganisationFault[]): string {
  const { read, inserted, replaced, unchanged, refused } = outcome.report
  if (outcome.is === 'nothing') return nothingImported(outcome.fault, { columns: 'docs/organisations.md' })
  const lines = faults.slice(0, 20).map(({ line, column, code }) => `  line ${line}, ${column}: ${code}`)
  return [`${read} rows read: ${inserted} new, ${replaced} replaced, ${unchanged} unchanged, ${refused} refused.`, ...lines].join('\n')
}

async function runMove({ print, withHouse }: Tools, act: keyof typeof says, { code: typed, flags }: { code: string; flags: MoveFlags }): Promise<void> {
  const code = organisationCode.safeParse(typed.replaceAll(/[\s-]/g, '')).data
  const ground = organisationGrounds.find((one) => one === flags.ground)
  if (code === undefined) throw new Refusal('The number of an organisation has 10 or 13 digits, for example 0101234567.')
  if (act !== 'activate' && ground === undefined) throw new Refusal(`--ground takes one of ${organisationGrounds.join(', ')}.`)
  const move: OrganisationMove = act === 'activate' || ground === undefined ? { to: 'activate', by: 'operator' } : { to: act, ground, by: 'operator' }
  const locks = await withHouse(async ({ organisations, clock }) => {
    const known = await organisations.findByCode(code)
    const outcome = known === undefined ? undefined : await organisations.move(known.organisation.id, move, { at: clock.now() })
    if (outcome?.is !== 'moved') throw new Refusal(hindrances[outcome?.because ?? 'unknown'])
    return outcome.account.locks
  })
  print(flags.json ? JSON.stringify({ code, locks }) : `Done. Locks: ${locks.join(', ') || 'none'}`)
}

const hindrances = {
  unknown: 'No organisation with this number has an account.',
  ended: 'The organisation is dissolved: its account has ended.',
  'no-change': 'It is so already.',
  'not-theirs': 'This ground is not an operator’s to set or to end.',
  'too-late': 'The days of activation have passed.',
} as const
