import type { Command } from 'commander'
import { Refusal } from '#kernel/refusal.ts'
import { lockGrounds, type LockGround } from '#domain/account/account.ts'
import { parsePersonalNumber } from '#domain/registry/personal-number.ts'
import type { House } from '#app/house.ts'
import { withHouse } from './with-house.ts'

type Print = (text: string) => void
type LockFlags = { ground: string; json?: boolean }

/** `account show`, and `lock` and `unlock` for what an operator is told by those who may decide it. */
export function addAccountCommands(program: Command, print: Print): void {
  const account = program.command('account').description('Accounts of citizens')

  account.command('show')
    .description('Show the state of an account: level, locks, passkeys; no attribute of the person; every look is recorded')
    .argument('<number>', 'the personal number of its holder, spaces allowed')
    .option('--json', 'tell the result as JSON')
    .action((number: string, flags: { json?: boolean }) => runShow(print, number, flags))

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
      state: account.state,
      locks: account.locks.map(({ ground, since }) => ({ ground, since: since.toISOString() })),
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
  const account = await withHouse(async (house) => {
    const { id } = await accountOf(house, number)
    // Recorded before it is done: an act that failed afterwards is seen to have been tried.
    await house.audit.append({ type: act === 'lock' ? 'account.locked' : 'account.unlocked', account: id, ground: known, by: 'operator' })
    if (act === 'lock') await house.accounts.lock(id, known, house.clock.now())
    else await house.accounts.unlock(id, known)
    return id
  })
  if (flags.json) print(JSON.stringify({ account, act, ground: known }))
  else print(`The account is ${act === 'lock' ? 'locked' : 'no longer locked'} on the ground ${known}.`)
}

async function accountOf({ registry, accounts }: House, typed: string) {
  const number = parsePersonalNumber(typed)
  if (number === undefined) throw new Refusal('A personal number has 12 digits, for example 079 203 001 234.')
  const person = await registry.findByNumber(number)
  const account = person && (await accounts.findByPerson(person.id))
  if (account === undefined) throw new Refusal('Nobody with this number has an account.')
  return account
}
