import type { Command } from 'commander'
import { dayInVietnam, systemClock } from '#kernel/clock.ts'
import { Refusal } from '#kernel/refusal.ts'
import type { House } from '#app/house.ts'
import type { Print } from './print.ts'
import { generate } from './registry-generate.ts'
import { importFrom, outcomeText } from './registry-import.ts'
import { masked, personText } from './registry-show.ts'
import { readNumber } from './read-number.ts'

/** `withHouse` opens the stores by the environment; a test brings stores of its own. */
type Tools = { print: Print; withHouse: <T>(work: (house: Pick<House, 'registry' | 'audit'>) => Promise<T>) => Promise<T> }

type ImportFlags = { strict?: boolean; report?: string; json?: boolean }
type ShowFlags = { reveal?: boolean; json?: boolean }
type GenerateFlags = { people: string; seed: string; out: string; json?: boolean }

/** Adds `registry generate`, `registry import` and `registry show`. */
export function addRegistryCommands(program: Command, tools: Tools): void {
  const registry = program.command('registry').description('The copy of the population registry')

  registry.command('generate')
    .description('Write a synthetic population as an import file: the same number and seed give the same bytes')
    .requiredOption('--people <number>', 'how many people')
    .requiredOption('--seed <seed>', 'any number or word')
    .requiredOption('--out <file>', 'the file to write')
    .option('--json', 'tell the result as JSON')
    .action((flags: GenerateFlags) => runGenerate(tools, flags))

  registry.command('import')
    .description('Import people from a CSV file; refused rows are told, the others are in together (docs/registry.md)')
    .argument('<file>', 'a CSV file in UTF-8 with all columns')
    .option('--strict', 'import nothing when any row is refused')
    .option('--report <file>', 'write every fault as CSV: line, column, code, outcome; no value from the file is repeated')
    .option('--json', 'tell the result as JSON')
    .addHelpText('after', '\nExit code: 0 all rows are in, 1 some rows were refused, 2 nothing was imported')
    .action((file: string, flags: ImportFlags) => runImport(tools, file, flags))

  registry.command('show')
    .description('Show what the register holds about somebody, masked; every look is recorded')
    .argument('<number>', 'a personal number of 12 digits, spaces allowed')
    .option('--reveal', 'show the values in full')
    .option('--json', 'tell the result as JSON')
    .action((number: string, flags: ShowFlags) => runShow(tools, number, flags))
}

async function runGenerate(tools: Tools, flags: GenerateFlags): Promise<void> {
  const people = /^\d{1,9}$/.test(flags.people) ? Number(flags.people) : undefined
  if (people === undefined) throw new Refusal('--people takes a whole number up to 999,999,999, for example 10000.')
  await generate({ people, seed: flags.seed, out: flags.out })
  const result = { people, seed: flags.seed, out: flags.out }
  tools.print(flags.json ? JSON.stringify(result) : `${people} people are in ${flags.out}; bring them in with: eid registry import ${flags.out}`)
}

async function runImport(tools: Tools, file: string, flags: ImportFlags): Promise<void> {
  // Whatever goes wrong from here on, nothing is imported.
  process.exitCode = 2
  const { strict = false, report } = flags
  const outcome = await tools.withHouse(async ({ registry, audit }) => {
    const today = dayInVietnam(systemClock.now())
    const ended = await importFrom({ registry }, file, { today, strict, ...(report !== undefined && { report }) })
    const { inserted, replaced, refused } = ended.report
    if (ended.is === 'imported') await audit.append({ type: 'registry.imported', inserted, replaced, refused })
    return ended
  })
  tools.print(flags.json ? JSON.stringify(outcome) : outcomeText(outcome, report))
  if (outcome.is === 'imported') process.exitCode = outcome.report.refused > 0 ? 1 : 0
}

async function runShow(tools: Tools, typed: string, flags: ShowFlags): Promise<void> {
  const number = readNumber(typed)
  const { reveal = false } = flags
  const person = await tools.withHouse(async ({ registry, audit }) => {
    const found = await registry.findByNumber(number)
    if (found !== undefined) await audit.append({ type: 'registry.shown', person: found.id, revealed: reveal })
    return found
  })
  if (person === undefined) {
    throw new Refusal('The register holds nobody with this number now: check the digits, or whether the number was replaced.')
  }
  const shown = reveal ? person : masked(person)
  tools.print(flags.json ? JSON.stringify(shown) : personText(shown))
}
