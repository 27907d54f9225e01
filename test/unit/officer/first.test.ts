import { expect, test } from 'vitest'
import type { SeenKind } from '#domain/desk/rules.ts'
import { firstOfficer } from '#domain/officer/first.ts'

const citizen = { kind: 'citizen' as const }
const [plain, hardware] = [{ hardwareBound: false }, { hardwareBound: true }]
const card: readonly SeenKind[] = ['card-seen', 'face-compared']
const production = { level2: true, attested: true }

test('A06: the first administrators are at level 2 by what was seen of them, as at a desk, and have the right key before', () => {
  expect(firstOfficer({ level: 1, who: citizen, keys: [plain, hardware] }, { seen: card, ...production })).toEqual({ is: 'ready', proven: ['card-seen', 'face-compared', 'passkey'] })
  expect(firstOfficer({ level: 2, who: citizen, keys: [hardware] }, { seen: [], ...production })).toEqual({ is: 'ready', proven: [] })
  expect(firstOfficer({ level: 2, who: citizen, keys: [hardware] }, { seen: card, ...production })).toEqual({ is: 'ready', proven: [] })
  for (const seen of [[], ['card-seen'], ['passport-seen', 'face-compared']] as const) {
    expect(firstOfficer({ level: 1, who: citizen, keys: [hardware] }, { seen, ...production })).toEqual({ is: 'unready', because: 'level', needs: ['card-seen', 'face-compared', 'passkey'] })
  }
  expect(firstOfficer({ level: 1, who: citizen, keys: [] }, { seen: card, ...production })).toMatchObject({ because: 'level' })
  expect(firstOfficer({ level: 1, who: { kind: 'foreigner' }, keys: [hardware] }, { seen: card, ...production })).toMatchObject({ because: 'level' })
  expect(firstOfficer({ level: 1, who: citizen, keys: [plain] }, { seen: card, ...production })).toEqual({ is: 'unready', because: 'key' })
})

test('in a trial level 1 will do, and what is named counts all the same', () => {
  const trial = { level2: false, attested: false }
  expect(firstOfficer({ level: 1, who: citizen, keys: [] }, { seen: [], ...trial })).toEqual({ is: 'ready', proven: [] })
  expect(firstOfficer({ level: 1, who: citizen, keys: [plain] }, { seen: ['card-seen'], ...trial })).toMatchObject({ because: 'level' })
})
