import { describe, expect, test } from 'vitest'
import { firstPace, isUsed, leastPace, nextPace, partWhoCome, rememberedSeconds, type Pace, type Second } from '#domain/abuse/pace.ts'

/** Works off eight hundred requests a second: a hundred sign-ins. */
const places = 120
/** Each from a site of their own. */
const of = (arrived: number, refused: number) => Array.from({ length: arrived }, (_, at) => ({ people: 1, refused: at < refused ? 1 : 0 }))
type Heard = Parameters<typeof nextPace>[1]
const after = (perSecond: number, heard: Partial<Heard>, unheard = 0) => nextPace({ perSecond, unheard }, { came: [], isUsed: true, places, ...heard })

describe('R09: the pace at which people are called from the line', () => {
  test('begins at three quarters of what the places work off, and never falls below a tenth of it', () => {
    expect([firstPace(places), firstPace(1), leastPace(places), leastPace(8), leastPace(1)]).toEqual([75, 10, 10, 1, 1])
    let pace: Pace = { perSecond: 1000, unheard: 0 }
    for (let second = 0; second < 200; second += 1) pace = nextPace(pace, { came: of(100, 100), isUsed: true, places })
    expect(pace.perSecond).toBe(10)
  })

  test('one refusal is chance, and so are a few of very many; a small burst brings nobody to a crawl', () => {
    for (const [arrived, refused] of [[1, 1], [800, 1], [800, 40], [0, 0]] as const) expect(after(100, { came: of(arrived, refused) }).perSecond).toBe(105)
    for (const [arrived, refused] of [[2, 2], [800, 41], [30, 3]] as const) expect(after(100, { came: of(arrived, refused) })).toEqual({ perSecond: 80, unheard: 5 })
  })

  test('slows nobody twice for the same: what is heard before those who were called have looked is of the pace before', () => {
    let pace = after(100, { came: of(10, 10) })
    for (let second = 0; second < 5; second += 1) pace = nextPace(pace, { came: of(10, 10), isUsed: true, places })
    expect(pace).toEqual({ perSecond: 80, unheard: 0 })
    expect(nextPace(pace, { came: of(10, 10), isUsed: true, places })).toEqual({ perSecond: 64, unheard: 5 })
  })

  test('does not grow by calls that nobody answered yet', () => {
    expect([after(100, { isUsed: false }).perSecond, after(1, { isUsed: false }).perSecond]).toEqual([100, 10])
    const called = (came: number) => Array.from({ length: 10 }, () => ({ called: 100, came }))
    expect([isUsed({ perSecond: 100, unheard: 0 }, called(79)), isUsed({ perSecond: 100, unheard: 0 }, called(80)), isUsed({ perSecond: 100, unheard: 0 }, [])]).toEqual([false, true, false])
  })

  test.each<[came: { people: number; refused: number }[], next: number]>([
    // One that floods is one of many, and where few are it is of its own making.
    [[...of(80, 0), { people: 1000, refused: 1000 }], 105],
    [[...of(5, 0), { people: 1000, refused: 1000 }], 105],
    [[...of(60, 0), { people: 1000, refused: 1000 }, { people: 1000, refused: 1000 }, { people: 1000, refused: 1000 }], 105],
    // Where nearly all come through one address it is the crowd.
    [[{ people: 1000, refused: 300 }], 80],
    [[{ people: 1000, refused: 300 }, ...of(2, 0)], 80],
    [[{ people: 1000, refused: 40 }], 105],
    // Many who are let in hide nobody's refusal.
    [[{ people: 5000, refused: 0 }, ...of(10, 4)], 80],
    [[...of(12, 2)], 80],
    [[], 105],
  ])('each site has one voice: %j', (came, next) => expect(after(100, { came }).perSecond).toBe(next))

  test('from the least all the room is reached again within twenty seconds', () => {
    let pace: Pace = { perSecond: leastPace(places), unheard: 0 }
    for (let second = 0; second < 20; second += 1) pace = nextPace(pace, { came: of(800, 0), isUsed: true, places })
    expect(pace.perSecond).toBeGreaterThanOrEqual(100)
    expect(after(4999, {}).perSecond).toBe(5000)
  })

  const seconds = (count: number, second: Second) => Array.from({ length: count }, () => second)
  test('where one of five comes, all are waited for no longer than that one', () => {
    expect(partWhoCome([])).toBe(1)
    expect(partWhoCome(seconds(36, { called: 10, came: 0 }))).toBe(1)
    expect(partWhoCome(seconds(37, { called: 10, came: 0 }))).toBe(0.1)
    expect(partWhoCome(seconds(rememberedSeconds, { called: 50, came: 10 }))).toBe(0.2)
    expect(partWhoCome(seconds(rememberedSeconds, { called: 10, came: 30 }))).toBe(1)
    // Those who were just called have not had the time.
    expect(partWhoCome([...seconds(35, { called: 10, came: 0 }), ...seconds(5, { called: 10, came: 10 })])).toBe(1)
  })

  test.each([100, 400])('settles where the gate has room, for %i a second, although who is called comes four seconds later', (room) => {
    let pace: Pace = { perSecond: firstPace(places), unheard: 0 }
    const called: number[] = []
    const latest: Second[] = []
    const seen: number[] = []
    let outside = 0
    for (let second = 0; second < 240; second += 1) {
      called.push(pace.perSecond)
      const newly = called.at(-5) ?? 0
      // Those who found no place look again after four seconds, too.
      const came = newly + Math.round(outside / 4)
      const refused = Math.max(0, came - room)
      outside += newly - (came - refused)
      latest.push({ called: pace.perSecond, came: newly })
      pace = nextPace(pace, { came: of(came, refused), isUsed: isUsed(pace, latest), places })
      if (second > 60) seen.push(came - refused)
    }
    expect(seen.reduce((sum, one) => sum + one, 0) / seen.length / room).toBeGreaterThan(0.85)
    expect(outside).toBeLessThan(5 * room)
  })
})
