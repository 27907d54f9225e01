import type { Command } from 'commander'
import { dayInVietnam } from '#kernel/clock.ts'
import { Refusal } from '#kernel/refusal.ts'
import { inForce, type RoleGrant } from '#domain/officer/role.ts'
import type { Print } from './print.ts'
import { accountOf } from './account-of.ts'
import { addOfficerImport } from './officer-import.ts'
import { addBreakGlassCommands } from './break-glass.ts'
import { readNumber } from './read-number.ts'
import { withHouse } from './with-house.ts'

type Flags = { json?: boolean }

/** How long the first officers are officers by this alone; by then two people have approved whoever stays. */
const bootstrapDays = 90

/** `officer bootstrap`, `officer list`, `officer import` and `officer break-glass`. */
export function addOfficerCommands(program: Command, print: Print): void {
  const officer = program.command('officer').description('Who works for the system: officers and their roles')

  officer.command('bootstrap')
    .description(`Make the first super admins of a system that never had an officer, for ${bootstrapDays} days; once, and never again`)
    .argument('<numbers...>', 'the personal numbers of two people or more, each with an account: what takes two people takes two')
    .option('--json', 'tell the result as JSON')
    .addHelpText('after', '\nIt needs the keyring of the server, like everything that opens the database. Everybody else is proposed and approved at /quan-tri.')
    .action((numbers: string[], flags: Flags) => runBootstrap(print, numbers, flags))

  officer.command('list')
    .description('List who has or had which role')
    .option('--json', 'tell the result as JSON')
    .action((flags: Flags) => runList(print, flags))

  addOfficerImport(officer, print)
  addBreakGlassCommands(officer, print)
}

async function runBootstrap(print: Print, typed: readonly string[], flags: Flags): Promise<void> {
  const numbers = new Set(typed.map(readNumber))
  if (numbers.size < 2) throw new Refusal('Name two different people: no officer approves what they have proposed themselves.')
  const made = await withHouse(async (house) => {
    const now = house.clock.now()
    const endsOn = dayInVietnam(new Date(now.getTime() + bootstrapDays * 86_400_000))
    const wanted = await Promise.all([...numbers].map(async (number) => ({ account: await accountOf(house, number), role: 'super-admin' as const, ends_on: endsOn })))
    if (!(await house.officers.bootstrap(wanted, now))) {
      throw new Refusal('This system has had officers already: whoever is to be one is proposed and approved at /quan-tri.')
    }
    return { officers: wanted.map(({ account }) => account), until: endsOn }
  })
  if (flags.json) return print(JSON.stringify(made))
  print(`${made.officers.length} people are super admins until ${made.until}. They sign in at /quan-tri, with a security key.`)
}

async function runList(print: Print, flags: Flags): Promise<void> {
  const { grants, now } = await withHouse(async ({ officers, clock }) => ({ grants: await officers.list(), now: clock.now() }))
  if (flags.json) return print(JSON.stringify(grants.map((grant) => plain(grant, now))))
  if (grants.length === 0) return print('There is no officer yet: see eid officer bootstrap --help.')
  for (const grant of grants) {
    const { account, role, sector, endsOn, standing } = plain(grant, now)
    print(`${account}   ${role}   ${sector ?? 'whole system'}   until ${endsOn}   ${standing}`)
  }
}

function plain(grant: RoleGrant, now: Date) {
  const { id, account, role, sector, endsOn, endedAt } = grant
  return { id, account, role, sector: sector ?? null, endsOn, standing: inForce(grant, now) ? 'in force' : endedAt === undefined ? 'over' : 'ended' }
}
