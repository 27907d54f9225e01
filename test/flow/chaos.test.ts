import { describe, expect, inject, test } from 'vitest'
import { makeLedger, isSound, table } from '#test/chaos/ledger.ts'
import { runChaos } from '#test/chaos/run.ts'

/** The short run; `npm run chaos -- --points 200` is the long one. */
const wanted = { seed: 20_261_127, points: 15, seconds: 120, say: () => undefined }

describe.skipIf(inject('postgres') === undefined || inject('redis') === undefined)('two nodes while things break', () => {
  test('R03, R04, R05, R06, L01: what was promised is kept, nothing is used twice, and all goes on by itself', async () => {
    const result = await runChaos(wanted)
    if (result === undefined) throw new Error('they were there')
    const { ledger, people, tokens } = result
    expect(ledger.breaches()).toEqual([])
    // Every invariant was looked at, or its silence would say nothing.
    expect(Object.entries(ledger.counts()).filter(([, { looks }]) => looks === 0)).toEqual([])
    expect([people > 3, tokens > 20]).toEqual([true, true])
  }, 300_000)
})

test('a breach is told and counted', () => {
  const ledger = makeLedger()
  ledger.look('once', true, 'nothing')
  expect(isSound(ledger)).toBe(true)
  ledger.look('once', false, 'a code was taken by 2')
  expect([isSound(ledger), ledger.breaches(), table(ledger)]).toEqual([false, ['once: a code was taken by 2'], expect.stringMatching(/one at most gets anything \| 2 \| 1 \|/)])
})
