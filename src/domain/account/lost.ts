import type { Clock } from '#kernel/clock.ts'
import { accountId, personId, type AccountId } from '#kernel/id.ts'
import { Problem } from '#kernel/problem.ts'
import type { Limits } from '#domain/abuse/limits.ts'
import { networkOf } from '#domain/abuse/network.ts'
import { noticeReference, readReference, type NoticeReference } from '#domain/notice/reference.ts'
import type { NoticeStore } from '#domain/notice/store.ts'
import { readCode, recoveryCode, type RecoveryCode } from '#domain/recovery/code.ts'
import type { RecoveryAct } from '#domain/recovery/recovery.ts'
import type { RecoveryRules } from '#domain/recovery/rules.ts'
import type { OrganisationStore } from '#domain/organisation/store.ts'
import { isBornOn } from '#domain/registry/match.ts'
import type { PersonalNumber } from '#domain/registry/person.ts'
import type { RegistryStore } from '#domain/registry/store.ts'
import type { ContactStore } from './contact.ts'
import type { AccountStore } from './store.ts'

/** What shows, without a sign-in, that an account is one's own: the reference of a notice, or a printed code. The code is used up by it: whoever has a sheet of them keeps its holder waiting no oftener than it has codes (W10). */
export type Shown = { reference: NoticeReference } | { code: RecoveryCode }

/** By their length, whatever stands between the signs. */
export function readShown(typed: string): Shown | undefined {
  const [reference, code] = [readReference(typed), readCode(typed)]
  if (reference !== undefined) return { reference }
  return code === undefined ? undefined : { code }
}

/** `whose`: as number and birth date say, or nobody's. `account`: what the number has, for the record alone. `borne`: whether a notice of theirs bears the reference that was shown. */
export type LostReport = { whose: AccountId; account?: AccountId | undefined; borne: boolean; code: RecoveryCode; at: Date }

export type LostReports = {
  /**
   * Where the reference is borne, or the code is one of theirs that nobody has used: uses the code up, records the report, locks this account, undoes a recovery
   * that can still be objected to, and queues what else follows (`lockLost`), all or nothing: who carries that out may be away, and the account is closed all the
   * same. Of racing reports by one code one counts. Of every other report it does the same work for nobody's account (W10).
   */
  put: (report: LostReport) => Promise<void>
}

type Tools = {
  limits: Limits
  registry: Pick<RegistryStore, 'findByNumber'>
  accounts: Pick<AccountStore, 'findByPerson'>
  holderNotices: Pick<NoticeStore, 'bears'>
  lostReports: LostReports
  clock: Clock
}

type Report = { number: PersonalNumber; birthDate: string; shown: Shown; address: string }

const unused = '00000000-0000-7000-8000-000000000000'
/** Nobody has this account. */
export const nobody = { account: accountId.parse(unused), person: personId.parse(unused) }
const none = { reference: noticeReference.parse('000000000'), code: recoveryCode.parse('000000000000') }

/**
 * Somebody has lost what they sign in with, and wants the account closed. Whatever is wrong, and nothing, look the same outside, in words and in
 * work (W10): the same questions are asked, one event is recorded, one account locked and one signal queued, for nobody's account where it was not shown. Of a
 * reference (40 bits) or a code (60 bits) nobody guesses one, from however many networks.
 */
export async function reportLost(tools: Tools, { number, birthDate, shown, address }: Report): Promise<void> {
  await count(tools.limits, { number, network: networkOf(address) })
  const person = await tools.registry.findByNumber(number)
  const account = (await tools.accounts.findByPerson(person?.id ?? nobody.person))?.id
  const { reference, code } = { ...none, ...shown }
  const born = isBornOn(person, birthDate)
  const whose = born && account !== undefined ? account : nobody.account
  const borne = await tools.holderNotices.bears(whose, reference)
  await tools.lostReports.put({ whose, account, borne, code, at: tools.clock.now() })
}

/**
 * Every try is counted by its network, good ones too, or the count would tell them apart. Carriers put thousands of people behind one, so a stranger
 * there who has used it up keeps nobody out: after that each number has its own few tries from this network. By number alone nothing is counted:
 * whoever knows it could keep its holder out from anywhere (W11).
 */
async function count(limits: Pick<Limits, 'spend'>, { number, network }: { number: PersonalNumber; network: string }): Promise<void> {
  try {
    await limits.spend('lost-per-network', network)
  } catch (error) {
    if (!(error instanceof Problem && error.code === 'limit.exceeded')) throw error
    await limits.spend('lost-per-number-and-network', `${number} ${network}`)
  }
}

/** What is done so soon after a report counts as done before it: a node may look five seconds later, and its clock be ten ahead. No holder has been at a desk by then. */
const closingSeconds = 15

type LockTools = { accounts: Pick<AccountStore, 'move'>; recovery: Pick<RecoveryAct, 'cancel'>; contactStore: Pick<ContactStore, 'undo'>; organisations: Pick<OrganisationStore, 'endGiven'>; recoveryRules: RecoveryRules; clock: Clock }

/**
 * What follows from a report, which has closed the account and undone a recovery by itself: sessions are ended, services and holder told, and a
 * change of addresses and mandates as young as a recovery that can be objected to undone, for they may be the work of whoever has the device. Where it was a
 * false alarm a passkey opens it again, but not at once: the one that comes may be on the very device that is lost, unlocked, with the holder's mail
 * beside it, so neither a second tap nor a code to an address proves more. It opens after a wait that every address was told of (ux.md §4.8), and this
 * report is the "not me" that ends the wait; a desk opens it at once (W09). A report is the same whether or not there was one before. May come twice. What an
 * older release has queued has no moment of its report: there the account is closed by this. Whoever carries it out may come late: where the account was
 * opened since, at a desk, or another report has come, nothing more is done, and what was made after the report stays. What another report undoes reaches as
 * far back as the first of those that keep the account closed does: that one may be carried out later, or days later than it came.
 */
export async function lockLost(
  { accounts, recovery, contactStore, organisations, recoveryRules, clock }: LockTools, account: AccountId, { reportedAt, byCode = false }: { reportedAt?: Date | undefined; byCode?: boolean | undefined } = {},
): Promise<void> {
  const at = clock.now()
  const moved = await accounts.move(account, { to: 'lock', ground: 'holder-request', by: 'holder', lost: true, byCode, ...(reportedAt && { since: reportedAt }) }, at)
  if (moved.is === 'kept') return
  if (reportedAt === undefined) await recovery.cancel(account, { at, holdHours: recoveryRules.holdHours, through: 'reference' })
  const reported = (reportedAt ?? at).getTime()
  const first = moved.is === 'moved' ? moved.account.locks.find(({ ground }) => ground === 'holder-request')?.firstReport : undefined
  const made = { since: new Date((first?.getTime() ?? reported) - recoveryRules.holdHours * 3_600_000), until: new Date(reported + closingSeconds * 1000) }
  await contactStore.undo(account, { ...made, at })
  await organisations.endGiven(account, { ...made, at })
}
