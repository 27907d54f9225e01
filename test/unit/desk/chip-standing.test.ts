import { describe, expect, test } from 'vitest'
import { accountId } from '#kernel/id.ts'
import { reasons, isChipReason, type ChipReason } from '#domain/chip/reason.ts'
import { chipFault, chipStanding } from '#domain/desk/chip-standing.ts'
import { isDoubtful, isForgery, standingDoubts, type Doubt } from '#domain/desk/doubt.ts'
import { readerCode, type Heard } from '#domain/desk/reader.ts'
import { shortKey } from '#kernel/random.ts'

const [officer, colleague] = [accountId.parse(crypto.randomUUID()), accountId.parse(crypto.randomUUID())]
const at = new Date('2026-11-27T03:00:00Z')
const good = (by = officer): Heard => ({ id: 'one', at, officer: by, is: 'verified', copyCheck: 'active', signer: 's', authority: 'a' })
const bad = (reason: ChipReason, by = officer): Heard => ({ id: 'two', at, officer: by, is: 'refused', reason })
const doubt = (reason: ChipReason): Doubt => ({ id: 'two', at, officer: colleague, reason, reference: '123', commune: 'xã Phú' })
const hours = (count: number) => new Date(at.getTime() + count * 3_600_000)

describe('how it stands with a chip', () => {
  test.each<[string, readonly Heard[], readonly Doubt[], string]>([
    ['nobody read it', [], [], 'unread'],
    ['it was believed', [good()], [], 'verified'],
    ['it was believed before another officer', [good(colleague)], [], 'unread'],
    ['it could not be read', [bad('der.truncated')], [], 'unread'],
    ['no card can be checked', [bad('crl.outdated')], [], 'unread'],
    ['it has no key', [bad('chip.no-key')], [], 'unread'],
    ['it is forged', [bad('sod.signature')], [doubt('sod.signature')], 'doubtful'],
    ['it was forged, in another application', [], [doubt('sod.signature')], 'doubtful'],
    ['it was forged, and then a right card was read', [good(), bad('sod.signature')], [doubt('sod.signature')], 'doubtful'],
    ['it was forged, and a colleague read a right card', [good(colleague), bad('sod.signature')], [doubt('sod.signature')], 'doubtful'],
    ['it was right, and then another one was forged', [bad('sod.signature'), good()], [doubt('sod.signature')], 'doubtful'],
    ['two officers have ended the doubt, and nothing was read since', [bad('sod.signature'), good()], [], 'unread'],
    ['two officers have ended the doubt, and a right card was read after it', [good(), bad('sod.signature')], [], 'verified'],
  ])('where %s', (_how, readings, doubts, is) => expect(chipStanding({ readings, doubts, officer, since: at }).is).toBe(is))

  test('what was believed at an earlier visit is not what was seen at this one', () => {
    expect(chipStanding({ readings: [good()], doubts: [], officer, since: new Date(at.getTime() + 1) })).toEqual({ is: 'unread' })
  })

  test('says why, and what is an alarm is also a doubt', () => {
    const doubts = [doubt('card.other-person'), doubt('sod.signature')]
    expect(chipStanding({ readings: [], doubts, officer, since: at })).toEqual({ is: 'doubtful', reason: 'card.other-person', at, doubts })
    const all = Object.keys(reasons).filter(isChipReason)
    expect(all.length).toBeGreaterThan(40)
    expect(all.filter((reason) => isForgery(reason) && !isDoubtful(reason))).toEqual([])
    expect([isForgery('card.other-person'), isForgery('card.expired'), isForgery('signer.revoked'), isForgery('authority.unknown')]).toEqual([false, false, false, true])
    expect([chipFault({ kind: 'citizen' }, { is: 'doubtful', reason: 'card.expired', at, doubts: [] }), chipFault({ kind: 'citizen' }, { is: 'unread' })]).toEqual(['chip-doubtful', undefined])
  })
})

describe('a doubt about a card ends by itself', () => {
  test.each<[string, ChipReason, { at: Date; issuedOn?: string }, boolean]>([
    ['never, where the card was forged: not after a year', 'sod.signature', { at: hours(9000) }, true],
    ['never, where the card was forged: not with a new card', 'sod.signature', { at: hours(9000), issuedOn: '2027-01-01' }, true],
    ['never, where the chip is a copy', 'chip.answer-wrong', { at: hours(9000), issuedOn: '2027-01-01' }, true],
    ['not within a day, where it was somebody else’s card', 'card.other-person', { at: hours(23.99) }, true],
    ['after a day, where it was somebody else’s card', 'card.other-person', { at: hours(24) }, false],
    ['not after a year, where the card was over', 'card.expired', { at: hours(9000), issuedOn: '2020-01-01' }, true],
    ['not with a card of the same day, where it was over', 'signer.revoked', { at: hours(9000), issuedOn: '2026-11-27' }, true],
    ['with a card that was issued later, where it was over', 'signer.revoked', { at: hours(9000), issuedOn: '2026-11-28' }, false],
    ['not for want of a card in the register', 'card.expired', { at: hours(9000) }, true],
  ])('%s', (_when, reason, now, stands) => {
    expect(standingDoubts([doubt(reason)], { issuedOn: undefined, ...now })).toHaveLength(stands ? 1 : 0)
  })

  test('and is none where nothing speaks against the card', () => {
    expect(standingDoubts([doubt('der.truncated'), doubt('crl.outdated')], { at, issuedOn: undefined })).toEqual([])
  })
})

test('the code of a reader is long enough that nobody guesses it, and is read as it is typed', () => {
  const codes = Array.from({ length: 200 }, () => readerCode.parse(shortKey()))
  expect(new Set(codes).size).toBe(200)
  expect(new Set(codes.map(({ length }) => length))).toEqual(new Set([19]))
  expect(readerCode.parse(` ${codes[0]?.toLowerCase()} `)).toBe(codes[0])
  for (const wrong of ['', 'ABCD', 'ABCD-EFGH-JKLM-NPQ0', 'ABCD-EFGH-JKLM-NPQRS', 'ABCDEFGHJKLMNPQR']) expect(readerCode.safeParse(wrong).success).toBe(false)
})
