import { randomUUID } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { accountId, sector } from '#kernel/id.ts'
import { roles, rolesOfSector, type Role } from '#domain/officer/role.ts'
import { html, renderHtml } from '#web/html.ts'
import { textsOf } from '#web/i18n/language.ts'
import { consolePlaces } from '#web/place/console.ts'
import { adminPage } from '#web/views/admin/frame.ts'
import { sampleView } from '#test/support/pages.ts'

const at = new Date('2026-11-26T12:00:00Z')
const account = accountId.parse(randomUUID())
const { nav } = textsOf('vi').console

/** The rooms and doors that whoever has these roles sees on this page, the current ones with a star. */
function seen(held: readonly Role[], here: string, between: readonly { at: string; label: string }[] = []): { rooms: string[]; doors: string[]; trail: string[] } {
  const grants = held.map((role) => ({ id: role, account, role, since: at, endsOn: '2026-12-24', ...(rolesOfSector.includes(role) && { sector: sector.parse('own.example') }) }))
  const page = renderHtml(adminPage({ ...sampleView('vi', here), officer: { account, roles: grants }, at }, { title: 'x', body: html``, between }))
  const links = (text = '') => [...text.matchAll(/<a href="[^"]*"( aria-current="(?:page|true)")?>([^<]*)</g)].map(([, current, name = '']) => (current === undefined ? name : `${name}*`))
  const [, top, below] = /<nav class="rooms"[^>]*><ul>(.*?)<\/ul>(.*?)<\/nav>/s.exec(page) ?? []
  return { rooms: links(top), doors: links(below), trail: links(/<nav class="trail".*?<\/nav>/s.exec(page)?.[0]) }
}

describe('the ways through the console', () => {
  test('are eight rooms at most for whoever may everything, each page in just one of them', () => {
    for (const place of [consolePlaces.start, consolePlaces.clients, consolePlaces.registerClient, consolePlaces.reviews, consolePlaces.approvals, consolePlaces.roles, consolePlaces.roleMatrix, consolePlaces.officers, consolePlaces.manyRoles, consolePlaces.statistics, consolePlaces.keys, consolePlaces.breakGlass, consolePlaces.banners, consolePlaces.addBanner, consolePlaces.audit, consolePlaces.auditLookUp]) {
      const { rooms, doors } = seen(roles, place)
      expect([place, rooms.length <= 8, rooms.filter((name) => name.endsWith('*')).length]).toEqual([place, true, 1])
      expect([place, doors.length === 0 ? 1 : doors.filter((name) => name.endsWith('*')).length]).toEqual([place, 1])
    }
  })

  test('show the doors of the room that one is in', () => {
    expect(seen(['super-admin'], consolePlaces.banners).doors).toEqual([nav.keys, nav.breakGlass, `${nav.banners}*`])
    expect(seen(['super-admin'], `${consolePlaces.clients}/thue/tam-dung`).doors).toEqual([`${nav.registered}*`, nav.connections])
    expect(seen(['officer-manager'], consolePlaces.officers).doors).toEqual([nav.granted, `${nav.officers}*`])
    expect(seen(['auditor'], consolePlaces.roles).doors).toEqual([])
    expect(seen(['super-admin'], consolePlaces.start).doors).toEqual([])
  })

  test('A03: show no door that does not open, and a room of one door has none', () => {
    expect(seen(['support'], consolePlaces.clients)).toEqual({ rooms: [nav.overview, `${nav.clients}*`, nav.approvals], doors: [], trail: [] })
    expect(seen(['officer-manager'], consolePlaces.banners).rooms).toEqual([nav.overview, nav.approvals, nav.roles, `${nav.system}*`])
    expect(seen(['client-admin'], consolePlaces.reviews).doors).toEqual([nav.registered, `${nav.connections}*`])
  })

  test('lead back up from a page two steps below', () => {
    expect(seen(['super-admin'], `${consolePlaces.clients}/thue/tam-dung`, [{ at: `${consolePlaces.clients}/thue`, label: 'Thuế' }]).trail).toEqual([nav.registered, 'Thuế'])
    expect(seen(['super-admin'], `${consolePlaces.clients}/thue`).trail).toEqual([])
  })
})
