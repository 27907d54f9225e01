import { describe, expect, test } from 'vitest'
import { accountId } from '#kernel/id.ts'
import { reasons, isChipReason, type ChipReason } from '#domain/chip/reason.ts'
import { chipStanding, isDoubtful, isForgery } from '#domain/desk/chip-standing.ts'
import { readerCode, type Heard } from '#domain/desk/reader.ts'
import { shortKey } from '#kernel/random.ts'

const [officer, colleague] = [accountId.parse(crypto.randomUUID()), accountId.parse(crypto.randomUUID())]
const at = new Date('2026-11-27T03:00:00Z')
const good = (by = officer): Heard => ({ id: 'one', at, officer: by, is: 'verified', copyCheck: 'active', signer: 's', authority: 'a' })
const bad = (reason: ChipReason, by = officer): Heard => ({ id: 'two', at, officer: by, is: 'refused', reason })

describe('how it stands with a chip', () => {
  test.each<[string, readonly Heard[], string]>([
    ['nobody read it', [], 'unread'],
    ['it was believed', [good()], 'verified'],
    ['it was believed before another officer', [good(colleague)], 'unread'],
    ['it could not be read', [bad('der.truncated')], 'unread'],
    ['no card can be checked', [bad('crl.outdated')], 'unread'],
    ['it has no key', [bad('chip.no-key')], 'unread'],
    ['it is forged', [bad('sod.signature')], 'doubtful'],
    ['it is a copy', [bad('chip.answer-wrong')], 'doubtful'],
    ['it is over', [bad('card.expired')], 'doubtful'],
    ['it is of somebody else', [bad('card.other-person')], 'doubtful'],
    ['it was forged before another officer', [bad('sod.signature', colleague)], 'doubtful'],
    ['it was forged, and then could not be read', [bad('der.truncated'), bad('challenge.spent'), bad('sod.signature')], 'doubtful'],
    ['it was forged, and then a right card was read', [good(), bad('sod.signature')], 'verified'],
    ['it was forged, and a colleague read a right card', [good(colleague), bad('sod.signature')], 'unread'],
    ['it was right, and then another one was forged', [bad('sod.signature'), good()], 'doubtful'],
  ])('where %s', (_how, newestFirst, is) => expect(chipStanding(newestFirst, officer).is).toBe(is))

  test('says why, and what is an alarm is also a doubt', () => {
    expect(chipStanding([bad('card.other-person')], officer)).toEqual({ is: 'doubtful', reason: 'card.other-person', at })
    const all = Object.keys(reasons).filter(isChipReason)
    expect(all.length).toBeGreaterThan(40)
    expect(all.filter((reason) => isForgery(reason) && !isDoubtful(reason))).toEqual([])
    expect([isForgery('card.other-person'), isForgery('card.expired'), isForgery('signer.revoked'), isForgery('authority.unknown')]).toEqual([false, false, false, true])
  })
})

test('the code of a reader is long enough that nobody guesses it, and is read as it is typed', () => {
  const codes = Array.from({ length: 200 }, () => readerCode.parse(shortKey()))
  expect(new Set(codes).size).toBe(200)
  expect(new Set(codes.map(({ length }) => length))).toEqual(new Set([19]))
  expect(readerCode.parse(` ${codes[0]?.toLowerCase()} `)).toBe(codes[0])
  for (const wrong of ['', 'ABCD', 'ABCD-EFGH-JKLM-NPQ0', 'ABCD-EFGH-JKLM-NPQRS', 'ABCDEFGHJKLMNPQR']) expect(readerCode.safeParse(wrong).success).toBe(false)
})
