import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { readClient } from '#domain/client/client.ts'
import { checkAll, isReady, type CheckName, type Outcome } from '#domain/connection/checklist.ts'
import { deadlineOf } from '#domain/connection/deadline.ts'
import { overdueBefore } from '#domain/connection/overdue.ts'
import { expiriesOf } from '#domain/client/expiry.ts'
import { logoutTestNames } from '#domain/self-test/self-test.ts'
import { greenResults } from '#test/support/self-test-results.ts'

const at = new Date('2026-11-26T03:00:00Z')
const green = { finishedAt: new Date('2026-11-20T00:00:00Z'), results: greenResults }
const entry = {
  client_id: 'so-y-te', client_name: 'Sở Y tế', legal_name: { vi: 'Sở Y tế', en: 'Department of Health' }, sector: 'yte.gov.vn', relying_party_class: 'A',
  agreement: { number: '12/TT-2026', signed_on: '2026-01-02', ends_on: '2026-12-20' }, security_level: 3, contacts: ['a@example.com'],
  redirect_uris: ['https://dichvu.yte.gov.vn/callback'], purposes: [{ claims: ['name'], basis: 'law', reference: { vi: 'Luật', en: 'Law' }, purpose: { vi: 'x', en: 'x' } }],
}
function clientOf(change: object) {
  const read = readClient({ ...entry, ...change }, { allowLocal: false })
  if ('fault' in read) throw new Error(read.fault)
  return read.client
}
const look = (change: object, selfTest: Parameters<typeof checkAll>[0]['selfTest'] = green) => checkAll({ client: clientOf(change), selfTest, at, selfTestDays: 30 })

describe('the checklist of a request to connect', () => {
  test('has nothing against a request that is whole', () => {
    expect(look({})).toEqual({ 'self-test': 'yes', agreement: 'yes', 'security-level': 'yes', 'legal-basis': 'yes', 'redirect-hosts': 'yes', contacts: 'yes', logo: 'none', profile: 'yes' })
    expect(isReady(look({}))).toBe(true)
  })

  const rows: readonly [CheckName, Outcome, object][] = [
    ['agreement', 'no', { agreement: undefined }],
    ['agreement', 'no', { agreement: { ...entry.agreement, ends_on: '2026-11-25' } }],
    ['security-level', 'no', { security_level: 2 }],
    ['security-level', 'no', { security_level: undefined }],
    ['security-level', 'none', { security_level: undefined, relying_party_class: 'B' }],
    ['security-level', 'yes', { security_level: 2, relying_party_class: 'B' }],
    ['legal-basis', 'no', { purposes: [] }],
    ['legal-basis', 'look', { relying_party_class: 'B' }],
    ['redirect-hosts', 'no', { redirect_uris: [] }],
    ['redirect-hosts', 'no', { redirect_uris: ['https://yte.gov.vn.example.com/callback'] }],
    ['redirect-hosts', 'no', { redirect_uris: ['https://xyte.gov.vn/callback'] }],
    ['redirect-hosts', 'no', { post_logout_redirect_uris: ['https://example.com/'] }],
    ['redirect-hosts', 'look', { sector: 'so-y-te' }],
    ['contacts', 'no', { contacts: [] }],
    ['contacts', 'no', { contacts: ['not an address'] }],
    ['logo', 'yes', { logo_uri: 'https://yte.gov.vn/logo.svg' }],
    ['profile', 'look', { profile: 'baseline', ends_on: '2027-01-01' }],
  ]
  test.each(rows)('%s is %s for %j', (name, outcome, change) => {
    const list = look(change)
    expect(list[name]).toBe(outcome)
    expect(isReady(list)).toBe(outcome !== 'no')
  })

  test('asks for a self-test that is green and fresh', () => {
    const told = [undefined, { ...green, results: green.results.slice(1) }, { ...green, finishedAt: new Date('2026-10-20T00:00:00Z') }].map((report) => checkAll({ client: clientOf({}), selfTest: report, at, selfTestDays: 30 })['self-test'])
    expect(told).toEqual(['no', 'no', 'no'])
    const leftOut = { ...green, results: green.results.map((one) => (logoutTestNames.includes(one.test) ? { ...one, passed: false, saw: 'left-out' as const } : one)) }
    const wanted = { backchannel_logout_uri: 'https://dichvu.yte.gov.vn/logout' }
    expect([look({}, leftOut)['self-test'], look(wanted, leftOut)['self-test'], look(wanted)['self-test']]).toEqual(['yes', 'no', 'yes'])
  })
})

describe('the clock of a request', () => {
  test('finds those that are overdue as it judges each', () => {
    fc.assert(fc.property(fc.date({ min: new Date('2026-01-01'), max: new Date('2027-01-01'), noInvalidDate: true }), fc.integer({ min: 0, max: 60 * 24 * 60 }), (now, minutes) => {
      const submittedAt = new Date(now.getTime() - minutes * 60_000)
      expect(submittedAt < overdueBefore(now, 30)).toBe(deadlineOf(submittedAt, now, 30).overdue)
    }))
  })

  const submitted = new Date('2026-11-01T17:30:00Z') // already 2 November in Viet Nam
  test('does not count the day of its submission, and the last day does count', () => {
    expect(deadlineOf(submitted, new Date('2026-12-02T16:59:00Z'), 30)).toEqual({ age: 30, dueOn: '2026-12-02', overdue: false })
    expect(deadlineOf(submitted, new Date('2026-12-02T17:00:00Z'), 30)).toEqual({ age: 31, dueOn: '2026-12-02', overdue: true })
    expect(deadlineOf(submitted, submitted, 30).age).toBe(0)
  })
})

test('an agreement is one of the things that end', () => {
  expect(expiriesOf(clientOf({})).map(({ what, at: end }) => [what, end])).toEqual([['agreement', new Date('2026-12-20T16:59:59Z')]])
})
