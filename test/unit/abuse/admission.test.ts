import { describe, expect, test } from 'vitest'
import { admit, assuredPerSecond, comeBackAfter, freeFor, nextIn, rankOf, takesKept, workKinds, type Crowd, type Work } from '#domain/abuse/admission.ts'
import { placesFor, requestsPerSecond, signInsPerSecond, workDone } from '#domain/abuse/capacity.ts'
import { loadOf, nextOf, partiesOf, whoGivesWay } from '#domain/abuse/fairness.ts'

const nobody = { finishing: 0, claimed: 0, called: 0, pushed: 0, sending: 0, beginning: 0, aside: 0 }
const plenty = { finishing: 99, claimed: 99, called: 99, pushed: 99, sending: 99, beginning: 99, aside: 99 }
const crowd = (inside: Partial<Record<Work, number>>, waiting: Partial<Record<Work, number>> = {}, { places = 100, assured = {} }: { places?: number; assured?: Partial<Record<Work, number>> } = {}): Crowd =>
  ({ places, inside: { ...nobody, ...inside }, waiting: { ...nobody, ...waiting }, assured: { ...plenty, ...assured } })

describe('R09: who is let in', () => {
  test.each<[inside: Partial<Record<Work, number>>, in_: readonly Work[]]>([
    [{}, workKinds],
    [{ beginning: 39 }, workKinds],
    [{ beginning: 40 }, ['finishing', 'claimed', 'called', 'pushed', 'sending', 'aside']],
    [{ claimed: 30 }, ['finishing', 'called', 'pushed', 'sending', 'beginning', 'aside']],
    // Fuller than half nobody comes aside, than thirteen of twenty nobody begins, beyond what is kept for that.
    [{ finishing: 58, sending: 4, beginning: 4, aside: 4 }, ['finishing', 'claimed', 'called', 'pushed']],
    [{ finishing: 49, sending: 3, beginning: 3, aside: 3 }, workKinds],
    [{ finishing: 52, sending: 4, beginning: 4, aside: 4 }, ['finishing', 'claimed', 'called', 'pushed', 'sending', 'beginning']],
    [{ finishing: 54, called: 4, beginning: 4, aside: 4 }, ['finishing', 'claimed', 'pushed', 'sending']],
    [{ finishing: 76, sending: 4, beginning: 4, aside: 4 }, ['claimed', 'called', 'pushed']],
    [{ finishing: 76, claimed: 4, called: 4, pushed: 4, sending: 4, beginning: 4, aside: 4 }, []],
  ])('with %j of a hundred places: %j', (inside, expected) => {
    expect(workKinds.filter((work) => admit(work, crowd(inside)) === 'enters')).toEqual(expected)
  })

  test.each(workKinds)('whatever comes of all other kinds, and however much, there is a place for %s', (work) => {
    const inside = { ...nobody }
    const others = workKinds.filter((kind) => kind !== work)
    for (let round = 0; round < 200; round += 1) for (const kind of others) if (admit(kind, crowd(inside)) === 'enters') inside[kind] += 1
    expect([Object.values(inside).reduce((sum, count) => sum + count, 0) >= 60, freeFor(work, crowd(inside)) >= 4]).toEqual([true, true])
    for (const kind of others) expect([kind, freeFor(kind, crowd(inside)) <= 0]).toEqual([kind, true])
  })

  test('those who finish make it fuller than who begins, comes from the line or aside may find it: what was begun can be ended', () => {
    const inside = { ...nobody }
    for (let round = 0; round < 200; round += 1) if (admit('finishing', crowd(inside)) === 'enters') inside.finishing += 1
    const nothingAssured = { called: 0, beginning: 0, aside: 0 }
    for (const work of ['called', 'beginning', 'aside'] as const) expect([work, admit(work, crowd(inside, {}, { assured: nothingAssured }))]).toEqual([work, 'waits'])
    // Those who have their service's reference go on as long as anybody does.
    expect(admit('pushed', crowd({ finishing: inside.finishing - 1 }, {}, { assured: { pushed: 0 } }))).toBe('enters')
  })

  test('what is kept lets in as many as are assured, and no more: what is short would otherwise begin more than can be ended', () => {
    const full = { finishing: 76 }
    for (const work of workKinds.filter((kind) => kind !== 'finishing')) {
      expect([work, freeFor(work, crowd(full)), freeFor(work, crowd(full, {}, { assured: { [work]: 2 } })), freeFor(work, crowd(full, {}, { assured: { [work]: 0 } }))]).toEqual([work, 4, 2, 0])
      expect([takesKept(work, crowd(full)), takesKept(work, crowd({}))]).toEqual([true, false])
    }
    // A hundred places work off 667 requests a second: 83 sign-ins.
    expect([Math.round(requestsPerSecond(100)), Math.round(signInsPerSecond(100))]).toEqual([667, 83])
    expect(workKinds.map((work) => Math.round(assuredPerSecond(work, 100)))).toEqual([667, 67, 17, 33, 17, 17, 33])
    expect(assuredPerSecond('beginning', 1)).toBe(1)
  })

  test('nobody overtakes who waits, is wanted as much or more and could come in; whoever is wanted more does', () => {
    expect(admit('beginning', crowd({}, { beginning: 1 }))).toBe('waits')
    expect(admit('beginning', crowd({}, { finishing: 1 }))).toBe('waits')
    expect(admit('finishing', crowd({ beginning: 40 }, { beginning: 40 }))).toBe('enters')
    // They wait for places of their own kind.
    expect(admit('beginning', crowd({ claimed: 30 }, { claimed: 9 }))).toBe('enters')
  })

  test('a line is no longer than there are places', () => {
    const full = { finishing: 76, claimed: 4, called: 4, pushed: 4, sending: 4, beginning: 4, aside: 4 }
    expect([admit('beginning', crowd(full, { beginning: 99 })), admit('beginning', crowd(full, { beginning: 100 }))]).toEqual(['waits', 'finds the line full'])
    expect([admit('finishing', crowd(full, { beginning: 100 })), admit('finishing', crowd(full, { finishing: 100 }))]).toEqual(['waits', 'finds the line full'])
  })

  test('of those who wait the most wanted that may comes next, and none where there is no room for it', () => {
    expect(nextIn(crowd({ finishing: 40 }, { finishing: 1, beginning: 9 }))).toBe('finishing')
    expect(nextIn(crowd({ beginning: 40 }, { beginning: 9 }))).toBeUndefined()
    expect(nextIn(crowd({ claimed: 30 }, { claimed: 9, beginning: 9, aside: 3 }))).toBe('beginning')
    expect(nextIn(crowd({}))).toBeUndefined()
  })

  test('a server with one place lets everybody in, one after the other', () => {
    for (const work of workKinds) expect([freeFor(work, crowd({}, {}, { places: 1 })), freeFor(work, crowd({ [work]: 1 }, {}, { places: 1 }))]).toEqual([1, 0])
  })

  test('what one person shows has its rank for as much as one person does', () => {
    expect([rankOf('finishing', 5), rankOf('finishing', 6), rankOf('called', 0), rankOf('called', 1)]).toEqual(['finishing', 'claimed', 'called', 'beginning'])
    for (const work of ['claimed', 'pushed', 'sending', 'beginning', 'aside'] as const) expect(rankOf(work, 1000)).toBe(work)
  })

  test('there are as many places as are worked off in a time that is bearable, within bounds', () => {
    expect([placesFor(3), placesFor(1), placesFor(0.001), placesFor(1000)]).toEqual([50, 150, 512, 32])
  })

  test('to turn somebody away is work too, but a flood that is turned away makes no more than half as many places', () => {
    expect([workDone({ served: 800, turnedAway: 0 }), workDone({ served: 800, turnedAway: 1000 }), workDone({ served: 800, turnedAway: 1_000_000 }), workDone({ served: 0, turnedAway: 9000 })]).toEqual([800, 1050, 1200, 0])
  })

  test('who is refused comes back after two to ten seconds', () => {
    expect([comeBackAfter(() => 0), comeBackAfter((below) => below - 1)]).toEqual([2, 10])
  })
})

describe('R09: who comes next where many want the same', () => {
  const inside = (counts: Record<string, number>) => (party: string) => counts[party] ?? 0

  test('whoever has the fewest inside, the first of them', () => {
    expect(nextOf([['flood'], ['flood'], ['home'], ['office']], inside({ flood: 5 }))).toBe(2)
    expect(nextOf([['flood'], ['flood']], inside({ flood: 5 }))).toBe(0)
    // One sign-in from many networks is one party, and so are many from one.
    expect(nextOf([['bot-9', 'sign-in:x'], ['home', 'sign-in:y']], inside({ 'sign-in:x': 4 }))).toBe(1)
    expect(nextOf([['flood', 'sign-in:9'], ['home', 'sign-in:y']], inside({ flood: 4 }))).toBe(1)
  })

  test('a request is of its network, of the site that has the network, and of what it shows', () => {
    expect([partiesOf({ network: '10.0.0' }), partiesOf({ network: '2001:db8:1:2::', shown: 'sign-in:x' })]).toEqual([['10.0.0'], ['2001:db8:1:2::', '2001:db8:1::', 'sign-in:x']])
  })

  test('what is shown may ask as much as two sign-ins, and weighs by each time that it has asked more', () => {
    expect([loadOf({ inside: 2, times: 0 }), loadOf({ inside: 2, times: 16 }), loadOf({ inside: 2, times: 17 }), loadOf({ inside: 0, times: 50 }), loadOf({ inside: 1, times: 5000 })]).toEqual([2, 2, 3, 34, 101])
  })

  test('in a full queue the last of the party that has the most gives way, and to nobody who has as much', () => {
    expect(whoGivesWay([['flood'], ['home'], ['flood'], ['flood']], ['office'], inside({}))).toBe(3)
    expect(whoGivesWay([['flood'], ['home'], ['flood']], ['flood'], inside({}))).toBeUndefined()
    expect(whoGivesWay([['a'], ['b'], ['c']], ['d'], inside({}))).toBeUndefined()
    expect(whoGivesWay([['a'], ['a'], ['b']], ['d'], inside({ d: 1 }))).toBeUndefined()
    expect(whoGivesWay([], ['d'], inside({}))).toBeUndefined()
  })
})
