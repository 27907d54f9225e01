import { Cluster } from 'ioredis'
import { createHmac, randomBytes } from 'node:crypto'
import { describe, expect, inject, onTestFinished, test } from 'vitest'
import { limitNames } from '#domain/abuse/limits.ts'
import { makeLimits } from '#storage/limits.ts'
import { openRedis } from '#storage/redis/open.ts'
import { someLimits } from '#test/support/made-up.ts'

const redis = inject('redis')
const secret = randomBytes(32)
const hash = (key: string) => createHmac('sha256', secret).update(key).digest('base64url')
const rules = someLimits({}, { points: 1, seconds: 60 })

async function connected() {
  const client = await openRedis({ url: redis ?? '', mayEvict: false, patience: 10 })
  onTestFinished(() => client.disconnect())
  if (client instanceof Cluster) throw new TypeError('one address is one server')
  return client
}

/** What a limit may be counted by: a person, an account, a service, an address, each as it is written. */
const kinds = (salt: string) => [`079303${salt}`, `0198a1b2-0000-7000-8000-${salt}00`, `client-${salt}`, `203.0.${salt}`, `client-${salt} 079303${salt}`, `079303${salt} 203.0.${salt}`]

describe.skipIf(redis === undefined)('W11: what counters are called in Redis', () => {
  test('each limit has its own for each key, and no two are one', async () => {
    const limits = makeLimits({ rules, hash, redis: await connected() })
    const keys = kinds(randomBytes(5).toString('hex'))
    // Each may be spent once: a counter that two of them shared would refuse the second.
    for (const name of limitNames) for (const key of keys) await limits.spend(name, key)
    for (const name of limitNames) for (const key of keys) await expect(limits.spend(name, key)).rejects.toMatchObject({ code: 'limit.exceeded' })
  })

  test('none of them holds a number, an address or an account, as it is or in another spelling', async () => {
    const client = await connected()
    const limits = makeLimits({ rules, hash, redis: client })
    const salt = randomBytes(5).toString('hex')
    for (const name of limitNames) for (const key of kinds(salt)) await limits.spend(name, key)
    const stored = (await client.keys('limit:*')).filter((one) => kinds(salt).some((key) => one.endsWith(hash(key))))
    expect(stored).toHaveLength(limitNames.length * kinds(salt).length)
    const spellings = [salt, Buffer.from(salt).toString('hex'), Buffer.from(salt).toString('base64url'), Buffer.from(salt).toString('base64')]
    expect(stored.filter((one) => spellings.some((spelt) => one.toLowerCase().includes(spelt.toLowerCase())))).toEqual([])
    for (const one of stored) expect(one).toMatch(/^limit:[a-z-]+:[A-Za-z0-9_-]{43}$/)
  })

  test('the hash is keyed: whoever knows all numbers does not find whose a counter is', async () => {
    const client = await connected()
    const number = `079303${randomBytes(4).toString('hex')}`
    await makeLimits({ rules, hash, redis: client }).spend('registration-per-number', number)
    const another = createHmac('sha256', randomBytes(32)).update(number).digest('base64url')
    expect(await client.exists(`limit:registration-per-number:${hash(number)}`)).toBe(1)
    expect(await client.exists(`limit:registration-per-number:${another}`)).toBe(0)
  })
})
