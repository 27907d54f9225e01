import { beforeEach, describe, expect, test } from 'vitest'
import { accountId, clientId, newId } from '#kernel/id.ts'
import { systemClock } from '#kernel/clock.ts'
import type { AuditEvent } from '#domain/audit/event.ts'
import { personAsked, subjectAsked } from '#domain/approval/asking.ts'
import { makeLimits } from '#storage/limits.ts'
import { aPerson, anAccount, someLimits } from '#test/support/made-up.ts'

const rules = someLimits({ 'asking-misses-per-client': { points: 30, seconds: 3600, earned: 2 }, 'asking-per-client-and-person': { points: 6, seconds: 600 } })
const bank = clientId.parse('bank')
const person = aPerson()
const account = anAccount({ person: person.id })
/** Numbers of the right form; those that end in 0 or 1 belong to somebody with an account. */
const numberAt = (at: number) => `0792030${String(at).padStart(5, '0')}`
const isSomebody = (number: string) => /[01]$/.test(number)

let events: AuditEvent[] = []
let tools: Parameters<typeof personAsked>[0]

beforeEach(() => {
  events = []
  tools = {
    clock: systemClock,
    limits: makeLimits({ rules, hash: (key) => key }),
    audit: { append: async (...all) => void events.push(...all) },
    clients: { find: async () => undefined },
    registry: { find: async () => person, whose: async () => new Map(), findByNumber: async (number) => (isSomebody(number) ? person : undefined) },
    accounts: {
      findByPerson: async (id) => (id === person.id ? account : undefined),
      find: async (id) => (id === account.id ? { account, life: 'alive' } : undefined),
    },
  }
})

const ask = (number: string) => personAsked(tools, bank, number).then((found) => (found === undefined ? 'nobody' : 'asked'), () => 'stopped')
const all = async (numbers: readonly string[]) => {
  const told: string[] = []
  for (const number of numbers) told.push(await ask(number))
  return told
}
const from = (start: number, count: number, wanted: (number: string) => boolean = () => true) =>
  Array.from({ length: count * 20 }, (_, at) => numberAt(start + at)).filter(wanted).slice(0, count)

describe('asking for people by number', () => {
  test('W11: who tries numbers is stopped, for known ones too, also when all come at once', async () => {
    const told = await Promise.all(from(0, 200, (number) => !isSomebody(number)).map(ask))
    expect(told.filter((one) => one === 'nobody')).toHaveLength(30)
    expect(await ask(numberAt(1000))).toBe('stopped')
  })

  test('W11: a service of whose people a third is nobody here goes on for as long as those who are asked say yes', async () => {
    const heard = new Set<string>()
    for (let at = 0; at < 600; at += 1) {
      const told = await ask(numberAt(at * 10 + (at % 3 === 0 ? 9 : 1)))
      heard.add(told)
      if (told === 'asked') await tools.limits.give('asking-misses-per-client', bank, 'earned')
    }
    expect([...heard].toSorted()).toEqual(['asked', 'nobody'])
  })

  test('who is found is no miss, whatever they answer', async () => {
    expect(new Set(await all(from(0, 100, isSomebody)))).toEqual(new Set(['asked']))
  })

  test('W11: asking for one person again and again uses up nothing that others need', async () => {
    const [somebody = ''] = from(0, 1, isSomebody)
    expect(await all(Array.from({ length: 100 }, () => somebody))).toEqual([...Array.from({ length: 6 }, () => 'asked'), ...Array.from({ length: 94 }, () => 'stopped')])
    expect(await ask(numberAt(500))).toBe('asked')
  })

  test('what is no number at all is nobody, and not always the same person', async () => {
    const told = await all(['', 'x', '12', '0792030000000', 'nobody', '07920300000a', '---', '0'])
    expect(told).toEqual(told.map(() => 'nobody'))
    expect(events).toHaveLength(told.length)
  })

  test('who is known by their subject is asked for although no number may be tried any more', async () => {
    await all(from(0, 40, (number) => !isSomebody(number)))
    expect(await ask(numberAt(1000))).toBe('stopped')
    const known = { client: bank, subject: 'a-subject', account: account.id }
    expect(await subjectAsked(tools, known)).toBe(account.id)
    expect(await subjectAsked(tools, { ...known, account: accountId.parse(newId()) })).toBeUndefined()
  })
})
