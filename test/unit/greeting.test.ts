import { describe, expect, test } from 'vitest'
import { readConfig } from '#app/config.ts'
import { personLines } from '#app/start/people.ts'
import { greeting } from '#app/start/greeting.ts'
import { personalNumber } from '#domain/registry/person.ts'
import { places } from '#web/place/citizen.ts'
import { aForeigner, aPassport, aPerson } from '#test/support/made-up.ts'

function say(env: Record<string, string>, people: readonly string[] = []): string {
  const { config, faults } = readConfig(env, () => '')
  if (config === undefined) throw new Error(JSON.stringify(faults))
  return greeting(config, { portal: 'http://localhost:3001', library: 'http://localhost:3002', people })
}

const database = { DATABASE_URL: 'postgres://eid@db.example/eid' }
const redis = { REDIS_URL: 'redis://redis.example' }

describe('npm start', () => {
  test.each([
    ['nothing set', {}, 'embedded database: for trying and developing, one process only', 'Everything is kept under .data'],
    ['PostgreSQL alone', database, 'PostgreSQL, short-lived things in this process: one process only', 'kept in PostgreSQL'],
    ['Redis alone', redis, 'embedded database, Redis: one process only', 'Everything is kept under .data'],
    ['both', { ...database, ...redis }, 'PostgreSQL and Redis', 'kept in PostgreSQL'],
  ])('says what it really keeps things in: %s', (_, env, stores, kept) => {
    const text = say(env)
    expect(text).toContain(`is ready (${stores}).`)
    expect(text).toContain(kept)
  })

  test('says where everything is that a person would open', () => {
    for (const address of ['http://localhost:3001', 'http://localhost:3002', `http://localhost:3000${places.account}`]) expect(say({})).toContain(address)
  })

  test('names no test people where it knows of none', () => {
    expect([say({}), say({}, ['somebody'])].map((text) => text.includes('Test people'))).toEqual([false, true])
  })
})

test('of a test person who has an account by now, nobody is told that they can register', () => {
  const somebody = (number: string) => aPerson({ number: personalNumber.parse(number) })
  const [adult, locked] = [somebody('079303001234'), somebody('079303001235')]
  const five = [{ purpose: 'adult', person: adult }, { purpose: 'locked', person: locked }] as const
  const lines = (...holders: string[]) => personLines(five, new Set(holders)).map((line) => line.split(/ {2,}/).at(-1))
  expect(lines(locked.number)).toEqual(['can register', 'is refused: has an account already, and it is locked'])
  expect(lines(adult.number, locked.number)).toEqual(['has an account: sign in', 'is refused: has an account already, and it is locked'])
})

test('of a foreigner it says the passport by which they register, and of nobody else', () => {
  const [foreigner, adult] = [aForeigner(), aPerson({ passport: aPassport() })]
  const lines = personLines([{ purpose: 'foreigner', person: foreigner }, { purpose: 'adult', person: adult }], new Set()).map((line) => line.split(/ {2,}/).at(-1))
  expect(lines).toEqual(['can register; a foreigner, passport M12345678 of South Korea', 'can register'])
})
