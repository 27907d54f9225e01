import { randomUUID } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { accountId, applicationId, clientId, mandateId, organisationId, personId, sector } from '#kernel/id.ts'
import { issueFault, stillToAgree } from '#domain/organisation/application.ts'
import { officeIn } from '#domain/organisation/in-name.ts'
import { covers, mandateFault, termFault, type Around, type Mandate } from '#domain/organisation/mandate.ts'
import type { Representative } from '#domain/organisation/organisation.ts'
import { organisationRules } from '#domain/organisation/rules.ts'
import { personalNumber } from '#domain/registry/person.ts'

const today = '2026-11-26'
const [giver, holder, stranger] = [personId.parse(randomUUID()), personId.parse(randomUUID()), personId.parse(randomUUID())]
const account = accountId.parse(randomUUID())
const tax = { id: clientId.parse('thue'), sector: sector.parse('thue.example') }
const other = { id: clientId.parse('bao-hiem'), sector: sector.parse('bhxh.example') }
const representative = (changes: Partial<Representative> = {}): Representative => ({ number: personalNumber.parse('079185000001'), name: 'Lê Thị Thu Hà', since: '2020-01-01', person: giver, alive: true, ...changes })
const around = (changes: Partial<Around> = {}): Around => ({
  organisation: { state: 'operating' }, representatives: [representative()], account: { state: 'active', locks: [], issuedAt: new Date() }, ...changes,
})
const mandate = (changes: Partial<Mandate> = {}): Mandate => ({
  id: mandateId.parse(randomUUID()), organisation: organisationId.parse(randomUUID()), role: 'accountant', scope: { services: [tax.id], sectors: [] }, startsOn: '2026-11-01', endsOn: '2026-12-31',
  giver: { person: giver, account }, named: { number: personalNumber.parse('079080000002'), name: 'Đỗ Văn Bình' }, holder: { person: holder, account }, state: 'accepted', ...changes,
})

describe('a mandate (Civil Code Art 138, 140)', () => {
  const faults: readonly [string, Partial<Mandate>, Partial<Around>][] = [
    ['not-accepted', { state: 'offered' }, {}],
    ['not-accepted', { state: 'declined' }, {}],
    ['not-accepted', { state: 'ended' }, {}],
    ['not-yet', { startsOn: '2026-11-27' }, {}],
    ['over', { endsOn: '2026-11-25' }, {}],
    ['giver-gone', {}, { representatives: [] }],
    ['giver-gone', {}, { representatives: [representative({ until: today })] }],
    ['giver-gone', {}, { representatives: [representative({ since: '2026-11-27' })] }],
    ['giver-gone', {}, { representatives: [representative({ alive: false })] }],
    ['giver-gone', {}, { representatives: [representative({ person: stranger })] }],
    ['organisation', {}, { organisation: { state: 'suspended' } }],
    ['organisation', {}, { organisation: { state: 'dissolved' } }],
    ['organisation', {}, { account: undefined }],
    ['organisation', {}, { account: { state: 'issued', locks: [], issuedAt: new Date() } }],
    ['organisation', {}, { account: { state: 'active', locks: ['terms-breach'], issuedAt: new Date() } }],
  ]
  test.each(faults)('does not count: %s %j %j', (fault, changes, surroundings) => {
    expect(mandateFault(mandate(changes), around(surroundings), today)).toBe(fault)
    expect(officeIn(around(surroundings), { person: holder, mandates: [mandate(changes)], client: tax }, today)).toBeUndefined()
  })

  test('counts on its first day and its last, and names its role', () => {
    const one = mandate({ startsOn: today, endsOn: today })
    expect(mandateFault(one, around(), today)).toBeUndefined()
    expect(officeIn(around(), { person: holder, mandates: [one], client: tax }, today)).toEqual({ role: 'accountant', mandate: one.id })
  })

  test('covers the services it names and those of the legal entities it names, and nothing else', () => {
    expect([covers(mandate(), tax), covers(mandate(), other), covers(mandate(), { ...other, sector: tax.sector })]).toEqual([true, false, false])
    expect(covers(mandate({ scope: { services: [], sectors: [tax.sector] } }), { ...other, sector: tax.sector })).toBe(true)
    expect(officeIn(around(), { person: holder, mandates: [mandate()], client: other }, today)).toBeUndefined()
  })

  test('A04: is of no use to anybody but whom it names, and a role that the table does not hold is none', () => {
    expect(officeIn(around(), { person: stranger, mandates: [mandate()], client: tax }, today)).toBeUndefined()
    expect(officeIn(around(), { person: holder, mandates: [mandate({ role: 'director-of-everything' })], client: tax }, today)).toBeUndefined()
    expect(officeIn(around(), { person: holder, mandates: [mandate({ role: 'legal-representative' })], client: tax }, today)).toBeUndefined()
  })

  test('whoever represents the organisation by law acts everywhere, for as long as they do', () => {
    expect(officeIn(around(), { person: giver, mandates: [], client: other }, today)).toEqual({ role: 'legal-representative' })
    expect(officeIn(around({ representatives: [representative({ until: today })] }), { person: giver, mandates: [], client: other }, today)).toBeUndefined()
  })

  test('W12: what a mandate opened ends with it: neither another mandate nor the law takes its place', () => {
    const [first, second] = [mandate({ state: 'ended' }), mandate({ role: 'clerk' })]
    const asked = { person: holder, mandates: [first, second], client: tax }
    expect(officeIn(around(), asked, today)).toEqual({ role: 'clerk', mandate: second.id })
    expect(officeIn(around(), { ...asked, ground: second.id }, today)).toEqual({ role: 'clerk', mandate: second.id })
    expect(officeIn(around(), { ...asked, ground: first.id }, today)).toBeUndefined()
    expect(officeIn(around({ representatives: [representative(), representative({ person: holder })] }), { ...asked, ground: first.id }, today)).toBeUndefined()
  })

  test('W12: what the law opened ends with it: no mandate takes its place, whatever it covers', () => {
    const asked = { person: holder, mandates: [mandate()], client: tax, ground: 'law' as const }
    expect(officeIn(around({ representatives: [representative(), representative({ person: holder })] }), asked, today)).toEqual({ role: 'legal-representative' })
    expect(officeIn(around(), asked, today)).toBeUndefined()
  })

  test('is given for a term that lies ahead and is no longer than the law lets', () => {
    const term = (startsOn: string, endsOn: string) => termFault({ startsOn, endsOn }, today)
    expect([term(today, today), term('2026-01-01', '2026-11-26'), term('2026-12-02', '2026-12-01'), term('2026-11-01', '2026-11-25'), term(today, '2027-11-27'), term(today, '2027-11-28')])
      .toEqual([undefined, undefined, 'backwards', 'past', undefined, 'too-long'])
    expect(organisationRules.mandate.longestDays).toBe(366)
  })
})

describe('the consent of all legal representatives (Decree 69/2024 Art 12)', () => {
  const application = {
    id: applicationId.parse(randomUUID()), reference: '7F3K-29QD', organisation: organisationId.parse(randomUUID()), applicant: { person: giver, account }, state: 'examined' as const, agreed: [giver, holder], appliedAt: new Date(),
  }
  const two = [representative(), representative({ person: holder, number: personalNumber.parse('079080000002') })]

  test('is missing of those of today who have not given it; who ceased is not asked, and whom nobody knows cannot give it', () => {
    expect(stillToAgree(two, [giver], today).map(({ person }) => person)).toEqual([holder])
    expect(stillToAgree([...two, representative({ person: stranger, until: today })], [giver, holder], today)).toEqual([])
    expect(stillToAgree([...two, representative({ person: undefined })], [giver, holder], today)).toHaveLength(1)
  })

  test('the registration is asked again before the account is issued', () => {
    const fault = (changes: Partial<Parameters<typeof issueFault>[0]>) => issueFault({ organisation: { state: 'operating' }, representatives: two, application, today, ...changes })
    expect(fault({})).toBeUndefined()
    expect(fault({ organisation: { state: 'suspended' } })).toBe('not-operating')
    expect(fault({ representatives: [...two, representative({ person: stranger })] })).toBe('consent-missing')
    expect(fault({ representatives: two.slice(1) })).toBe('consent-missing')
    for (const state of ['consenting', 'issued', 'refused', 'declined', 'withdrawn'] as const) expect(fault({ application: { ...application, state } })).toBe('over')
  })
})
