import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { accountStates, type Account } from '#domain/account/account.ts'
import { lockGrounds } from '#domain/account/ground.ts'
import { moved, type Move } from '#domain/account/move.ts'
import { accountRules, movers, type Mover } from '#domain/account/rules.ts'
import { person } from '#domain/registry/person.ts'
import { root } from '#test/house/source.ts'
import { anAccount } from '#test/support/made-up.ts'

const page = readFileSync(join(root, 'docs/accounts.md'), 'utf8')

/** The cells of the table under a heading of the page, row by row, without its head. */
function tableUnder(heading: string): readonly (readonly string[])[] {
  const section = page.split(/^## /m).find((text) => text.startsWith(`${heading}\n`)) ?? ''
  const rows = section.split('\n').filter((line) => line.startsWith('|')).map((line) => line.split('|').slice(1, -1).map((cell) => cell.trim()))
  return rows.slice(2)
}

describe('the page on accounts says what config/account.json says', () => {
  const { entitlement, grounds } = accountRules
  /** The bands of the page, each by its first year. */
  const bands = [0, 6, 14]
  type Grant = (typeof entitlement)['kinds']['citizen']['ages'][number]['level1']
  const said = ({ level1, level2 }: { level1: Grant; level2: Grant }): string => {
    const one = { yes: ['level 1'], 'on-demand': ['level 1 on demand'], no: [] }[level1]
    const two = { yes: ['level 2'], 'on-demand': ['level 2 on demand'], no: [] }[level2]
    if (one[0] === 'level 1' && two[0] === 'level 2') return 'levels 1 and 2'
    return [...one, ...two].join('; ') || '–'
  }

  test('who may have what, every kind of person at every age', () => {
    const told = new Map(tableUnder('Who may have what').map(([who = '', ...cells]) => [who, cells]))
    const kinds = person.shape.kind.options
    expect(told.size).toBe(kinds.length)
    const starts = { citizen: 'citizen', foreigner: 'foreigner', 'undetermined-nationality': 'person of undetermined nationality' }
    for (const kind of kinds) {
      const row = [...told].find(([who]) => who.startsWith(starts[kind]))?.[1]
      const { ages } = entitlement.kinds[kind]
      // No age of the law begins between the bands of the page.
      expect(ages.filter(({ from }) => !bands.includes(from))).toEqual([])
      expect([kind, row]).toEqual([kind, bands.map((from) => said(ages.findLast((age) => age.from <= from) ?? { level1: 'no', level2: 'no' }))])
    }
    expect(page).toContain(`Under ${entitlement.actsAloneFrom.age} a representative acts`)
  })

  test('who sets and clears each ground, with the article', () => {
    const rows = tableUnder('Grounds').flatMap(([named = '', setBy = '', clearedBy = '', source = '']) => named.split(', ').map((ground) => ({ ground, setBy, clearedBy, source })))
    expect(rows.map(({ ground }) => ground).toSorted()).toEqual([...lockGrounds].toSorted())
    const named = (text: string) => movers.filter((mover) => new RegExp(`\\b${mover}\\b`).test(text))
    for (const { ground, setBy, clearedBy, source } of rows) {
      const rule = Object.entries(grounds).find(([name]) => name === ground)?.[1]
      const set = named(setBy)
      expect([ground, set, clearedBy === 'the same' ? set : named(clearedBy), source.length > 5]).toEqual([ground, movers.filter((one) => rule?.lockedBy.includes(one)), movers.filter((one) => rule?.clearedBy.includes(one)), true])
    }
  })

  const issuedAt = new Date('2026-11-01T00:00:00Z')
  const inDays = (days: number) => new Date(issuedAt.getTime() + days * 86_400_000)
  const after = (account: Partial<Account>, move: Move, at: Date = inDays(1)): string => {
    const outcome = moved({ account: anAccount({ createdAt: issuedAt, locks: [], ...account }), life: 'alive' }, move, at)
    if (outcome.is !== 'moved') return outcome.is
    const { state, level, locks } = outcome.account
    return `${state} ${level} ${locks.length}`
  }
  /** Whose move is made, of all who make any. */
  const who = (made: (by: Mover) => string): readonly Mover[] => movers.filter((by) => !['kept', 'refused'].includes(made(by)))
  const sorted = (all: readonly string[]) => all.toSorted()

  type Said = { change: string; may: string }
  type Compared = readonly (readonly [found: unknown, wanted: unknown])[]

  /** What the page says of each move beside what `moved` does. */
  const moves = {
    activate: ({ change, may }) => {
      const [within = '', always = ''] = may.split('; ')
      const days = Number(/holder within (\d+) days of the issue/.exec(within)?.[1])
      const atAnyTime = movers.filter((mover) => always.includes(mover))
      const activated = (at: Date) => sorted(who((by) => after({ state: 'issued' }, { to: 'activate', by }, at)))
      return [
        [change, 'issued → active'], [after({ state: 'issued', level: 1 }, { to: 'activate', by: 'officer' }), 'active 1 0'], [always.endsWith('at any time'), true],
        [activated(inDays(days)), sorted(['holder', ...atAnyTime])], [activated(inDays(days + 0.01)), sorted(atAnyTime)],
      ]
    },
    raise: ({ change, may }) => [
      [change, 'level 1 → level 2'], [after({ state: 'active', level: 1 }, { to: 'raise', by: 'officer' }), 'active 2 0'],
      [/^officer; .* whoever runs the server .*; never while a ground stands$/.test(may), true], [sorted(who((by) => after({ level: 1 }, { to: 'raise', by }))), ['officer', 'operator']],
      [who((by) => after({ level: 1, locks: [{ ground: 'holder-request', since: issuedAt }] }, { to: 'raise', by })), []],
    ],
    lock: ({ change, may }) => [
      [change.startsWith('one ground more'), true], [may, 'by ground, below'],
      [after({ state: 'active', level: 2 }, { to: 'lock', ground: 'competent-body', by: 'operator' }), 'active 2 1'],
    ],
    unlock: ({ change, may }) => {
      const locks = (['competent-body', 'terms-breach'] as const).map((ground) => ({ ground, since: issuedAt }))
      return [
        [change.endsWith('one less'), true], [may, 'by ground, below'],
        [after({ state: 'active', level: 2, locks }, { to: 'unlock', ground: 'competent-body', by: 'operator' }), 'active 2 1'],
      ]
    },
    end: ({ change, may }) => {
      const others: readonly Move[] = [{ to: 'activate', by: 'officer' }, { to: 'raise', by: 'officer' }, { to: 'lock', ground: 'competent-body', by: 'operator' }, { to: 'unlock', ground: 'competent-body', by: 'operator' }]
      return [
        [change, '→ deceased'], [may, 'the registry'], [accountStates.map((state) => after({ state, level: 1 }, { to: 'end' })), ['deceased 1 0', 'deceased 1 0', 'kept']],
        [others.map((move) => after({ state: 'deceased' }, move)), others.map(() => 'refused')],
      ]
    },
  } satisfies Record<Move['to'], (said: Said) => Compared>

  test('which moves there are, what each changes, and who makes it', () => {
    const rows = tableUnder('States').flatMap(([named = '', change = '', may = '']) => named.split(', ').map((move) => ({ move, change, may })))
    expect(sorted(rows.map(({ move }) => move))).toEqual(sorted(Object.keys(moves)))
    for (const { move, ...said } of rows) {
      const compared = Object.entries(moves).find(([name]) => name === move)?.[1](said) ?? []
      expect([move, ...compared.map(([found]) => found)]).toEqual([move, ...compared.map(([, wanted]) => wanted)])
    }
  })

  test('each row of a table of rules has its source, and each file that is named is there', () => {
    for (const heading of ['States', 'Grounds', 'Level 2 at the desk', 'Foreigners', 'Acting for a child or a ward']) {
      const rows = tableUnder(heading)
      expect([heading, rows.length > 1]).toEqual([heading, true])
      for (const row of rows) expect([row[0], (row.at(-1) ?? '').length >= 4]).toEqual([row[0], true])
    }
    const files = [...page.matchAll(/`((?:src|config|migrations)\/[\w/.-]+\.\w+)`/g)].map(([, path = '']) => path)
    expect(files.length).toBeGreaterThan(10)
    for (const path of files) expect([path, readFileSync(join(root, path), 'utf8').length > 0]).toEqual([path, true])
  })
})
