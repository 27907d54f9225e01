import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { isAskedFor, nameAsked } from '#domain/organisation/name-asked.ts'
import { organisationCode } from '#domain/organisation/organisation.ts'

const [one, other] = ['0101234567', '0101234568'] as const
type Requests = Parameters<typeof nameAsked>[0]

describe('in whose name a service asks people to act', () => {
  test.each<[string, Requests, ReturnType<typeof nameAsked>]>([
    ['nothing said of it: in any, and in their own', [], { only: false }],
    ['the number as a wish', [null, { essential: false }], { only: false }],
    ['the number as a need: in their own it is of no use', [{ essential: true }], { only: true }],
    ['a need in one of two places', [null, { essential: true }], { only: true }],
    ['one organisation', [{ value: one }], { only: false, among: [one] }],
    ['one organisation alone', [{ essential: true, value: one }], { only: true, among: [one] }],
    ['several', [{ values: [one, other] }], { only: false, among: [one, other] }],
    ['one and several are all of these', [{ value: one, values: [other] }], { only: false, among: [one, other] }],
    ['two places that name some: it is one number, so it is in both', [{ values: [one, other] }, { essential: true, value: other }], { only: true, among: [other] }],
    ['two places that have none in common', [{ value: one }, { value: other }], { only: false, among: [] }],
  ])('%s', (_story, requests, asked) => {
    expect(nameAsked(requests)).toEqual(asked)
  })

  test('whatever is asked beside, a need stays one and nobody is added to those named', () => {
    const request = fc.option(fc.record({ essential: fc.boolean(), value: fc.constantFrom(one, other), values: fc.array(fc.constantFrom(one, other), { minLength: 1 }) }, { requiredKeys: [] }))
    fc.assert(fc.property(fc.array(request), request, (requests, more) => {
      const [before, after] = [nameAsked(requests), nameAsked([...requests, more])]
      expect(after.only || !before.only).toBe(true)
      for (const code of [one, other].map((text) => organisationCode.parse(text))) expect(isAskedFor(before, { code }) || !isAskedFor(after, { code })).toBe(true)
    }))
  })

  test('those that are named are taken and no other; where none is named, all', () => {
    const code = organisationCode.parse(one)
    expect([isAskedFor({ only: true }, { code }), isAskedFor({ only: false, among: [one] }, { code }), isAskedFor({ only: false, among: [other] }, { code }), isAskedFor({ only: true, among: [] }, { code })]).toEqual([true, true, false, false])
  })
})
