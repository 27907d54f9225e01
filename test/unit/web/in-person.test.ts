import { describe, expect, test } from 'vitest'
import { problemCodes } from '#kernel/problem.ts'
import { offices } from '#domain/notice/office.ts'
import { accountId, newId, personId } from '#kernel/id.ts'
import { renderHtml, type Html } from '#web/html.ts'
import { languages, textsOf, type Language } from '#web/i18n/language.ts'
import { wordProblem } from '#web/i18n/problem.ts'
import type { Reader } from '#web/i18n/vi/in-person.ts'
import { makeNotices } from '#web/notices.ts'
import type { View } from '#web/page.ts'
import { readerOf } from '#web/reader.ts'
import { wardsPage } from '#web/views/acting.ts'
import { unreachablePage } from '#web/views/approval.ts'
import { historyPage } from '#web/views/history.ts'
import { accountLockedPage, lockAccountPage, objectPage, opensLaterPage, unlockPage } from '#web/views/own-lock.ts'
import { lostPage, lostReportedPage } from '#web/views/lost.ts'
import { signedOutEverywherePage } from '#web/views/my-eid.ts'
import { organisationsPage } from '#web/views/organisations.ts'
import { accessibilityPage, helpPage } from '#web/views/papers.ts'
import { recoverDonePage, recoverWaitsPage, recoverWaysPage } from '#web/views/recovery.ts'
import { aForeigner, aPerson } from '#test/support/made-up.ts'
import { sampleView } from '#test/support/pages.ts'

const police = /Công an|police/
const passports = /quản lý xuất nhập cảnh|immigration authority/
const citizens = /Công an xã, phường|commune or ward police/
const at = { service: { name: 'Thuế' }, uid: 'u' }
const request = { id: 'a'.repeat(32), service: at.service, organisation: 'Thuế', sentAt: '1', endsAt: '2', inNameOf: undefined }
const look = { id: newId(), at: new Date(0), type: 'registry.shown' as const, data: {} }

/** Pages of somebody whom we know. */
const known: Readonly<Record<string, (view: View, reader: Reader) => Html>> = {
  lock: lockAccountPage,
  unlock: (view, reader) => unlockPage(view, { ...at, reader, since: '1' }),
  'unlock what was lost': (view, reader) => unlockPage(view, { ...at, reader, since: '1', lost: 'ask' }),
  'opens later': (view, reader) => opensLaterPage(view, { ...at, reader, opensAt: '1' }),
  object: (view, reader) => objectPage(view, { ...at, reader }),
  recovered: (view, reader) => recoverDonePage(view, { ...at, reader, hours: 72 }),
  'recovered, waits': (view, reader) => recoverWaitsPage(view, { ...at, reader, opensAt: '1', alone: true }),
  wards: (view, reader) => wardsPage(view, { reader, wards: [] }),
  organisations: (view, reader) => organisationsPage(view, { reader, represented: [], mandates: [], level2: false }),
  history: (view, reader) => historyPage(view, { reader, rows: [look], agreed: [], older: undefined }),
  'a request out of reach': (view, reader) => unreachablePage(view, request, { missing: 'account-level', reader }),
}

/** Pages of whoever comes. */
const anyone: Readonly<Record<string, (view: View) => Html>> = {
  help: helpPage, accessibility: accessibilityPage, lost: lostPage, 'lost, reported': lostReportedPage, 'account locked': accountLockedPage, 'signed out': signedOutEverywherePage,
  'ways back': (view) => recoverWaysPage(view, at),
}

const said = (render: (view: View) => Html, language: Language): string => renderHtml(render(sampleView(language)))

describe.each(languages)('where somebody goes, in %s,', (language) => {
  test.each(Object.entries(known))('is one office on the page: %s', (_name, render) => {
    const [citizen, foreigner] = [said((view) => render(view, 'commune'), language), said((view) => render(view, 'immigration'), language)]
    expect([police.test(citizen), passports.test(citizen)]).toEqual([true, false])
    expect([police.test(foreigner), passports.test(foreigner), /căn cước đến|identity card to/.test(foreigner)]).toEqual([false, true, false])
  })

  test.each(Object.entries(anyone))('is both offices on the page of whoever comes: %s', (_name, render) => {
    const text = said(render, language)
    expect([citizens.test(text), passports.test(text)]).toEqual([true, true])
  })

  test('is both offices where a problem sends somebody to one', () => {
    const sending = problemCodes.map((code) => ({ code, ...wordProblem(code, {}, language) })).filter(({ todo }) => police.test(todo))
    expect(sending.map(({ code }) => code)).toEqual(expect.arrayContaining(['account.locked', 'account.deceased', 'account.represented', 'acting.not-allowed', 'account.held']))
    expect(sending.filter(({ todo }) => !passports.test(todo))).toEqual([])
  })

  test('is the office of the account that somebody tried to register again', () => {
    const { attempt } = textsOf(language).mail
    expect(offices.map((office) => police.test(attempt.text('1', office)))).toEqual([true, false])
    expect(offices.map((office) => passports.test(attempt.text('1', office)))).toEqual([false, true])
  })
})

test('a foreigner reads of a try to register them in both languages, a citizen in Vietnamese', async () => {
  const texts: string[] = []
  const notices = makeNotices({ mailer: { send: async ({ text }) => void texts.push(text) }, clock: { now: () => new Date('2026-11-27T00:00:00Z') } })
  for (const office of offices) await notices.registrationTried('a@example.com', office)
  expect(texts.map((text) => /immigration authority/.test(text))).toEqual([false, true])
  expect(texts.every((text) => text.startsWith('Lúc 27/11/2026 07:00'))).toBe(true)
})

test('whoever has an account is known by their record, and nobody else is', async () => {
  const account = { id: accountId.parse(newId()), person: personId.parse(newId()), level: 1 as const, state: 'active' as const, locks: [], createdAt: new Date(0) }
  const of = (kept: Parameters<typeof aPerson>[0] | undefined) => ({ accounts: { find: async () => ({ account, life: 'alive' as const }) }, registry: { find: async () => kept && aPerson(kept) } })
  expect(await readerOf(of({}), account.id)).toBe('commune')
  expect(await readerOf(of(aForeigner()), account.id)).toBe('immigration')
  expect(await readerOf(of(undefined), account.id)).toBe('either')
  expect(await readerOf(of({}), undefined)).toBe('either')
})
