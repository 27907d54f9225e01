import { dayInVietnam, type Day } from '#kernel/clock.ts'
import type { AccountId, PasskeyId } from '#kernel/id.ts'
import type { AuditEvent } from '#domain/audit/event.ts'
import type { Account } from './account.ts'
import { expiryGrounds, type LockGround } from './ground.ts'
import { accountRules, type AccountRules, type Mover } from './rules.ts'

/** What can happen to an account after it was issued; there is no other way to change one, and none to delete it. */
export type Move =
  | { to: 'activate'; by: Mover }
  /** To account level 2, after the person was seen and their card was read (Decree 69/2024 Art 10.2); the first administrators by whoever runs the server. */
  | { to: 'raise'; by: Mover }
  /**
   * `lost`: because the device is gone, so its passkey alone does not open it again; `byCode` where a printed code showed whose account it is. `since`: by a
   * report of then that has closed it already, so that only what follows from it is left; nothing, where it was opened since or another report has come.
   */
  | { to: 'lock'; ground: LockGround; by: Mover; lost?: true; byCode?: boolean; since?: Date }
  /** `shown`: the passkey that its holder proves it with, which must still be good at that moment; the store looks. */
  | { to: 'unlock'; ground: LockGround; by: Mover; shown?: Shown }
  /** The registry says that its person has died (Law 26/2023 Art 34.1.d): no ground for unlocking exists. */
  | { to: 'end' }

/** A passkey, and how old it must be for this while the account is held after a recovery. */
export type Shown = { passkey: PasskeyId; holdHours: number }

/** Why an account is not moved. */
export type Hindrance = 'unknown' | 'ended' | 'not-theirs' | 'too-late' | 'locked' | 'key-gone' | 'key-young' | 'waits'

export type Moved = { is: 'moved'; account: Account } | { is: 'kept' } | { is: 'refused'; because: Hindrance }

/** An account, and what the registry says of its person. */
type Known = { account: Account; life: 'alive' | 'deceased' | 'missing' }

/**
 * The account after a move at this moment: `kept` where it is so already, refused where the law does not have it. `life` is what the registry
 * says; of somebody who died nothing moves any more.
 */
export function moved({ account, life }: Known, move: Move, at: Date, rules: AccountRules = accountRules): Moved {
  if (account.state === 'deceased') return move.to === 'end' ? kept : refused('ended')
  if (move.to === 'end') return { is: 'moved', account: { ...account, state: 'deceased' } }
  if (life === 'deceased') return refused('ended')
  switch (move.to) {
    case 'activate': return activated(account, move, at, rules)
    case 'raise': return raised(account, move)
    case 'lock': return locked(account, move, at, rules)
    case 'unlock': return unlocked(account, move, at, rules)
  }
}

type Act<To extends Move['to']> = Extract<Move, { to: To }>

const kept: Moved = { is: 'kept' }
const refused = (because: Hindrance): Moved => ({ is: 'refused', because })

function activated(account: Account, { by }: Act<'activate'>, at: Date, { activation }: AccountRules): Moved {
  if (account.state === 'active') return kept
  const late = isActivationOver(account, at, activation.days)
  if ((late ? activation.afterwards : activation.within).includes(by)) return { is: 'moved', account: { ...account, state: 'active' } }
  return refused(late && activation.within.includes(by) ? 'too-late' : 'not-theirs')
}

function raised(account: Account, { by }: Act<'raise'>): Moved {
  if (by !== 'officer' && by !== 'operator') return refused('not-theirs')
  if (account.level === 2 && account.heldUntil === undefined) return kept
  // Who was seen in person need not wait.
  return account.locks.length > 0 ? refused('locked') : { is: 'moved', account: { ...account, level: 2, heldUntil: undefined } }
}

function locked(account: Account, { ground, by, lost, byCode, since }: Act<'lock'>, at: Date, { grounds }: AccountRules): Moved {
  if (!grounds[ground].lockedBy.includes(by)) return refused('not-theirs')
  const lock = account.locks.find((one) => one.ground === ground)
  if (since !== undefined) return lock?.lost === true && lock.since.getTime() === since.getTime() ? { is: 'moved', account } : kept
  // "Not me": each report is a lock of its own. Whoever asked that it opens waits anew, and a code that was used since the one before brings nobody back.
  if (lock !== undefined && lost !== true) return kept
  const others = account.locks.filter((one) => one !== lock)
  return { is: 'moved', account: { ...account, locks: [...others, { ground, since: at, ...(lost && reported(lock, { byCode })) }] } }
}

type Lock = Account['locks'][number]

/** What a report makes of the lock before: one by a code takes nothing from one by the reference of a notice, and the first of them stays on record. */
function reported(before: Lock | undefined, { byCode }: { byCode: boolean | undefined }): Pick<Lock, 'lost' | 'byCode' | 'firstReport'> {
  if (before?.lost !== true) return { lost: true, ...(byCode && { byCode }) }
  return { lost: true, ...(byCode && before.byCode && { byCode }), firstReport: before.firstReport ?? before.since }
}

function unlocked(account: Account, { ground, by, shown }: Act<'unlock'>, at: Date, { grounds }: AccountRules): Moved {
  if (!grounds[ground].clearedBy.includes(by)) return refused('not-theirs')
  const lock = account.locks.find((one) => one.ground === ground)
  if (shown !== undefined && lock?.lost === true && !isOpenTo(lock, shown.passkey, at)) return refused('waits')
  const locks = account.locks.filter((lock) => lock.ground !== ground)
  return locks.length === account.locks.length ? kept : { is: 'moved', account: { ...account, locks } }
}

/** From when on this passkey opens an account that was closed as lost, once its holder has asked for that. */
export function opensAt({ openings = [] }: Pick<Account['locks'][number], 'openings'>, passkey: PasskeyId): Date | undefined {
  return openings.find((one) => one.passkey === passkey)?.at
}

function isOpenTo(lock: Account['locks'][number], passkey: PasskeyId, at: Date): boolean {
  const from = opensAt(lock, passkey)
  return from !== undefined && from <= at
}

/** Whether the days are over in which the holder activates a new account alone (Decree 69/2024 Art 14.1). */
export function isActivationOver({ createdAt }: Pick<Account, 'createdAt'>, at: Date, days: number = accountRules.activation.days): boolean {
  return at.getTime() > createdAt.getTime() + days * 86_400_000
}

/** What the paper of this account makes of it on this day: closed when it has ended, opened when it was renewed (Decree 69/2024 Art 15). */
export function followingPaper({ paper, expiresOn, locks }: Pick<Account, 'paper' | 'expiresOn' | 'locks'>, today: Day): readonly Move[] {
  const due = expiresOn !== undefined && expiresOn < today ? expiryGrounds[paper ?? 'card'] : undefined
  const over = Object.values(expiryGrounds).filter((ground) => ground !== due && locks.some((lock) => lock.ground === ground))
  return [
    ...over.map((ground) => ({ to: 'unlock' as const, ground, by: 'registry' as const })),
    ...(due === undefined ? [] : [{ to: 'lock' as const, ground: due, by: 'registry' as const }]),
  ]
}

/** The same, at this moment. */
export const followingPaperAt = (account: Account, at: Date): readonly Move[] => followingPaper(account, dayInVietnam(at))

/** Whose paper ends on this day or before is told so today, once. */
export function lastDayReminded(today: Day, { reminder }: AccountRules = accountRules): Day {
  return new Date(Date.parse(today) + reminder.days * 86_400_000).toISOString().slice(0, 10)
}

/** What is on record of a move that was made. */
export function recordOf(account: AccountId, move: Move): AuditEvent {
  switch (move.to) {
    case 'activate': return { type: 'account.activated', account, by: move.by }
    case 'raise': return { type: 'account.raised', account, by: move.by }
    case 'lock': return { type: 'account.locked', account, ground: move.ground, by: move.by }
    case 'unlock': return { type: 'account.unlocked', account, ground: move.ground, by: move.by }
    case 'end': return { type: 'account.ended', account }
  }
}
