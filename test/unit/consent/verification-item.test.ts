import { describe, expect, test } from 'vitest'
import catalogueFile from '#config/scopes.json' with { type: 'json' }
import type { Purpose } from '#domain/client/client.ts'
import { catalogueSchema, type ClaimRequest } from '#domain/consent/catalogue.ts'
import { answerOf, decide, itemsOf, type Item } from '#domain/consent/decision.ts'
import type { Subject } from '#domain/consent/disclosure.ts'
import { extentOf, isVerificationGranted, verificationItems, verificationNames } from '#domain/consent/verification-item.ts'
import { tellable, verificationOf } from '#domain/consent/verification.ts'
import { readVerifiedClaims } from '#domain/consent/verified-claims-request.ts'
import { aForeigner } from '#test/support/made-up.ts'

const catalogue = catalogueSchema.parse(catalogueFile)
const at = new Date('2026-11-22T00:00:00Z')
const words = (text: string) => ({ vi: text, en: text })
const purpose = (claims: string[], changes: Partial<Purpose> = {}): Purpose => ({ claims, basis: 'consent', purpose: words(claims.join(' ')), optional: false, ...changes })
const portal = (...purposes: Purpose[]) => ({ profile: 'fapi2', purposes, relying_party_class: 'A' } as const)

const framework = { trust_framework: null }
const record = { type: { value: 'electronic_record' } }
const need = { essential: true }
const asking = (claims: object, verification: object = framework) => readVerifiedClaims({ verification, claims })
const asked = (requests: ReturnType<typeof asking>) => requests.map(({ verification, claims }) => ({ verification, claims: Object.keys(claims) }))
const all = (...requests: ReturnType<typeof asking>): ClaimRequest =>
  new Map(requests.flatMap(({ claims }) => Object.entries(claims)).map(([claim, how]) => [claim, { essential: how?.essential === true }]))

/** The items of a request for verified claims, with the line about the verification. */
function itemsFor(client: ReturnType<typeof portal>, requests: ReturnType<typeof asking>, plain: ClaimRequest = new Map()): readonly Item[] {
  const items = itemsOf(catalogue, client, new Map([...all(...requests), ...plain]))
  return [...items, ...verificationItems(items, requests, catalogue.verified)]
}
const lineOf = (...how: Parameters<typeof itemsFor>) => itemsFor(...how).find(({ attribute }) => attribute.id === 'verification')

describe('how far a verification is asked to be told', () => {
  test.each<[string, object, readonly string[]]>([
    ['the framework, which always comes', framework, ['trust_framework']],
    ['the level and the day', { ...framework, time: null, assurance_level: { value: 'level_2' } }, ['trust_framework', 'assurance_level', 'time']],
    ['a check, with what no check is one without', { ...framework, evidence: [{ ...record, check_details: null }] }, ['trust_framework', 'evidence.type', 'evidence.check_details.check_method']],
    ['one part of the source', { ...framework, evidence: [{ ...record, record: { source: { country_code: null } } }] },
      ['trust_framework', 'evidence.type', 'evidence.record.type', 'evidence.record.source.country_code']],
    ['alternatives together', { ...framework, evidence: [{ ...record, time: null }, { ...record, check_details: [{ organization: null }] }] },
      ['trust_framework', 'evidence.type', 'evidence.check_details.check_method', 'evidence.check_details.organization', 'evidence.time']],
    ['a document apart from all other evidence', { ...framework, evidence: [{ ...record, time: null }, { type: { value: 'document' }, check_details: null, document_details: { issuer: { country_code: null } } }] },
      ['trust_framework', 'evidence.type', 'evidence.time', 'document.type', 'document.check_details.check_method', 'document.document_details.type', 'document.document_details.issuer.country_code']],
    ['of a document no number, where the passport itself is not asked for', { ...framework, evidence: [{ type: { value: 'document' }, document_details: { document_number: null } }] },
      ['trust_framework', 'document.type', 'document.document_details.type']],
    ['nothing of what is never told here', { ...framework, verification_process: null, mood: null, assurance_process: { policy: null }, evidence: [{ ...record, check_details: [{ txn: null }] }] },
      ['trust_framework', 'evidence.type', 'evidence.check_details.check_method']],
  ])('%s', (_what, verification, extent) => {
    expect(extentOf(asked(asking({ name: null }, verification)))).toEqual(extent)
  })

  test('is what a page can put in words: nothing is ever told beside it', () => {
    const subject: Subject = { person: aForeigner(), contacts: [], level: 2, openedAt: at, today: '2026-11-23', inPerson: { at, kinds: ['passport-seen', 'face-compared'] } }
    const paths = (value: unknown, path: readonly string[] = []): readonly string[] => {
      if (Array.isArray(value)) return value.flatMap((one: unknown) => paths(one, path))
      return typeof value === 'object' && value !== null ? Object.entries(value).flatMap(([name, inner]) => paths(inner, [...path, name])) : [path.join('.')]
    }
    const { evidence, ...rest } = verificationOf(subject, { numbers: true })
    const told = [...paths(rest), ...evidence.flatMap((one) => paths(one, [one.type === 'document' ? 'document' : 'evidence']))]
    expect([...new Set(told)].toSorted()).toEqual(tellable.toSorted())
  })
})

describe('the line about the verification', () => {
  test('names itself and its claim, and what is told', () => {
    expect(lineOf(portal(), asking({ name: need }, { ...framework, assurance_level: null }))).toMatchObject({
      attribute: { id: 'verification', label: { vi: 'Cách danh tính của bạn được xác minh', en: 'How your identity was verified' } },
      claims: ['verified_claims'], essential: true, basis: 'consent', extent: ['trust_framework', 'assurance_level'],
    })
  })

  test('is not there without a request for verified claims, nor where none of its claims can come', () => {
    for (const requests of [[], asking({ email: need }), asking({ address: need })]) {
      expect(lineOf(portal(purpose(['name']), purpose(['email'])), requests, new Map([['name', need]]))).toBeUndefined()
    }
  })

  test('stands on the ground and for the purpose of the claims that are verified, not of others beside them', () => {
    const law = { basis: 'law', reference: words('Luật 1') } as const
    const office = portal(purpose(['name'], law), purpose(['gender']))
    const plain: ClaimRequest = new Map([['gender', need], ['name', need]])
    expect(lineOf(office, asking({ name: null }), plain)).toMatchObject({ basis: 'law', reference: words('Luật 1'), purpose: words('name') })
    expect(lineOf(office, asking({ gender: need }), plain)).toMatchObject({ basis: 'consent', reference: undefined, purpose: words('gender') })
    // A duty about one claim is none about another.
    expect(lineOf(office, asking({ name: need, gender: null }), plain)).toMatchObject({ basis: 'consent', purpose: words('gender'), essential: true })
  })

  test('says what of several requests is told, but of none that nothing comes of', () => {
    const office = portal(purpose(['name', 'birthdate']))
    const requests = [asking({ name: need }, { ...framework, time: null }), asking({ birthdate: need }, { ...framework, assurance_level: null }),
      asking({ address: need }, { ...framework, evidence: [record] })].flat()
    expect(lineOf(office, requests)?.extent).toEqual(['trust_framework', 'assurance_level', 'time'])
  })

  test('may be left out where every verified claim may, also when the same claims are needed unverified', () => {
    const scope: ClaimRequest = new Map([['name', need]])
    expect(lineOf(portal(), asking({ name: null }), scope)).toMatchObject({ essential: false })
    expect(lineOf(portal(purpose(['name'], { optional: true })), asking({ name: need }))).toMatchObject({ essential: false })
    expect(lineOf(portal(), asking({ name: null, birthdate: need }))).toMatchObject({ essential: true })
  })
})

describe('an answer about the verification', () => {
  const remembered = (items: readonly Item[], ticked: readonly string[] = []) =>
    ({ remembered: answerOf(items, new Set(ticked), at), justGiven: false, validSince: new Date('2026-01-01') })
  const level = asking({ name: need }, { ...framework, assurance_level: null })

  test('that was never asked for is asked for now: a consent from before counts for the plain claims alone', () => {
    const before = remembered(itemsFor(portal(), [], new Map([['name', need]])))
    expect(decide(itemsFor(portal(), [], new Map([['name', need]])), portal(), before).is).toBe('settled')
    expect(decide(itemsFor(portal(), level), portal(), before).is).toBe('ask')
  })

  test('counts for what was told of it, and another extent is asked again', () => {
    const given = remembered(itemsFor(portal(), level))
    expect(decide(itemsFor(portal(), asking({ name: need }, { ...framework, assurance_level: { value: 'level_2' } })), portal(), given).is).toBe('settled')
    for (const other of [framework, { ...framework, assurance_level: null, time: null }]) {
      expect(decide(itemsFor(portal(), asking({ name: need }, other)), portal(), given).is).toBe('ask')
    }
  })

  test('may be no, and the rest goes on', () => {
    const items = itemsFor(portal(), asking({ name: null }), new Map([['name', need]]))
    const decision = decide(items, portal(), remembered(items))
    expect(decision).toMatchObject({ is: 'settled', granted: [{ attribute: { id: 'name' } }], declined: [{ attribute: { id: 'verification' } }] })
    expect(decide(items, portal(), remembered(items, ['verification']))).toMatchObject({ granted: [{}, { claims: ['verified_claims'] }], declined: [] })
  })

  test('where all is by law is a notice', () => {
    const court = portal(purpose(['name'], { basis: 'law', reference: words('Luật 1') }))
    expect(decide(itemsFor(court, asking({ name: null })), court, { remembered: undefined, justGiven: false, validSince: at }).is).toBe('notice')
  })

  const document = { ...framework, evidence: [{ type: { value: 'document' }, document_details: { document_number: null } }] }
  const numberName = 'verified_claims:document.document_details.document_number'

  test('D02 tells the number of a passport only where the service may have the passport, and the person agreed to that', () => {
    const both = asking({ name: need, vn_passport: null }, document)
    expect(lineOf(portal(), both)?.extent).toContain('document.document_details.document_number')
    expect(lineOf(portal(purpose(['name'])), both)?.extent).toEqual(['trust_framework', 'document.type', 'document.document_details.type'])
    const [request] = both
    if (!request) throw new Error('it can be read')
    const without = verificationNames(both).filter((name) => name !== numberName)
    expect([isVerificationGranted(request, new Set([...without, 'name'])), isVerificationGranted(request, new Set([...without, 'name', 'vn_passport'])), isVerificationGranted(request, new Set([...verificationNames(both), 'vn_passport']))])
      .toEqual([true, false, true])
  })

  test('that the record was told is no yes to a document, however alike the rest is', () => {
    const of = (type: string) => asking({ name: need }, { ...framework, evidence: [{ type: { value: type }, check_details: null }] })
    const given = remembered(itemsFor(portal(), of('electronic_record')))
    expect(decide(itemsFor(portal(), of('electronic_record')), portal(), given).is).toBe('settled')
    expect(decide(itemsFor(portal(), of('document')), portal(), given).is).toBe('ask')
  })

  test('grants this extent and no other one', () => {
    const [request] = level
    const [wider] = asking({ name: need }, { ...framework, assurance_level: null, time: null })
    if (!request || !wider) throw new Error('both can be read')
    const granted = new Set(verificationNames([request]))
    expect(granted).toEqual(new Set(['verified_claims', 'verified_claims:trust_framework', 'verified_claims:assurance_level']))
    expect([isVerificationGranted(request, granted), isVerificationGranted(wider, granted)]).toEqual([true, false])
    expect(isVerificationGranted(request, new Set(['verified_claims', 'name']))).toBe(false)
  })
})
