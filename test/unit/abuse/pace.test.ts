import { describe, expect, test } from 'vitest'
import { firstPace, leastPace, nextPace, partWhoCome, rememberedSeconds, type Second } from '#domain/abuse/pace.ts'

/** Works off eight hundred requests a second: a hundred sign-ins. */
const room = { places: 64, milliseconds: 80 }
/** Each from a site of their own. */
const of = (arrived: number, refused: number) => Array.from({ length: arrived }, (_, at) => ({ people: 1, refused: at < refused ? 1 : 0 }))

describe('R09: the pace at which people are called from the line', () => {
  test('never falls below a tenth of what the places work off, whatever was measured', () => {
    expect([leastPace(room), leastPace({ places: 8, milliseconds: 20 }), leastPace({ places: 1, milliseconds: 3000 }), leastPace({ places: 8, milliseconds: undefined }), leastPace({ places: 512, milliseconds: 0 })]).toEqual([10, 5, 1, 1, 6400])
    let pace = 1000
    for (let second = 0; second < 100; second += 1) pace = nextPace(pace, of(100, 100), room)
    expect(pace).toBe(10)
  })

  test('one refusal is chance, and so are a few of very many; a small burst brings nobody to a crawl', () => {
    for (const [arrived, refused] of [[1, 1], [800, 1], [800, 40], [0, 0]] as const) expect(nextPace(100, of(arrived, refused), room)).toBe(110)
    for (const [arrived, refused] of [[2, 2], [800, 41], [30, 3]] as const) expect(nextPace(100, of(arrived, refused), room)).toBe(70)
  })

  test.each<[came: { people: number; refused: number }[], next: number]>([
    // One that floods is one of many, and where few are it is of its own making.
    [[...of(80, 0), { people: 1000, refused: 1000 }], 110],
    [[...of(5, 0), { people: 1000, refused: 1000 }], 110],
    [[...of(60, 0), { people: 1000, refused: 1000 }, { people: 1000, refused: 1000 }, { people: 1000, refused: 1000 }], 110],
    // Where nearly all come through one address it is the crowd.
    [[{ people: 1000, refused: 300 }], 70],
    [[{ people: 1000, refused: 300 }, ...of(2, 0)], 70],
    [[{ people: 1000, refused: 40 }], 110],
    // Many who are let in hide nobody's refusal.
    [[{ people: 5000, refused: 0 }, ...of(10, 4)], 70],
    [[...of(12, 2)], 70],
    [[], 110],
  ])('each site has one voice: %j', (came, next) => expect(nextPace(100, came, room)).toBe(next))

  test('from the least all the room is reached again within ten seconds', () => {
    let pace = leastPace(room)
    for (let second = 0; second < 9; second += 1) pace = nextPace(pace, of(800, 0), room)
    expect(pace).toBe(100)
    expect(nextPace(4999, of(0, 0), room)).toBe(5000)
  })

  const seconds = (count: number, second: Second) => Array.from({ length: count }, () => second)
  test('where one of five comes, all are waited for no longer than that one', () => {
    expect(partWhoCome([])).toBe(1)
    expect(partWhoCome(seconds(6, { called: 10, came: 0 }))).toBe(1)
    expect(partWhoCome(seconds(7, { called: 10, came: 0 }))).toBe(0.1)
    expect(partWhoCome(seconds(rememberedSeconds, { called: 50, came: 10 }))).toBe(0.2)
    expect(partWhoCome(seconds(rememberedSeconds, { called: 10, came: 30 }))).toBe(1)
    // Those who were just called have not had the time.
    expect(partWhoCome([...seconds(5, { called: 10, came: 0 }), ...seconds(5, { called: 10, came: 10 })])).toBe(1)
  })

  test('settles where the gate has room: no slower than two thirds of it, and never far beyond', () => {
    let pace = firstPace
    const seen: number[] = []
    for (let second = 0; second < 120; second += 1) {
      pace = nextPace(pace, of(pace * 8, Math.max(0, pace - 100) * 8), room)
      if (second > 30) seen.push(pace)
    }
    expect([Math.min(...seen) > 65, Math.max(...seen) <= 120]).toEqual([true, true])
  })
})
