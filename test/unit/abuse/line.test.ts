import { describe, expect, test } from 'vitest'
import { isOpen, lapsedAt, lineDay, lookAgainAfter, spansAt, ticketSeconds, turnOf, waitOf } from '#domain/abuse/line.ts'

const at = new Date('2026-11-27T02:00:00Z')
const now = at.getTime() / 1000
const ticket = (number: number, more: { day?: number; givenAt?: number } = {}) => ({ day: lineDay(at), number, givenAt: now, mark: 'm', ...more })

describe('the line of people who begin a sign-in', () => {
  test('whose turn it is goes on, whoever comes later has a position', () => {
    expect(turnOf(ticket(40), { given: 100, called: 40, lapsed: 0 }, at)).toEqual({ is: 'come' })
    expect(turnOf(ticket(41), { given: 100, called: 40, lapsed: 0 }, at)).toEqual({ is: 'waits', position: 1 })
    expect(turnOf(ticket(100), { given: 100, called: 40, lapsed: 0 }, at)).toEqual({ is: 'waits', position: 60 })
  })

  test('a ticket of another day, of hours ago, or of a line that was lost is none', () => {
    for (const one of [ticket(1, { day: lineDay(at) - 1 }), ticket(1, { givenAt: now - ticketSeconds - 1 }), ticket(101)]) {
      expect(turnOf(one, { given: 100, called: 40, lapsed: 0 }, at)).toEqual({ is: 'void' })
    }
  })

  test('whose call has lapsed has no turn any more, and whoever is called now has', () => {
    const counts = { given: 100, called: 40, lapsed: 30 }
    expect([turnOf(ticket(30), counts, at), turnOf(ticket(31), counts, at), turnOf(ticket(41), counts, at)]).toEqual([{ is: 'void' }, { is: 'come' }, { is: 'waits', position: 1 }])
  })

  test('a call is waited for during the span that it is in and two more, however few were called', () => {
    expect(spansAt(new Date(360_000))).toEqual([1, 2, 3])
    expect([lapsedAt([10, 20, 30], 40), lapsedAt([undefined, 20, 30], 40), lapsedAt([undefined, undefined, undefined], 40), lapsedAt([0, 5, 9], 9)]).toEqual([10, 20, 40, 0])
  })

  test('the day changes at three in the morning in Viet Nam', () => {
    expect(lineDay(new Date('2026-11-27T20:00:00Z')) - lineDay(new Date('2026-11-27T19:59:59Z'))).toBe(1)
    expect(lineDay(new Date('2026-11-27T17:00:00Z'))).toBe(lineDay(new Date('2026-11-27T16:59:59Z')))
  })

  test('is open while somebody has not been called', () => {
    expect([isOpen({ given: 5, called: 4 }), isOpen({ given: 5, called: 5 }), isOpen({ given: 5, called: 9 })]).toEqual([true, false, false])
  })

  test('the wait is what the line needs at its pace; the page looks again the more seldom the longer it is', () => {
    expect([waitOf(1240, 10), waitOf(1, 0)]).toEqual([124, 10])
    expect([1, 20, 60, 600, 6000].map((wait) => lookAgainAfter(wait, () => 25))).toEqual([4, 10, 30, 30, 180])
    expect([1800, 2400].map((wait) => lookAgainAfter(wait, () => 25))).toEqual([90, 120])
    expect([lookAgainAfter(1, () => 0), lookAgainAfter(1, (below) => below - 1), lookAgainAfter(600, () => 0), lookAgainAfter(600, (below) => below - 1)]).toEqual([3, 5, 23, 38])
  })

  test('whoever looks again when the page says so never misses their call, however far behind they were and however suddenly they are called', () => {
    for (const wait of [1, 600, 4600, 20_000, 1_000_000]) {
      const next = lookAgainAfter(wait, (below) => below - 1)
      // All are called at once, just after they looked and just before a span of calls ends; ten more are called in each span that follows.
      const calledAt = 120_000 * 1000 - 1
      const seenAt = new Date(calledAt + next * 1000)
      const before = new Map([[999, 0], [1000, 500], [1001, 510], [1002, 520]])
      const counts = { given: 600, called: 530, lapsed: lapsedAt(spansAt(seenAt).map((span) => before.get(span)), 530) }
      expect([wait, turnOf({ ...ticket(500), day: lineDay(seenAt), givenAt: seenAt.getTime() / 1000 }, counts, seenAt)]).toEqual([wait, { is: 'come' }])
    }
  })
})
