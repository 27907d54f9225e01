import { describe, expect, test } from 'vitest'
import { newId, clientId, accountId, sector } from '#kernel/id.ts'
import { linkFile, linkStatusOf, mostSubjects, readSubjects, reportLinks } from '#domain/account/link.ts'
import type { AuditEvent } from '#domain/audit/event.ts'
import { anAccount } from '#test/support/made-up.ts'

const today = '2026-11-26'

describe('what a service may know of an account it links to', () => {
  test.each([
    ['linked', anAccount(), 'alive'],
    ['linked', anAccount(), 'missing'],
    ['locked', anAccount({ locks: [{ ground: 'holder-request', since: new Date() }] }), 'alive'],
    ['locked', anAccount({ expiresOn: '2026-11-25' }), 'alive'],
    ['closed', anAccount({ locks: [{ ground: 'holder-request', since: new Date() }] }), 'deceased'],
    ['closed', anAccount({ state: 'issued' }), 'alive'],
    ['closed', anAccount({ state: 'deceased' }), 'alive'],
  ] as const)('is that it is %s', (status, account, life) => {
    expect(linkStatusOf({ account, life }, today)).toBe(status)
  })

  test('is no more than that it does not know it', () => expect(linkStatusOf(undefined, today)).toBe('unknown'))
})

describe('a file of subjects', () => {
  test('has one a line, with a heading or without, quoted or not, as any system writes lines', () => {
    expect(readSubjects('\uFEFFsub\r\n"abc"\r\nd-e_f\r\n\r\n')).toEqual({ subjects: ['abc', 'd-e_f'] })
    expect(readSubjects('abc\nsub')).toEqual({ subjects: ['abc', 'sub'] })
  })

  test('is refused by the line that can be no subject', () => {
    expect(readSubjects('sub\nabc\n=1+1')).toEqual({ fault: { line: 3 } })
    expect(readSubjects(`${'a'.repeat(256)}\n`)).toEqual({ fault: { line: 1 } })
  })

  test('has a hundred thousand at most', () => {
    expect(readSubjects('a\n'.repeat(mostSubjects + 1))).toEqual({ fault: 'too-many' })
    expect(readSubjects('a\n'.repeat(mostSubjects))).toHaveProperty('subjects.length', mostSubjects)
  })

  test('is answered in its order once the counts are on record, and asked about in pieces', async () => {
    const [account, asked, told]: [ReturnType<typeof anAccount>, number[], AuditEvent[]] = [anAccount(), [], []]
    const tools = {
      subjects: { accountsOf: async (subs: readonly string[]) => (asked.push(subs.length), new Map(subs.includes('s7') ? [['s7', { account, life: 'alive' as const }]] : [])) },
      audit: { append: async (...events: readonly AuditEvent[]) => void told.push(...events) },
      clock: { now: () => new Date() },
    }
    const by = accountId.parse(newId())
    const rows = await reportLinks(tools, { client: clientId.parse('bank'), sector: sector.parse('bank.example'), by, subjects: Array.from({ length: 4500 }, (_, at) => `s${at}`) })
    expect(asked).toEqual([2000, 2000, 500])
    expect([rows.length, rows[7], rows[4499]]).toEqual([4500, ['s7', 'linked'], ['s4499', 'unknown']])
    expect(told).toEqual([{ type: 'links.reported', client: 'bank', by, linked: 1, locked: 0, closed: 0, unknown: 4499 }])
    expect(linkFile(rows.slice(6, 8))).toBe('sub,status\r\ns6,unknown\r\ns7,linked\r\n')
    const broken = { ...tools, audit: { append: async () => Promise.reject(new Error('the disk is full')) } }
    await expect(reportLinks(broken, { client: clientId.parse('bank'), sector: sector.parse('bank.example'), by, subjects: ['s7'] })).rejects.toThrow('disk')
  })
})
