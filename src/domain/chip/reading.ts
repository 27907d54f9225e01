import { z } from 'zod'
import { dayInVietnam, type Clock } from '#kernel/clock.ts'
import { secretToken } from '#kernel/random.ts'
import type { PersonalNumber } from '#domain/registry/person.ts'
import { judgeCard, type ChipVerdict, type ProvedFiles } from './card.ts'
import type { ChipRefusal } from './reason.ts'
import type { ChipRules } from './rules.ts'

/** One reading of one card. */
export const readingId = z.string().regex(/^[A-Za-z0-9_-]{16,64}$/).brand<'ReadingId'>()
export type ReadingId = z.infer<typeof readingId>

/** The files of a chip as they were read (ICAO 9303-10 §4.6, §4.7), whole with their outer tags. */
export type ChipFiles = { sod: Buffer; groups: ReadonlyMap<number, Buffer> }

/** What the chip said to our challenge: to INTERNAL AUTHENTICATE, and to the command under the agreed keys. */
export type ChipAnswer = { active?: Buffer | undefined; agreed?: Buffer | undefined }

/** What a chip is asked: eight bytes to sign, and where it has a key for that, a public key to agree with and a command under the keys agreed. */
export type ChipQuestion = { nonce: Buffer; agreement?: { publicKey: Buffer; keyId?: number | undefined; oid: string; command: Buffer } | undefined }

/** The cryptography of a chip; `src/chip` has it. Nothing of what a reader sends makes it throw. */
export type ChipProver = {
  /** A question nobody has been asked before, and what has to be kept secret until it is answered. */
  ask: (dg14: Buffer | undefined) => { is: 'asked'; question: ChipQuestion; secret: string } | ChipRefusal
  prove: (files: ChipFiles, said: { secret: string; answer: ChipAnswer; at: Date }) => ProvedFiles | ChipRefusal
}

/** `by` is whoever asked, as the surface names it: what one desk and browser began, no other finishes (W05). */
export type ChipChallengeStore = {
  put: (by: string, reading: ReadingId, secret: string) => Promise<void>
  /** Reads and forgets in one step, so that of two racing answers only one is heard. */
  take: (by: string, reading: ReadingId) => Promise<string | undefined>
}

type BeginTools = { challenges: Pick<ChipChallengeStore, 'put'>; chip: Pick<ChipProver, 'ask'> }

/** Asks one chip one thing, once. Without DG14 it can only be asked to sign. */
export async function beginReading(
  tools: BeginTools, by: string, dg14?: Buffer,
): Promise<{ is: 'asked'; reading: ReadingId; question: ChipQuestion } | ChipRefusal> {
  const asked = tools.chip.ask(dg14)
  if (asked.is === 'refused') return asked
  const reading = readingId.parse(secretToken())
  await tools.challenges.put(by, reading, asked.secret)
  return { is: 'asked', reading, question: asked.question }
}

type FinishTools = { challenges: Pick<ChipChallengeStore, 'take'>; chip: Pick<ChipProver, 'prove'>; clock: Clock; rules: Pick<ChipRules, 'states'> }
export type Reading = { reading: ReadingId; files: ChipFiles; answer: ChipAnswer; expected?: PersonalNumber | undefined }

/** Judges what was read. The challenge is spent whatever the outcome. */
export async function finishReading(tools: FinishTools, by: string, { reading, files, answer, expected }: Reading): Promise<ChipVerdict> {
  const secret = await tools.challenges.take(by, reading)
  if (secret === undefined) return { is: 'refused', reason: 'challenge.spent' }
  const at = tools.clock.now()
  const proved = tools.chip.prove(files, { secret, answer, at })
  return proved.is === 'refused' ? proved : judgeCard(proved, { today: dayInVietnam(at), rules: tools.rules, expected })
}
