import { hash } from 'node:crypto'
import { z } from 'zod'
import { dayInVietnam, type Clock } from '#kernel/clock.ts'
import { newId, type AccountId, type ApplicationId, type PersonId } from '#kernel/id.ts'
import { Problem } from '#kernel/problem.ts'
import { shortKey } from '#kernel/random.ts'
import { standing } from '#domain/account/account.ts'
import type { AccountStore } from '#domain/account/store.ts'
import type { AuditLog } from '#domain/audit/event.ts'
import type { ChipVerdict, ProvedFiles } from '#domain/chip/card.ts'
import { beginReading, finishReading, type ChipChallengeStore, type ChipProver, type Reading } from '#domain/chip/reading.ts'
import type { ChipPart, ChipReason } from '#domain/chip/reason.ts'
import type { ChipRules } from '#domain/chip/rules.ts'
import type { Offices } from '#domain/officer/store.ts'
import type { RegistryStore } from '#domain/registry/store.ts'
import type { Station } from './application.ts'
import type { Doubt } from './doubt.ts'
import { deskRules } from './rules.ts'
import { dutyOf } from './station.ts'

/** By what a reader proves that an officer has let it in: for one application, one reading, some minutes. */
export const readerCode = z.string().trim().toUpperCase().regex(/^[2-9A-HJ-NP-Z]{4}(-[2-9A-HJ-NP-Z]{4}){3}$/).brand<'ReaderCode'>()
export type ReaderCode = z.infer<typeof readerCode>

/** `waiting` until the reader asks, `asked` until it is heard. */
export type Pairing = { code: ReaderCode; officer: AccountId; /** Of the officer, hashed. */ session: string; expiresAt: Date; is: 'waiting' | 'asked' | 'heard' }

/** For whom a reader reads, while its officer works on the application and it is open; what it has asked by then it says all the same. */
export type Paired = { application: ApplicationId; person: PersonId; officer: AccountId; /** Of the application, while it is theirs. */ commune: string | undefined }

/** What a chip has shown: whose word it was, or why it was not believed. Nothing of what the card says. */
export type Heard = { id: string; at: Date; officer: AccountId } & (
  { is: 'verified'; copyCheck: ProvedFiles['copyCheck']; signer: string; authority: string } | { is: 'refused'; reason: ChipReason; part?: ChipPart | undefined }
)

export type ReaderStore = {
  /** Lets a reader in, in place of any before, recorded; false where the application is decided or somebody else's by now, or the reader of another officer is reading the card. */
  pair: (id: ApplicationId, made: { code: ReaderCode; station: Station; session: string; expiresAt: Date; at: Date }) => Promise<boolean>
  ofApplication: (id: ApplicationId) => Promise<Pairing | undefined>
  find: (code: ReaderCode, how: { is: Pairing['is']; at: Date }) => Promise<Paired | undefined>
  /** It asks its one question: of racing ones one is put. */
  begin: (code: ReaderCode, at: Date) => Promise<boolean>
  /**
   * Keeps what was read, recorded, and ends the pairing: of racing ones one is kept. Where the card is doubtful the code for the person's phone is void
   * with it, so that nothing is finished on it: that is kept also where another desk goes on with the application meanwhile, or has decided it, and nothing else is.
   * An officer whose role was ended meanwhile hears nothing.
   */
  hear: (code: ReaderCode, heard: Heard) => Promise<boolean>
  /** Newest first. */
  readings: (id: ApplicationId) => Promise<readonly Heard[]>
  /** What speaks against somebody's card, of whichever application, but for what two officers have ended. Newest first. */
  doubts: (person: PersonId) => Promise<readonly Doubt[]>
}

/** What it takes to believe a chip; there where the operator has named whom to trust. */
export type ChipDesk = { chip: ChipProver; challenges: ChipChallengeStore; rules: ChipRules }

type Pairers = { readers: Pick<ReaderStore, 'pair'>; clock: Clock }

export async function pairReader({ readers, clock }: Pairers, station: Station, { id, session }: { id: ApplicationId; session: string }): Promise<boolean> {
  const at = clock.now()
  return readers.pair(id, { code: readerCode.parse(shortKey()), station, session, at, expiresAt: new Date(at.getTime() + deskRules.reader.lifeMinutes * 60_000) })
}

type Readers = Serving & { readers: ReaderStore; chipDesk: ChipDesk }
type Serving = { accounts: Pick<AccountStore, 'find'>; offices: Offices; audit: AuditLog; clock: Clock }

/** As challenges are kept: a code stands nowhere but with the officer and the reader. */
const askerOf = (code: ReaderCode): string => hash('sha256', code, 'base64url')

type Listening = Serving & Pick<Readers, 'readers'>

/**
 * Whose turn it is. The code counts no longer than its officer serves: a role or a shift that has ended, or an account that was closed, is seen at each
 * word of the reader, and is on record. Throws `reader.not-paired` for a code that is wrong, over or used, all alike.
 */
async function pairedAs(tools: Listening, given: string | undefined, is: Pairing['is']): Promise<Paired & { code: ReaderCode }> {
  const { readers, clock } = tools
  const code = readerCode.safeParse(given).data
  const found = code && (await readers.find(code, { is, at: clock.now() }))
  if (code === undefined || found === undefined) throw new Problem('reader.not-paired')
  if (await serves(tools, found)) return { ...found, code }
  await tools.audit.append({ type: 'officer.refused', by: found.officer, permission: 'desk.work', reason: 'off-duty' })
  throw new Problem('reader.not-paired')
}

/** Whether this officer is at a desk of that commune now; at any, where another desk goes on. */
async function serves({ accounts, offices, clock }: Serving, { officer, commune }: Pick<Paired, 'officer' | 'commune'>): Promise<boolean> {
  const now = clock.now()
  const [found, roles] = await Promise.all([accounts.find(officer), offices.of(officer)])
  if (found === undefined || standing(found.account, found.life, dayInVietnam(now)).is !== 'usable') return false
  const duty = dutyOf({ account: officer, roles }, now)
  return duty.is === 'on' && (commune === undefined || duty.station.commune === commune)
}

/** Before anything is read of what a reader sends: strangers hand us no files. Throws `reader.not-paired`. */
export async function mustBePaired(tools: Listening, given: string | undefined, is: Pairing['is']): Promise<void> {
  await pairedAs(tools, given, is)
}

/** The one question of a reader that an officer has let in. Throws `reader.not-paired`. */
export async function askAtDesk(tools: Readers, given: string | undefined, dg14: Buffer | undefined): ReturnType<typeof beginReading> {
  const { readers, chipDesk, clock } = tools
  const { code } = await pairedAs(tools, given, 'waiting')
  const begun = await beginReading(chipDesk, askerOf(code), dg14)
  if (begun.is === 'asked' && !(await readers.begin(code, clock.now()))) throw new Problem('reader.not-paired')
  return begun
}

/**
 * What the chip said, judged and kept with the application, before the reader hears of it. What answers a question that was answered already, or too late, is
 * kept nowhere: who answered first is heard. Throws `reader.not-paired`.
 */
export async function hearAtDesk(tools: Readers & { registry: Pick<RegistryStore, 'find'> }, given: string | undefined, reading: Reading): Promise<ChipVerdict> {
  const { readers, chipDesk, clock, registry } = tools
  const { code, person: personId, officer } = await pairedAs(tools, given, 'asked')
  const person = await registry.find(personId)
  if (person === undefined) throw new Problem('internal')
  const verdict = await finishReading({ ...chipDesk, clock }, askerOf(code), { ...reading, expected: person.number })
  if (verdict.is === 'refused' && verdict.reason === 'challenge.spent') return verdict
  const at = clock.now()
  const heard: Heard = { id: newId(at.getTime()), at, officer, ...outcomeOf(verdict) }
  if (!(await readers.hear(code, heard))) throw new Problem('reader.not-paired')
  return verdict
}

function outcomeOf(verdict: ChipVerdict) {
  if (verdict.is === 'refused') return { is: 'refused', reason: verdict.reason, part: verdict.part } as const
  const { copyCheck, signer } = verdict.card
  return { is: 'verified', copyCheck, signer: signer.fingerprint, authority: signer.authority } as const
}
