import { describe, expect, test } from 'vitest'
import { makeEras } from '#storage/redis/eras.ts'
import { hasLostNothing, readSaid } from '#storage/redis/known-servers.ts'
import { begun, firstEra, readMark } from '#storage/redis/marks.ts'
import type { Seen } from '#storage/redis/acts.ts'
import { isTryAgain } from '#storage/redis/redirected.ts'

/** By the clock of the store. Ours says something else. */
const now = new Date('2026-11-27T08:00:00Z')

/** One mark in a store of one server, which may be replaced. */
function store(text: string, steady: readonly string[] = []) {
  const mark = { text, id: 'a' }
  let losses = 0
  const settle = async (_key: string, was: Seen, era: string) => {
    if (was.text === mark.text && was.id === mark.id) mark.text = `${era}@${mark.id}`
    return { ...mark }
  }
  const eras = makeEras({
    acts: { look: async () => ({ ...mark }), settle, beginAnew: async (at: string, was: Seen) => settle(at, was, `${now.getTime()}-cd`) },
    steady: async (one, other) => steady.includes(one) && steady.includes(other),
    onLoss: () => (losses += 1),
  })
  return { eras, mark, losses: () => losses }
}

describe('an era', () => {
  test('goes on where its mark says so', async () => {
    const { eras, mark, losses } = store('5-ab@a')
    expect([await eras.era('p'), mark.text, losses()]).toEqual(['5-ab', '5-ab@a', 0])
    expect(await eras.eraOf('p', { id: 'a' })).toBe('5-ab')
  })

  test('goes on at another server to which the slot has moved, if both lost nothing, and that is written down', async () => {
    const { eras, mark, losses } = store('5-ab@b', ['a', 'b'])
    expect([await eras.era('p'), mark.text, losses()]).toEqual(['5-ab', '5-ab@a', 0])
  })

  test.each([['no mark', ''], ['that of a release before', '1'], ['the mark of a server that is gone', '5-ab@b'], ['half a mark', '5-ab@']])('begins anew where there is %s', async (_what, text) => {
    const { eras, mark, losses } = store(text, ['a'])
    const era = await eras.era('p')
    expect([begun(era), readMark(mark.text), losses()]).toEqual([now, { era, under: 'a' }, 1])
    expect(await eras.era('p')).toBe(era)
  })

  test('of what was written at one server while the mark is at another goes on if both lost nothing, and begins anew if nobody knows', async () => {
    expect(await store('5-ab@a', ['a', 'b']).eras.eraOf('p', { id: 'b' })).toBe('5-ab')
    const { eras, losses } = store('5-ab@a', ['a'])
    expect(begun(await eras.eraOf('p', { id: 'b' }))).toEqual(now)
    expect(losses()).toBe(1)
  })

  test('has a name of its own, also of two that begin at the same moment', () => {
    expect(firstEra()).not.toBe(firstEra())
  })
})

describe('a server', () => {
  const info = (lines: Readonly<Record<string, string | number | undefined>>) => Object.entries({ role: 'master', master_replid: 'abc', master_replid2: '0'.repeat(40), uptime_in_seconds: 10, ...lines }).map(([name, value]) => `${name}:${value}\r\n`).join('')
  const agreed = 'cluster_state:ok\r\n'
  const said = (lines: Readonly<Record<string, string | number | undefined>> = {}, cluster = agreed) => readSaid(info(lines), cluster, now)

  test('that is a copy says nothing of a primary, and one that does not name its replication neither', () => {
    expect(said()).toEqual({ id: 'abc', wasCopy: false, upSeconds: 10, agreed: true, at: now })
    expect(said({ master_replid2: 'def' })?.wasCopy).toBe(true)
    expect(said({}, 'cluster_state:fail\r\n')?.agreed).toBe(false)
    expect([said({ role: 'slave' }), readSaid('role:master\r\n', agreed, now)]).toEqual([undefined, undefined])
  })

  const ago = (seconds: number) => new Date(now.getTime() - seconds * 1000)
  test.each([
    { what: 'was met a quarter of an hour ago', lines: {}, metAgo: 900, expected: true },
    { what: 'was met a moment ago', lines: {}, metAgo: 899, expected: false },
    { what: 'has run for long and was never a copy', lines: { uptime_in_seconds: 900 }, metAgo: 0, expected: true },
    { what: 'has run for long as a copy, and was promoted a moment ago', lines: { uptime_in_seconds: 9000, master_replid2: 'def' }, metAgo: 0, expected: false },
    { what: 'was cut off from the others', lines: { uptime_in_seconds: 9000 }, metAgo: 9000, cluster: 'cluster_state:fail\r\n', expected: false },
  ])('that $what', ({ lines, metAgo, cluster, expected }) => {
    const server = said(lines, cluster)
    expect(server && hasLostNothing(server, ago(metAgo))).toBe(expected)
  })
})

test('a slot on its way is told from other failures', () => {
  const last = (text: string) => new Error(`Too many Cluster redirections. Last error: ReplyError: ${text}`)
  expect([last('TRYAGAIN Multiple keys request during rehashing of slot'), last('MOVED 1 127.0.0.1:1'), new Error('Command timed out'), 'TRYAGAIN'].map(isTryAgain)).toEqual([true, false, false, false])
})
