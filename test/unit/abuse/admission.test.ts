import { describe, expect, test } from 'vitest'
import { admit, comeBackAfter, freeFor, nextIn, placesFor, workKinds, type Crowd, type Work } from '#domain/abuse/admission.ts'

const nobody = { finishing: 0, pushed: 0, beginning: 0, aside: 0 }
const crowd = (inside: number, waiting: Partial<Record<Work, number>> = {}, places = 100): Crowd => ({ places, inside, waiting: { ...nobody, ...waiting } })

describe('R09: who is let in', () => {
  test.each<[inside: number, in_: readonly Work[]]>([
    [0, ['finishing', 'pushed', 'beginning', 'aside']],
    [49, ['finishing', 'pushed', 'beginning', 'aside']],
    [50, ['finishing', 'pushed', 'beginning']],
    [70, ['finishing', 'pushed']],
    [85, ['finishing']],
    [99, ['finishing']],
    [100, []],
  ])('with %i of a hundred places taken: %j', (inside, expected) => {
    expect(workKinds.filter((work) => admit(work, crowd(inside)) === 'enters')).toEqual(expected)
  })

  test('nobody overtakes who waits and is wanted as much or more; whoever is wanted more does', () => {
    expect(admit('beginning', crowd(0, { beginning: 1 }))).toBe('waits')
    expect(admit('beginning', crowd(0, { finishing: 1 }))).toBe('waits')
    expect(admit('finishing', crowd(90, { beginning: 40 }))).toBe('enters')
  })

  test('a line is no longer than there are places', () => {
    expect([admit('beginning', crowd(100, { beginning: 99 })), admit('beginning', crowd(100, { beginning: 100 }))]).toEqual(['waits', 'is refused'])
    expect([admit('finishing', crowd(100, { beginning: 100 })), admit('finishing', crowd(100, { finishing: 100 }))]).toEqual(['waits', 'is refused'])
  })

  test('of those who wait the most wanted that may comes next, and none where there is no room for it', () => {
    expect(nextIn(crowd(99, { finishing: 1, beginning: 9 }))).toBe('finishing')
    expect(nextIn(crowd(99, { beginning: 9 }))).toBeUndefined()
    expect(nextIn(crowd(69, { beginning: 9, aside: 3 }))).toBe('beginning')
    expect(nextIn(crowd(0))).toBeUndefined()
  })

  test('a server with one place lets everybody in, one after the other', () => {
    for (const work of workKinds) expect([freeFor(work, { places: 1, inside: 0 }), freeFor(work, { places: 1, inside: 1 })]).toEqual([1, 0])
  })

  test('there are as many places as are worked off in a time that is bearable, within bounds', () => {
    expect([placesFor(3), placesFor(1), placesFor(0.001), placesFor(1000)]).toEqual([50, 150, 512, 32])
  })

  test('who is refused comes back after two to ten seconds', () => {
    expect([comeBackAfter(() => 0), comeBackAfter((below) => below - 1)]).toEqual([2, 10])
  })
})
