import { randomUUID } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { accountId } from '#kernel/id.ts'
import type { KeyStanding } from '#domain/signing-key/standing.ts'
import { renderHtml } from '#web/html.ts'
import { keyAges, keysPage } from '#web/views/admin/keys.ts'

const at = new Date('2026-11-26T05:00:00Z')
const daysAgo = (days: number) => new Date(at.getTime() - days * 86_400_000)
const officer = { account: accountId.parse(randomUUID()), roles: [] }
const view = { language: 'en', csrf: 'x', here: '/quan-tri/khoa', officer, at } as const
const rules = { source: '', noticeHours: 24, publishedHours: 48, keptHours: 24, oldestDays: 90, dueDays: 14, fetchHours: 24, warnDays: 7 }
const key = (kid: string, more: Partial<KeyStanding>): KeyStanding => ({ kid, alg: 'ES256', state: 'active', held: true, since: daysAgo(91), ...more })
const page = (keys: readonly KeyStanding[], proposes = true) => renderHtml(keysPage(view, { standing: keys, keys, all: keys.length, asked: { xep: 'state', trang: 1 }, perPage: 50, published: [], rules, proposes, waiting: false }))

describe('the page of signing keys', () => {
  test('K03: warns of an active key that has signed for too long, and of no other', () => {
    const old = page([key('old', {})])
    expect(old).toContain('Has signed for 91 days, more than 90')
    expect(page([key('due', { since: daysAgo(80) })])).toContain('Has signed for 80 days of 90, and nothing follows it')
    for (const more of [{ since: daysAgo(75) }, { since: daysAgo(89), next: { to: 'retired', at } }, { state: 'retired' }, { state: 'staged' }, { since: undefined }] as const) expect(page([key('other', more)])).not.toContain('Has signed')
    expect(renderHtml(keyAges(view, { standing: [key('old', {}), key('young', { alg: 'EdDSA', since: daysAgo(12) })], rules }))).toMatch(/Has signed for 91 days.*12 days/s)
  })

  test('says of each key where it stands and what comes, also of those that this server does not hold', () => {
    const text = page([key('a', { next: { to: 'retired', at } }), key('gone', { state: 'retired', held: false }), key('missing', { held: false })])
    expect(text).toContain('Retired from 26/11/2026 12:00')
    expect(text).toContain('Destroyed')
    expect(text).toContain('Not in the key file of this server')
  })

  test('offers what can be proposed, to who may propose it', () => {
    const keys = [key('active', {}), key('staged', { state: 'staged' }), key('retired', { state: 'retired' }), key('missing', { held: false })]
    const links = (text: string) => [...text.matchAll(/href="\/quan-tri\/khoa\/([^"]+)"/g)].map(([, place]) => place)
    expect(links(page(keys))).toEqual(['active/ngung', 'active/thu-hoi', 'staged/dung', 'staged/ngung', 'staged/thu-hoi', 'retired/thu-hoi'])
    expect(links(page(keys, false))).toEqual([])
  })
})
