import fc from 'fast-check'
import { expect, test } from 'vitest'
import catalogueFile from '#config/scopes.json' with { type: 'json' }
import { grantNames, placesIn, residentOf } from '#domain/consent/place-question.ts'
import { extentOf } from '#domain/consent/verification-item.ts'
import { verificationOf } from '#domain/consent/verification.ts'
import { answerVerifiedClaims } from '#domain/consent/verified-claims.ts'
import { readVerifiedClaims, verifiedClaimsFault } from '#domain/consent/verified-claims-request.ts'
import { people } from '#domain/registry/synthetic.ts'

/** Mostly what is true of the element, for a request of many constraints that are drawn blindly is never met. */
const text = (...ours: string[]) => {
  const word = fc.oneof({ weight: 12, arbitrary: fc.constantFrom('nobody', ...ours, ...ours, ...ours) }, { weight: 1, arbitrary: fc.constant('eidas') })
  const how = fc.oneof(fc.record({ essential: fc.boolean() }), fc.record({ value: word }), fc.record({ values: fc.uniqueArray(word, { minLength: 1, maxLength: 3 }) }))
  return fc.oneof({ weight: 3, arbitrary: fc.constant(null) }, { weight: ours.length > 0 ? 2 : 0, arbitrary: how }, { weight: 1, arbitrary: fc.constant({ essential: true }) })
}
const time = fc.oneof(fc.constant(null), fc.record({ max_age: fc.integer({ min: 0, max: 800 * 86_400 }), essential: fc.boolean() }, { requiredKeys: [] }))
const some = (members: Record<string, fc.Arbitrary<unknown>>, requiredKeys: string[] = []) => fc.record(members, { requiredKeys })
const list = (of: fc.Arbitrary<unknown>) => fc.array(of, { minLength: 1, maxLength: 3 })
const check = some({ check_method: text('data', 'vpip', 'pvp', 'vcrypt'), organization: text('Định Danh'), check_id: text(), time })
const record = some({ type: text('population_register'), source: some({ name: text(), country_code: text('VNM'), jurisdiction: text() }), created_at: fc.constant(null), mood: text() })
const details = some({ type: text('passport'), document_number: text(), issuer: some({ name: text(), country_code: text('KOR', 'CHN', 'JPN') }), date_of_expiry: fc.constant(null) })
const evidence = some({ type: fc.record({ value: fc.constantFrom('electronic_record', 'document') }), check_details: list(check), time, record, document_details: details }, ['type'])
const verification = some({
  trust_framework: text('vn_eid'), assurance_level: text('level_1', 'level_2'), assurance_process: some({ policy: text() }), time, verification_process: text(),
  evidence: list(evidence), mood: text(),
}, ['trust_framework'])
const names = [...catalogueFile.verified, 'email', 'iris', 'toString']
const place = fc.constantFrom('79', '01', '48', '79/Phường Bến Thành')
const claims = fc.uniqueArray(fc.constantFrom(...names), { minLength: 1, maxLength: 6 }).chain((chosen) => place.map((value) =>
  Object.fromEntries(chosen.map((name) => [name, name === residentOf ? { value } : null]))))

const population = [...people({ people: 50, seed: 'assurance' })]
const foreigners = [...people({ people: 600, seed: 'assurance' })].filter(({ kind }) => kind === 'foreigner')
const subject = fc.record({
  person: fc.oneof(fc.constantFrom(...population), fc.constantFrom(...foreigners)), level: fc.constantFrom(1 as const, 2 as const), contacts: fc.constant([]),
  openedAt: fc.date({ min: new Date('2026-01-01'), max: new Date('2026-11-22'), noInvalidDate: true }), today: fc.constant('2026-11-23'),
  inPerson: fc.option(fc.constant({ at: new Date('2026-11-22T03:04:05Z'), kinds: ['card-seen', 'passport-seen', 'face-compared', 'chip-verified'] as const }), { nil: undefined }),
})
const granted = fc.tuple(fc.subarray(names), fc.subarray(['79', '01'])).map(([chosen, places]) => new Set(grantNames(chosen, places)))
const now = new Date('2026-11-23T00:00:00Z')

const needed = new Set(['trust_framework', 'type', 'check_method'])
const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null && !Array.isArray(value)

/** Whether an answer is one that this part of a request allows: nothing that was not asked, everything as it was insisted on. */
function fits(asked: unknown, told: unknown): boolean {
  if (Array.isArray(told)) return told.every((one) => (Array.isArray(asked) ? asked : [asked]).some((alternative) => fits(alternative, one)))
  const template = isObject(asked) ? asked : {}
  if (isObject(told)) return Object.entries(told).every(([name, value]) => (Object.hasOwn(template, name) || needed.has(name)) && fits(template[name], value))
  const { value, values, max_age: maxAge } = template
  return (value === undefined || value === told) && (!Array.isArray(values) || values.includes(told)) &&
    (typeof maxAge !== 'number' || now.getTime() - Date.parse(String(told)) <= maxAge * 1000)
}

/** Whether everything that is told is so. */
function isTrue(told: unknown, fact: unknown): boolean {
  if (Array.isArray(told)) return told.every((one) => Array.isArray(fact) && fact.some((other) => isTrue(one, other)))
  return isObject(told) ? Object.entries(told).every(([name, value]) => isObject(fact) && isTrue(value, fact[name])) : told === fact
}

const pathsOf = (value: unknown, path: readonly string[] = []): readonly string[] => {
  if (Array.isArray(value)) return value.flatMap((one: unknown) => pathsOf(one, path))
  // What is told of documents is agreed to apart.
  const here = isObject(value) && value['type'] === 'document' ? ['document'] : path
  return isObject(value) ? Object.entries(value).flatMap(([name, inner]) => pathsOf(inner, [...here, name])) : [path.join('.')]
}

test('D02 whatever is requested, the answer holds nothing that was not asked and granted, nothing untrue, and all that was insisted on', () => {
  const seen = { answers: 0, evidences: 0, documents: 0 }
  fc.assert(fc.property(fc.record({ verification, claims }), subject, granted, (request, whose, allowed) => {
    expect(verifiedClaimsFault(request)).toBeUndefined()
    const [read] = readVerifiedClaims(request)
    const answer = read && answerVerifiedClaims(read, { subject: whose, granted: allowed, now })
    if (answer === undefined) return
    seen.answers += 1
    if (isObject(answer.verification) && 'evidence' in answer.verification) seen.evidences += 1
    expect(answer.verification).toHaveProperty('trust_framework', 'vn_eid')
    expect(fits(request.verification, answer.verification)).toBe(true)
    expect(isTrue(answer.verification, verificationOf(whose, { numbers: true }))).toBe(true)
    if (JSON.stringify(answer.verification).includes('"document"')) seen.documents += 1
    // People agreed to no more than this (`verification-item.ts`).
    expect(extentOf(read ? [{ verification: read.verification, claims: Object.keys(read.claims).filter((claim) => allowed.has(claim)) }] : [])).toEqual(expect.arrayContaining([...pathsOf(answer.verification)]))
    const askedPlaces = placesIn(request.claims[residentOf])
    const mayCome = Object.keys(request.claims).filter((claim) => allowed.has(claim) &&
      (claim !== residentOf || askedPlaces.every((one) => allowed.has(`${residentOf}:${one}`))))
    expect(mayCome).toEqual(expect.arrayContaining(Object.keys(answer.claims)))
  }), { numRuns: 1_500 })
  // A property over nothing proves nothing.
  expect(Math.min(seen.answers, seen.evidences)).toBeGreaterThan(100)
  expect(seen.documents).toBeGreaterThan(5)
})
