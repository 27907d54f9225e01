import { expect, test } from 'vitest'
import type { Moved } from '#domain/account/move.ts'
import { lockLost } from '#domain/account/lost.ts'
import { anAccount } from '#test/support/made-up.ts'

const account = anAccount()
const reportedAt = new Date('2026-11-27T08:00:00Z')
const now = new Date('2026-11-27T11:00:00Z')
const from = (at: Date, seconds: number) => new Date(at.getTime() + seconds * 1000)

/** What is done where the move has this outcome. */
async function following(outcome: Moved, how?: { reportedAt: Date }) {
  const done: unknown[] = []
  const hear = <Answer>(what: string, answer: Answer) => async (_account: unknown, when: unknown): Promise<Answer> => (done.push([what, when]), answer)
  await lockLost({
    accounts: { move: async () => outcome }, recovery: { cancel: hear('recovery', 'none' as const) }, contactStore: { undo: hear('contacts', 'none' as const) },
    organisations: { endGiven: hear('mandates', 0) }, recoveryRules: { source: 'a test', codes: 10, holdHours: 72, openingHours: 24 }, clock: { now: () => now },
  }, account.id, how)
  return done
}

test('W09: what was made in the hours before a report is undone, however late, and nothing that was made after it', async () => {
  const when = { since: from(reportedAt, -72 * 3600), until: from(reportedAt, 15), at: now }
  expect(await following({ is: 'moved', account }, { reportedAt })).toEqual([['contacts', when], ['mandates', when]])
})

test('W09: what a later report undoes reaches as far back as the first of those that keep the account closed', async () => {
  const firstReport = from(reportedAt, -3600)
  const closed = anAccount({ locks: [{ ground: 'holder-request', since: reportedAt, lost: true, firstReport }] })
  const when = { since: from(firstReport, -72 * 3600), until: from(reportedAt, 15), at: now }
  expect(await following({ is: 'moved', account: closed }, { reportedAt })).toEqual([['contacts', when], ['mandates', when]])
})

test('W09: nothing is undone any more where the account was opened since, or another report has come', async () => {
  expect(await following({ is: 'kept' }, { reportedAt })).toEqual([])
})

test('W09: what an older release has queued has no moment of its report: it is of now', async () => {
  const when = { since: from(now, -72 * 3600), until: from(now, 15), at: now }
  expect(await following({ is: 'moved', account })).toEqual([['recovery', { at: now, holdHours: 72, through: 'reference' }], ['contacts', when], ['mandates', when]])
})
