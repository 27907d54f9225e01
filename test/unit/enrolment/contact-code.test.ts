import { describe, expect, test } from 'vitest'
import { systemClock } from '#kernel/clock.ts'
import { interactionId } from '#kernel/id.ts'
import { redeem } from '#domain/enrolment/contact-code.ts'
import { embeddedVolatile } from '#storage/embedded/volatile.ts'
import { contactCodes } from '#storage/short-lived.ts'

const interaction = interactionId.parse('interaction-number-1')
const email = 'lan@nha.example'
const tries = 5
const fifty = Array.from({ length: 50 }, (_, at) => at)

/** A store with one code in it, which counts how often the code was looked at. */
async function opened({ code = '123456', seconds = 60 } = {}) {
  const store = contactCodes(embeddedVolatile({ clock: systemClock }), seconds)
  await store.put(interaction, 1, { code, email })
  const looks = { count: 0 }
  const codes: typeof store = {
    ...store,
    read: (...which) => {
      looks.count += 1
      return store.read(...which)
    },
  }
  const type = (typed: string, generation = 1) => redeem(codes, interaction, { generation, typed, tries })
  return { codes, looks, type }
}

const tally = (outcomes: readonly { is: string }[]) => Object.fromEntries(Object.entries(Object.groupBy(outcomes,
  ({ is }) => is)).map(([is, all]) => [is, all?.length]))

describe('redeeming a contact code', () => {
  test('the right code, once', async () => {
    const { type } = await opened()
    expect([await type('123456'), await type('123456')]).toEqual([{ is: 'right', email }, { is: 'spent' }])
  })

  test('wrong codes count down, and after the last one the right code is spent too', async () => {
    const { type } = await opened()
    const heard = []
    for (let at = 0; at < 6; at += 1) heard.push(await type('000000'))
    expect(heard).toEqual([4, 3, 2, 1].map((left) => ({ is: 'wrong', left })).concat(Array(2).fill({ is: 'spent' })))
    expect(await type('123456')).toEqual({ is: 'spent' })
  })

  test('the last try may be the right one', async () => {
    const { type } = await opened()
    for (let at = 0; at < 4; at += 1) await type('000000')
    expect(await type('123456')).toEqual({ is: 'right', email })
  })

  test('of 50 parallel takers with the right code exactly one has it', async () => {
    const { type } = await opened()
    expect(tally(await Promise.all(fifty.map(() => type('123456'))))).toEqual({ right: 1, spent: 49 })
  })

  test('of 50 parallel wrong guesses exactly as many are compared as there are tries', async () => {
    const { type, looks } = await opened()
    const outcomes = await Promise.all(fifty.map((at) => type(String(at).padStart(6, '0'))))
    expect(tally(outcomes)).toEqual({ wrong: 4, spent: 46 })
    expect(looks.count).toBe(tries)
    expect(new Set(outcomes.flatMap((outcome) => (outcome.is === 'wrong' ? [outcome.left] : [])))).toEqual(new Set([1, 2, 3, 4]))
  })

  test('the right guess among 50 counts only if it is one of the first', async () => {
    const late = await opened()
    expect(tally(await Promise.all(fifty.map((at) => late.type(at === 20 ? '123456' : '000000')))))
      .toEqual({ wrong: 4, spent: 46 })
    const early = await opened()
    expect(tally(await Promise.all(fifty.map((at) => early.type(at === 2 ? '123456' : '000000'))))).toMatchObject({ right: 1 })
  })

  test.each(['', '12345', '1234567', '123456 ', ' 123456', '１２３４５６', '12345６', '0', '123456\u0000'])('%j is not the code',
    async (typed) => {
    const { type } = await opened()
    expect(await type(typed)).toEqual({ is: 'wrong', left: 4 })
  })

  test('an older or newer number is another code', async () => {
    const { codes, type } = await opened()
    await codes.put(interaction, 2, { code: '654321', email: 'khac@nha.example' })
    expect(await type('123456', 2)).toEqual({ is: 'wrong', left: 4 })
    expect(await type('123456', 3)).toEqual({ is: 'spent' })
    expect(await type('654321', 2)).toEqual({ is: 'right', email: 'khac@nha.example' })
  })

  test('tries at an old code do not count against a new one', async () => {
    const { codes, type } = await opened()
    for (let at = 0; at < 9; at += 1) await type('000000')
    await codes.put(interaction, 2, { code: '654321', email: 'khac@nha.example' })
    expect(await type('654321', 2)).toEqual({ is: 'right', email: 'khac@nha.example' })
  })

  test('somebody else\'s code is not there', async () => {
    const { codes } = await opened()
    const other = interactionId.parse('interaction-number-2')
    expect(await redeem(codes, other, { generation: 1, typed: '123456', tries })).toEqual({ is: 'spent' })
  })
})
