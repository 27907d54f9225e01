import type { Command } from 'commander'
import { z } from 'zod'
import { Refusal } from '#kernel/refusal.ts'
import { phone } from '#domain/account/contact.ts'
import { lockGrounds, type LockGround } from '#domain/account/ground.ts'
import type { Hindrance } from '#domain/account/move.ts'
import type { House } from '#app/house.ts'
import { withHouse } from './with-house.ts'
import type { Print } from './print.ts'
import { readNumber } from './read-number.ts'

type RemoveFlags = { passkey: string; json?: boolean }
type ContactFlags = { email?: string; phone?: string; json?: boolean }
type LockFlags = { ground: string; json?: boolean }

/** `account show`, and `lock` and `unlock` for what an operator is told by those who may decide it. */
export function addAccountCommands(program: Command, print: Print): void {
  const account = program.command('account').description('Accounts of citizens')

  account.command('show')
    .description('Show the state of an account: level, locks, passkeys; no attribute of the person; every look is recorded')
    .argument('<number>', 'the personal number of its holder, spaces allowed')
    .option('--json', 'tell the result as JSON')
    .action((number: string, flags: { json?: boolean }) => runShow(print, number, flags))

  account.command('remove-passkey')
    .description('Take a passkey from an account: a lost phone stops signing in at once')
    .argument('<number>', 'the personal number of its holder, spaces allowed')
    .requiredOption('--passkey <id>', 'the id that "account show --json" tells, or how it begins')
    .option('--json', 'tell the result as JSON')
    .action((number: string, flags: RemoveFlags) => runRemove(print, number, flags))

  account.command('follow-papers')
    .description('Close the accounts whose card, passport or residence permit has ended, and open those where it was renewed; a running server does it each night')
    .option('--json', 'tell the result as JSON')
    .action((flags: { json?: boolean }) => runFollow(print, flags))

  account.command('set-contact')
    .description('Put a mail address or phone in place of that where the holder is told of changes; the old one is told too. For what was proven at a desk')
    .argument('<number>', 'the personal number of its holder, spaces allowed')
    .option('--email <address>', 'a mail address')
    .option('--phone <number>', 'a mobile number of Viet Nam, in the own name of the holder')
    .option('--json', 'tell the result as JSON')
    .action((number: string, flags: ContactFlags) => runSetContact(print, number, flags))

  for (const act of ['lock', 'unlock'] as const) {
    account.command(act)
      .description(act === 'lock' ? 'Close an account on a ground; it takes effect at once' : 'End one ground of a lock; the account opens when the last one ends')
      .argument('<number>', 'the personal number of its holder, spaces allowed')
      .requiredOption('--ground <ground>', `one of ${lockGrounds.join(', ')}`)
      .option('--json', 'tell the result as JSON')
      .action((number: string, flags: LockFlags) => runLock(print, act, { number, flags }))
  }
}

async function runShow(print: Print, typed: string, flags: { json?: boolean }): Promise<void> {
  const shown = await withHouse(async (house) => {
    const account = await accountOf(house, typed)
    await house.audit.append({ type: 'account.shown', account: account.id, by: 'operator' })
    const passkeys = await house.passkeys.ofAccount(account.id)
    return {
      id: account.id,
      level: account.level,
      heldUntil: account.heldUntil?.toISOString() ?? null,
      state: account.locks.length > 0 && account.state !== 'deceased' ? 'locked' : account.state,
      locks: account.locks.map(({ ground, since }) => ({ ground, since: since.toISOString() })),
      paper: account.paper ?? null,
      expiresOn: account.expiresOn ?? null,
      createdAt: account.createdAt.toISOString(),
      passkeys: passkeys.map((passkey) => ({
        id: passkey.id, createdAt: passkey.createdAt.toISOString(), lastUsedAt: passkey.lastUsedAt?.toISOString() ?? null, synced: passkey.backedUp,
      })),
    }
  })
  if (flags.json) return print(JSON.stringify(shown))
  const { passkeys, locks, ...rest } = shown
  for (const [name, value] of Object.entries(rest)) print(`${name.padEnd(12)} ${value ?? '–'}`)
  print(`locks        ${locks.map(({ ground, since }) => `${ground} since ${since}`).join(', ') || 'none'}`)
  for (const { id, createdAt, lastUsedAt } of passkeys) print(`passkey      ${id.slice(0, 12)}…  made ${createdAt}  used ${lastUsedAt ?? 'never'}`)
}

async function runLock(print: Print, act: 'lock' | 'unlock', { number, flags }: { number: string; flags: LockFlags }): Promise<void> {
  const known = lockGrounds.find((candidate): candidate is LockGround => candidate === flags.ground)
  if (known === undefined) throw new Refusal(`--ground takes one of ${lockGrounds.join(', ')}.`)
  const { account, left } = await withHouse(async (house) => {
    const { id } = await accountOf(house, number)
    const outcome = await house.accounts.move(id, { to: act, ground: known, by: 'operator' }, house.clock.now())
    if (outcome.is === 'refused') throw new Refusal(hindrances[outcome.because])
    return { account: id, left: (await house.accounts.findNow(id))?.account.locks.map(({ ground }) => ground) ?? [] }
  })
  if (flags.json) return print(JSON.stringify({ account, act, ground: known, locks: left }))
  print(`The account is ${act === 'lock' ? 'locked' : 'no longer locked'} on the ground ${known}.`)
  if (act === 'unlock' && left.length > 0) print(`It stays closed on: ${left.join(', ')}.`)
}

const hindrances: Readonly<Record<Hindrance, string>> = {
  unknown: 'Nobody with this number has an account.',
  ended: 'The person has died: the account has ended, and nothing opens or closes it any more.',
  'not-theirs': 'This ground follows from the registry by itself: it begins and ends with the card, passport or residence permit.',
  'too-late': 'The days for activation are over.',
  locked: 'The account is locked: end its grounds first.',
  waits: 'It was closed as lost: a passkey waits before it opens it.',
  'key-gone': 'The passkey is not good any more.',
  'key-young': 'The passkey came with a recovery that its holder may still object to.',
}

async function runFollow(print: Print, flags: { json?: boolean }): Promise<void> {
  const done = await withHouse((house) => house.accounts.followPapers(house.clock.now()))
  print(flags.json ? JSON.stringify(done) : `Accounts follow their papers: ${done.locked} closed, ${done.unlocked} opened.`)
}

async function runRemove(print: Print, number: string, flags: RemoveFlags): Promise<void> {
  const { passkey, left } = await withHouse(async (house) => {
    const { id: account } = await accountOf(house, number)
    const held = await house.passkeys.ofAccount(account)
    const named = held.filter(({ id }) => id.startsWith(flags.passkey))
    const [one] = named
    if (one === undefined || named.length > 1) throw new Refusal(`${named.length} passkeys of this account begin like that; see: eid account show --json`)
    await house.passkeys.remove(one.id, house.clock.now(), { type: 'passkey.removed', account, passkey: one.id, by: 'operator' })
    return { passkey: one.id, left: held.length - 1 }
  })
  if (flags.json) print(JSON.stringify({ passkey, left }))
  else print(`The passkey is removed. ${left === 0 ? 'It was the last one: nobody can sign in to this account now.' : `${left} left.`}`)
}

async function runSetContact(print: Print, number: string, flags: ContactFlags): Promise<void> {
  const kind = flags.phone === undefined ? 'email' : 'phone'
  const value = kind === 'phone' ? phone.safeParse(flags.phone).data : z.email().max(254).safeParse(flags.email).data
  if (value === undefined || (flags.phone !== undefined && flags.email !== undefined)) throw new Refusal('Give one of --email and --phone: a mail address, or a mobile number like 0912 345 678.')
  const account = await withHouse(async (house) => {
    const { id } = await accountOf(house, number)
    const replaced = await house.contactStore.replace(id, { kind, value, verifiedAt: house.clock.now() }, { type: 'contact.changed', account: id, kind, by: 'operator' })
    if (!replaced) throw new Refusal(hindrances.ended)
    return id
  })
  print(flags.json ? JSON.stringify({ account, kind }) : `The ${kind === 'phone' ? 'phone' : 'mail address'} is set. The holder is told of it there, and where they were told before.`)
}

async function accountOf({ registry, accounts }: House, typed: string) {
  const person = await registry.findByNumber(readNumber(typed))
  const account = person && (await accounts.findByPerson(person.id))
  if (account === undefined) throw new Refusal('Nobody with this number has an account.')
  return account
}
