import { describe, expect, test } from 'vitest'
import { beginReading, finishReading, readingId, type ChipAnswer } from '#domain/chip/reading.ts'
import { readingBody, questionBody } from '#domain/chip/body.ts'
import { chipProver } from '#chip/prover.ts'
import { openTrust } from '#chip/trust.ts'
import { embeddedVolatile } from '#storage/embedded/volatile.ts'
import { chipChallenges } from '#storage/chip-challenges.ts'
import { at, makeWorld, rules } from '#test/support/chip.ts'

const world = makeWorld()
const opened = openTrust(world.trust, rules)
const chip = chipProver(() => (opened.is === 'open' ? opened.trust : { anchors: [], lists: [] }), rules)

function desk() {
  let now = at
  const clock = { now: () => now }
  const challenges = chipChallenges(embeddedVolatile({ clock }), rules.challengeSeconds)
  return {
    pass: (seconds: number) => void (now = new Date(now.getTime() + seconds * 1000)),
    ask: async (by = 'desk') => {
      const begun = await beginReading({ challenges, chip }, by)
      if (begun.is === 'refused') throw new TypeError('a question without DG14 is never refused')
      return { ...begun, answer: world.answer(begun.question) }
    },
    finish: (reading: string, answer: ChipAnswer, by = 'desk') =>
      finishReading({ challenges, chip, clock, rules }, by, { reading: readingId.parse(reading), files: world.files, answer }),
  }
}

const spent = { is: 'refused', reason: 'challenge.spent' }

describe('C03 a challenge', () => {
  test('is answered once: the same answer again is refused', async () => {
    const { ask, finish } = desk()
    const { reading, answer } = await ask()
    expect([await finish(reading, answer), await finish(reading, answer)]).toMatchObject([{ is: 'verified' }, spent])
  })

  test('is heard once of fifty that answer at the same moment', async () => {
    const { ask, finish } = desk()
    const { reading, answer } = await ask()
    const outcomes = await Promise.all(Array.from({ length: 50 }, () => finish(reading, answer)))
    expect(outcomes.filter(({ is }) => is === 'verified')).toHaveLength(1)
  })

  test('is spent by a wrong answer too', async () => {
    const { ask, finish } = desk()
    const { reading, answer } = await ask()
    expect(await finish(reading, { active: Buffer.alloc(128) })).toMatchObject({ reason: 'chip.answer-wrong' })
    expect(await finish(reading, answer)).toEqual(spent)
  })

  test('lives two minutes', async () => {
    const { ask, finish, pass } = desk()
    const [one, other] = [await ask(), await ask()]
    pass(rules.challengeSeconds - 1)
    expect(await finish(one.reading, one.answer)).toMatchObject({ is: 'verified' })
    pass(1)
    expect(await finish(other.reading, other.answer)).toEqual(spent)
  })

  test('is of one desk: what one began, another does not finish', async () => {
    const { ask, finish } = desk()
    const { reading, answer } = await ask('desk one')
    expect(await finish(reading, answer, 'desk two')).toEqual(spent)
    expect(await finish(reading, answer, 'desk one')).toMatchObject({ is: 'verified' })
  })

  test('is not answered by the answer to another', async () => {
    const { ask, finish } = desk()
    const [one, other] = [await ask(), await ask()]
    expect(await finish(one.reading, other.answer)).toMatchObject({ reason: 'chip.answer-wrong' })
  })

  test('is never the same', async () => {
    const { ask } = desk()
    const asked = await Promise.all(Array.from({ length: 20 }, () => ask()))
    expect(new Set(asked.map(({ question }) => question.nonce.toString('hex'))).size).toBe(20)
    expect(asked.every(({ question }) => question.nonce.length === 8)).toBe(true)
  })
})

describe('what a reader posts', () => {
  const base64 = (bytes: Buffer | undefined) => bytes?.toString('base64')
  const { sod, groups } = world.files
  const posted = { reading: 'a'.repeat(43), sod: base64(sod), dg1: base64(groups.get(1)), dg13: base64(groups.get(13)), dg15: base64(groups.get(15)), answer: { active: base64(Buffer.alloc(128)) } }
  const body = readingBody(rules)

  test('becomes the files of a chip and its answer', () => {
    const { files, answer } = body.parse(posted)
    expect([files.sod.equals(sod), [...files.groups.keys()], answer.active?.length]).toEqual([true, [1, 13, 15], 128])
  })

  test.each([
    ['a field that nobody knows', { dg3: 'AAAA' }], ['no security object', { sod: undefined }], ['what is not Base64', { dg1: 'not!' }],
    ['Base64 without its end', { dg1: 'AAAAA' }], ['an empty file', { dg1: '' }], ['no reading', { reading: '' }],
    ['a security object that is too large', { sod: base64(Buffer.alloc(rules.largest.sod + 1)) }], ['an answer that is too long', { answer: { active: base64(Buffer.alloc(513)) } }],
  ])('is refused with %s', (_name, change) => expect(body.safeParse({ ...posted, ...change }).success).toBe(false))

  test('begins with DG14, or with nothing', () => {
    expect([{}, { dg14: 'bgAA' }, { dg14: 1 }, { dg15: 'bgAA' }].map((each) => questionBody(rules).safeParse(each).success)).toEqual([true, true, false, false])
  })
})
