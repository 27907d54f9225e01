import { describe, expect, test } from 'vitest'
import { Problem, type ProblemCode } from '#kernel/problem.ts'
import type { ToldProblem } from '#domain/audit/told-problem.ts'
import { makeProblemNotes } from '#storage/problem-notes.ts'
import { silentLog } from '#test/support/silent-log.ts'

function notes({ down = false } = {}) {
  const written: ToldProblem[] = []
  const state = { down, now: new Date('2026-11-26T05:00:00Z') }
  const made = makeProblemNotes({
    toldProblems: {
      add: async (told) => {
        if (state.down) throw new Problem('service.unavailable')
        written.push(...told)
      },
    },
    clock: { now: () => state.now }, log: silentLog,
  })
  const note = (problem: ProblemCode, times = 1) => {
    for (let at = 0; at < times; at += 1) made.note({ reference: `${problem}-${at}`, at: state.now, problem, place: '' })
  }
  return { ...made, note, written, state }
}

describe('notes of what people were told', () => {
  test('S09: are bounded by kind and minute, so that a flood of one hides nothing of another', async () => {
    const { note, flush, written, state } = notes()
    note('request.not-found', 500)
    note('internal')
    await flush()
    expect([written.length, written.at(-1)?.problem]).toEqual([61, 'internal'])
    state.now = new Date(state.now.getTime() + 60_000)
    note('request.not-found')
    await flush()
    expect(written).toHaveLength(62)
  })

  test('R09: nothing is written of those who are told to come back', async () => {
    const { note, flush, written } = notes()
    note('service.crowded', 30)
    note('service.unavailable')
    await flush()
    expect(written.map(({ problem }) => problem)).toEqual(['service.unavailable'])
  })

  test('S09: of a database that is away wait for it', async () => {
    const { note, flush, written, state } = notes({ down: true })
    note('service.unavailable', 3)
    await flush()
    expect(written).toEqual([])
    state.down = false
    await flush()
    expect(written.map(({ reference }) => reference)).toEqual(['service.unavailable-0', 'service.unavailable-1', 'service.unavailable-2'])
  })
})
