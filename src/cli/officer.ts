import { InvalidArgumentError, type Command } from 'commander'
import { dayInVietnam } from '#kernel/clock.ts'
import { Refusal } from '#kernel/refusal.ts'
import type { AccountId } from '#kernel/id.ts'
import { levelAt } from '#domain/account/account.ts'
import { seenKinds, type EvidenceKind, type SeenKind } from '#domain/desk/rules.ts'
import { firstOfficer } from '#domain/officer/first.ts'
import { inForce, type RoleGrant } from '#domain/officer/role.ts'
import type { House } from '#app/house.ts'
import type { Print } from './print.ts'
import { accountOf } from './account-of.ts'
import { addOfficerImport } from './officer-import.ts'
import { addBreakGlassCommands } from './break-glass.ts'
import { configOrExit } from './config-or-exit.ts'
import { readNumber } from './read-number.ts'
import { withHouse } from './with-house.ts'

type Flags = { json?: boolean }
type BootstrapFlags = Flags & { seen: readonly SeenKind[] }

/** How long the first officers are officers by this alone; by then two people have approved whoever stays. */
const bootstrapDays = 90

/** `officer bootstrap`, `officer list`, `officer import` and `officer break-glass`. */
export function addOfficerCommands(program: Command, print: Print): void {
  const officer = program.command('officer').description('Who works for the system: officers and their roles')

  officer.command('bootstrap')
    .description(`Make the first super admins of a system that never had an officer, for ${bootstrapDays} days; once, and never again`)
    .argument('<numbers...>', 'the personal numbers of two people or more, each with an account: what takes two people takes two')
    .option('--seen <kinds>', `what you have seen of them in person, which makes their accounts level 2: ${ownKinds.join(', ')}, with commas between`, readSeen, [])
    .option('--json', 'tell the result as JSON')
    .addHelpText('after', '\nIt needs the keyring of the server, like everything that opens the database. Everybody else is proposed and approved at /quan-tri.')
    .action((numbers: string[], flags: BootstrapFlags) => runBootstrap(print, numbers, flags))

  officer.command('list')
    .description('List who has or had which role')
    .option('--json', 'tell the result as JSON')
    .action((flags: Flags) => runList(print, flags))

  addOfficerImport(officer, print)
  addBreakGlassCommands(officer, print)
}

const begun = 'This system has had officers already: whoever is to be one is proposed and approved at /quan-tri.'

/** Nobody is an administrator by somebody else. */
const ownKinds = seenKinds.filter((kind) => kind !== 'representative-seen')

function readSeen(text: string): readonly SeenKind[] {
  const kinds = text.split(',').map((kind) => ownKinds.find((known) => known === kind.trim()))
  return kinds.map((kind) => {
    if (kind === undefined) throw new InvalidArgumentError(`It takes any of ${ownKinds.join(', ')}, with commas between.`)
    return kind
  })
}

async function runBootstrap(print: Print, typed: readonly string[], flags: BootstrapFlags): Promise<void> {
  const numbers = new Set(typed.map(readNumber))
  if (numbers.size < 2) throw new Refusal('Name two different people: no officer approves what they have proposed themselves.')
  const made = await withHouse(async (house) => {
    if (await house.officers.began()) throw new Refusal(begun)
    const now = house.clock.now()
    const endsOn = dayInVietnam(new Date(now.getTime() + bootstrapDays * 86_400_000))
    const wanted = await Promise.all([...numbers].map(async (number) => ({ ...(await ready(house, number, flags.seen)), role: 'super-admin' as const, ends_on: endsOn })))
    if (!(await house.officers.bootstrap(wanted, now))) throw new Refusal(begun)
    return { officers: wanted.map(({ account }) => account), until: endsOn }
  })
  if (flags.json) return print(JSON.stringify(made))
  print(`${made.officers.length} people are super admins until ${made.until}. They sign in at /quan-tri, with ${configOrExit().attestedStaff ? 'a security key' : 'any passkey'}.`)
}

/** Their account, and what is on record of them from now on. */
async function ready(house: House, number: ReturnType<typeof readNumber>, seen: readonly SeenKind[]): Promise<{ account: AccountId; proven: readonly EvidenceKind[] }> {
  const account = await accountOf(house, number)
  const [found, keys] = await Promise.all([house.accounts.findNow(account), house.passkeys.ofAccount(account)])
  const person = found && (await house.registry.find(found.account.person))
  if (found === undefined || person === undefined) throw new Refusal('The registry does not know the holder of this account.')
  const { attestedStaff } = configOrExit()
  const { anchors } = house.rules.authenticators
  const first = firstOfficer({ level: levelAt(found.account, house.clock.now()), who: person, keys }, { seen, level2: attestedStaff, attested: attestedStaff && anchors.length > 0 })
  if (first.is === 'ready') return { account, proven: first.proven }
  const whose = `Whose number ends in ${number.slice(-4)}`
  throw new Refusal(first.because === 'key'
    ? `${whose} has no security key in attested hardware: they add it at /tai-khoan/khoa-bao-mat first, for only keys that are there when a role is given count.`
    : `${whose} has no account of level 2. See them in person, and name what you have seen with --seen; it takes ${first.needs.join(', ')}, where the passkey is one of their account.`)
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
