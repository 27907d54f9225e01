import { readFile } from 'node:fs/promises'
import type { Command } from 'commander'
import { Problem } from '#kernel/problem.ts'
import { Refusal } from '#kernel/refusal.ts'
import { namesSomebody } from '#domain/audit/personal-data.ts'
import { notEnded } from '#domain/account/account.ts'
import type { Officer } from '#domain/officer/officer.ts'
import type { RoleWanted } from '#domain/officer/role.ts'
import { readOfficerFile, type OfficerFileFault } from '#domain/officer/file.ts'
import { isHeld, officerColumns, roleOfRow, type OfficerCells } from '#domain/officer/wish.ts'
import { propose } from '#domain/proposal/propose.ts'
import { isSameChange } from '#domain/proposal/wish.ts'
import { parsePersonalNumber } from '#domain/registry/personal-number.ts'
import type { House } from '#app/house.ts'
import { accountOf } from './account-of.ts'
import type { Print } from './print.ts'
import { readNumber } from './read-number.ts'
import { withHouse } from './with-house.ts'

type Flags = { as: string; reason: string; json?: boolean }
type Row = { line: number; cells: OfficerCells }
type Outcome = { line: number; outcome: 'proposed' | 'waiting' | 'held' | 'too-many-waiting'; proposal?: string }

const most = 1000

/** `officer import`: a file of officers, put before a second person row by row. */
export function addOfficerImport(officer: Command, print: Print): void {
  officer.command('import')
    .description('Propose the roles of a CSV file in the name of an officer; another officer decides at /quan-tri')
    .argument('<file>', `CSV in UTF-8 with the columns ${officerColumns.join(', ')}`)
    .requiredOption('--as <number>', 'the personal number of the officer who answers for it')
    .requiredOption('--reason <text>', 'why; who decides and who audits will read it')
    .option('--json', 'tell the result as JSON')
    .addHelpText('after', '\nOne proposal for each row that is not in force or waiting already. With any fault in the file, each is told by line and column, and nothing is proposed (exit code 2).')
    .action((file: string, flags: Flags) => run(print, file, flags))
}

async function run(print: Print, file: string, { as, reason: typed, json }: Flags): Promise<void> {
  process.exitCode = 2
  const [number, reason, rows] = [readNumber(as), typed.trim(), await readRows(file)]
  if (reason === '' || reason.length > 500) throw new Refusal('Give a reason of 1 to 500 letters: --reason TEXT')
  if (namesSomebody(reason)) throw new Refusal('A reason holds no personal number, telephone number or mail address: name the case instead.')
  const outcomes = await withHouse(async (house) => {
    const now = house.clock.now()
    const read = await Promise.all(rows.map(async ({ line, cells }) => ({ line, role: roleOfRow(cells, await accountAt(house, cells.number), now) })))
    const faults = read.flatMap(({ line, role }) => ('faults' in role ? role.faults.map(({ column, code }) => `  line ${line}, ${column}: ${code}`) : []))
    if (faults.length > 0) throw new Refusal(`Nothing was proposed from ${file}:\n${faults.join('\n')}`)
    const account = await accountOf(house, number)
    const officer: Officer = { account, roles: await house.offices.of(account), through: 'command line' }
    const done: Outcome[] = []
    for (const { line, role } of read) if ('wanted' in role) done.push({ line, ...(await proposeOne(house, officer, { wanted: role.wanted, reason })) })
    return done
  })
  process.exitCode = outcomes.some(({ outcome }) => outcome === 'too-many-waiting') ? 2 : 0
  if (json) return print(JSON.stringify(outcomes))
  for (const { line, outcome, proposal } of outcomes) print([`line ${line}: ${outcome}`, ...(proposal === undefined ? [] : [`/quan-tri/phe-duyet/${proposal}`])].join('   '))
}

async function accountAt({ registry, accounts }: House, typed: string | undefined) {
  const number = parsePersonalNumber(typed ?? '')
  const person = number && (await registry.findByNumber(number))
  return person && notEnded(await accounts.findByPerson(person.id))?.id
}

async function proposeOne(house: House, officer: Officer, { wanted, reason }: { wanted: RoleWanted; reason: string }): Promise<Omit<Outcome, 'line'>> {
  if (isHeld(wanted, await house.offices.of(wanted.account), house.clock.now())) return { outcome: 'held' }
  const change = { act: 'role.grant', role: wanted } as const
  const waiting = (await house.proposals.about(wanted.account)).find((one) => one.decision === undefined && isSameChange(one.change, change))
  if (waiting !== undefined) return { outcome: 'waiting', proposal: waiting.id }
  try {
    const proposed = await propose({ ...house, clientStore: house.clients, readEntry: nothingToRead }, officer, { change, reason })
    if ('fault' in proposed) throw new Refusal(proposed.fault)
    return { outcome: 'proposed', proposal: proposed.proposal.id }
  } catch (error) {
    if (error instanceof Problem && error.code === 'proposal.too-many') return { outcome: 'too-many-waiting' }
    if (error instanceof Problem && error.code === 'officer.not-allowed') throw new Refusal('The roles of this officer do not allow to propose roles.', { cause: error })
    if (error instanceof Problem && error.code === 'proposal.own') throw new Refusal('The file has a role for the officer in whose name it is proposed: nobody proposes their own.', { cause: error })
    throw error
  }
}

/** A role holds no client. */
const nothingToRead = () => Promise.reject(new TypeError('a role has no entry of a client'))

async function readRows(file: string): Promise<readonly Row[]> {
  const text = await readFile(file).catch((cause: unknown) => Promise.reject(new Refusal(`${file} cannot be read: check the path and the permissions.`, { cause })))
  const read = readOfficerFile(decoded(file, text), { columns: officerColumns, most })
  if ('fault' in read) throw new Refusal(sentenceOf(file, read.fault))
  return read.rows
}

function sentenceOf(file: string, fault: OfficerFileFault): string {
  switch (fault.code) {
    case 'quote-broken': return `${file} is no CSV: a quotation mark may not be closed.`
    case 'empty': return `${file} is empty; its first line names the columns.`
    case 'too-many': return `${file} has more than ${most} rows: take several files.`
    case 'column-unknown': return `${file}, column ${fault.position}: its heading is unknown or stands there twice. The columns are ${officerColumns.join(', ')}.`
    case 'cells': return `${file}, line ${fault.line}: ${fault.count} cells where the header has ${fault.expected}.`
  }
}

function decoded(file: string, bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch (cause) {
    throw new Refusal(`${file} is no CSV in UTF-8.`, { cause })
  }
}
