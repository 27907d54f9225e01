import { createHash } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { completedYears } from '#kernel/clock.ts'
import { toCsv } from '#domain/registry/import.ts'
import { person as schema } from '#domain/registry/person.ts'
import { birthRegistrationProvince } from '#domain/registry/personal-number.ts'
import { provinces } from '#domain/registry/province.ts'
import { faultsOf } from '#domain/registry/quality.ts'
import { people, referenceDay } from '#domain/registry/synthetic.ts'
import { testPeople } from '#domain/registry/test-people.ts'

const population = [...people({ people: 10_000, seed: 1 })]
const byNumber = new Map(population.map((person) => [person.number, person]))
const age = (birthDate: string) => completedYears(birthDate.padEnd(10, '-12-31'), referenceDay)
const sum = (seed: string | number) => createHash('sha256').update([...toCsv(people({ people: 300, seed }))].join('')).digest('hex')

describe('a synthetic population', () => {
  test('has as many people as were asked for', () => {
    for (const count of [0, 1, 2, 3, 7, 100]) expect([...people({ people: count, seed: 5 })]).toHaveLength(count)
  })

  test('is the same for the same seed, and another for another', () => {
    expect(sum(1)).toBe(sum(1))
    expect(sum(1)).not.toBe(sum(2))
  })

  test('consists of valid records without any fault of quality', () => {
    for (const person of population) {
      expect(schema.parse(person)).toEqual(person)
      expect(faultsOf(person, referenceDay).map(({ code }) => code)).toEqual([])
    }
  })

  test('gives every number and id once', () => {
    const all = population.flatMap(({ number, formerNumbers }) => [number, ...formerNumbers.map((former) => former.number)])
    expect(new Set(all).size).toBe(all.length)
    expect(new Set(population.map(({ id }) => id)).size).toBe(population.length)
  })

  test('has names with all tones, every letter of the alphabet that needs care, single and very long ones', () => {
    const names = population.map(({ name }) => name.toLowerCase()).join(' ')
    const decomposed = names.normalize('NFD')
    expect([...'\u0300\u0301\u0303\u0309\u0323'].filter((tone) => !decomposed.includes(tone))).toEqual([])
    expect([...'ăâđêôơư'].filter((letter) => letter !== 'đ' && !decomposed.includes(letter.normalize('NFD')))).toEqual([])
    expect(names).toContain('đ')
    expect(population.some(({ kind, name }) => kind === 'citizen' && !name.includes(' '))).toBe(true)
    expect(Math.max(...population.map(({ name }) => name.length))).toBeGreaterThan(50)
    expect(population.some(({ name }) => name.includes("'"))).toBe(true)
    expect(population.every(({ name }) => name === name.normalize('NFC'))).toBe(true)
  })

  test('has every kind of person, dead and missing ones, and numbers with a history', () => {
    expect(new Set(population.map(({ kind }) => kind))).toEqual(new Set(['citizen', 'foreigner', 'undetermined-nationality']))
    expect(new Set(population.map(({ life }) => life.status))).toEqual(new Set(['alive', 'deceased', 'missing']))
    expect(population.filter(({ formerNumbers }) => formerNumbers.length > 0).length).toBeGreaterThan(10)
    expect(population.some(({ birthDate }) => birthDate.length === 4)).toBe(true)
  })

  test('has a passport for every living foreigner and for nobody else, each its own, and certificates of identity', () => {
    const held = population.flatMap(({ passport }) => (passport === undefined || passport === null ? [] : [`${passport.country} ${passport.number}`]))
    expect(held.length).toBe(population.filter(({ kind, life }) => kind === 'foreigner' && life.status === 'alive').length)
    expect(new Set(held).size).toBe(held.length)
    expect(population.some(({ passport }) => passport?.expiresOn !== undefined && passport.expiresOn < referenceDay)).toBe(true)
    const stateless = population.filter(({ kind, life }) => kind === 'undetermined-nationality' && life.status === 'alive')
    expect(new Set(stateless.map(({ card }) => card?.kind))).toEqual(new Set(['identity-certificate']))
  })

  test('has children whose parents are in it', () => {
    const children = population.filter(({ birthDate }) => age(birthDate) < 14)
    expect(children.length).toBeGreaterThan(500)
    for (const child of children) {
      const parents = child.relations.filter(({ kind }) => kind === 'father' || kind === 'mother')
      expect(parents.length).toBeGreaterThan(0)
      for (const { number, name, kind } of parents) {
        const parent = number && byNumber.get(number)
        expect(parent).toMatchObject({ name, sex: kind === 'father' ? 'male' : 'female' })
        expect(parent && Number(child.birthDate.slice(0, 4)) - Number(parent.birthDate.slice(0, 4))).toBeGreaterThanOrEqual(18)
      }
    }
  })

  test('lives in all 34 provinces, and has its births registered in the 63', () => {
    expect(new Set(population.map(({ currentResidence }) => currentResidence?.province))).toEqual(new Set(provinces.map(({ code }) => code)))
    const prefixes = population.filter(({ kind }) => kind !== 'foreigner').map(({ number }) => birthRegistrationProvince(number)?.code)
    expect(new Set(prefixes).size).toBe(63)
  })

  test('is reached nowhere', () => {
    for (const { phones, emails } of population) {
      expect(phones.every((phone) => phone.startsWith('+84000'))).toBe(true)
      expect(emails.every((email) => email.endsWith('@example.com'))).toBe(true)
    }
  })
})

describe('the test people', () => {
  const cast = testPeople(people({ people: 10_000, seed: 1 }))

  test('are five different ones, found in a small population too, and always the same', () => {
    expect(cast.map(({ purpose }) => purpose)).toEqual(['adult', 'single-name', 'foreigner', 'minor', 'locked'])
    expect(new Set(cast.map(({ person }) => person.number)).size).toBe(5)
    expect(testPeople(people({ people: 10, seed: 1 }))).toEqual(cast)
  })

  test.each(Array.from({ length: 20 }, (_, seed) => [seed]))('are there for seed %i', (seed) => {
    expect(testPeople(people({ people: 10, seed }))).toHaveLength(5)
  })

  test('are who they are called', () => {
    const by = Object.fromEntries(cast.map(({ purpose, person }) => [purpose, person]))
    expect(by['single-name']?.name).not.toContain(' ')
    expect(by['foreigner']).toMatchObject({ kind: 'foreigner', card: { kind: 'residence-card' } })
    expect(by['adult']?.name).not.toBe(by['adult']?.name.normalize('NFD'))
    expect(by['minor'] && age(by['minor'].birthDate)).toBeLessThan(14)
  })
})
