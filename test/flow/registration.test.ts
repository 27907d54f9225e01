import { sql } from 'kysely'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest'
import { holdersAmong } from '#app/start/people.ts'
import { people } from '#domain/registry/synthetic.ts'
import { creationOptions, fillIn, register, upToPasskey, type Citizen } from '#test/support/citizen.ts'
import { arrive, enrol, signIn } from '#test/support/journey.ts'
import { mailsIn } from '#test/support/mailbox.ts'
import { makeRelyingParty, type RelyingParty } from '#test/support/relying-party.ts'
import { engines, startServer, type TestServer } from '#test/support/running.ts'
import { leaveAt, testClient } from '#test/support/test-clients.ts'
import { makeVisitor, titleOf, type Stop, type Visitor } from '#test/support/visitor.ts'

const client = testClient({ name: 'portal' })
/** As the server has it, with those who cannot register. */
const everybody = [...people({ people: 400, seed: 'tests' })]

function somebody(fits: (person: (typeof everybody)[number]) => boolean) {
  const person = everybody.find(fits)
  if (person === undefined) throw new Error('nobody is like that')
  return person
}

describe.each(engines)('registering, on %s,', (engine) => {
  let server: TestServer
  let portal: RelyingParty

  beforeAll(async () => {
    server = await startServer({ engine, clients: () => [client.metadata] })
    portal = await makeRelyingParty(client.party(server.issuer))
  })
  afterAll(() => server.close())

  const stranger = async (citizen = server.citizen(server.nextPerson())) => {
    const visitor = makeVisitor({ leaveAt })
    return { citizen, visitor, first: await visitor.open((await portal.begin()).url) }
  }
  const steps = (first: Stop) => (step: string) => `${first.url.href}/register${step}`
  const birth = ({ birthDate }: Citizen) => {
    const [birthYear = '', birthMonth = '', birthDay = ''] = birthDate.split('-')
    return { birthYear, birthMonth, birthDay }
  }

  test('is what the next start knows of its test people', async () => {
    const [one, other] = [server.nextPerson(), server.nextPerson()]
    const who = { citizen: server.citizen(one), visitor: makeVisitor({ leaveAt }) }
    await register(who.visitor, await who.visitor.open((await portal.begin()).url), who.citizen)
    const five = [one, other].map((person) => ({ purpose: 'adult' as const, person }))
    expect([...await holdersAmong(server.house, five)]).toEqual([one.number])
  })

  async function upToContact({ visitor, first, citizen }: { visitor: Visitor; first: Stop; citizen: Citizen }) {
    const number = await visitor.open(steps(first)(''))
    const identity = await fillIn(visitor, number, '/register', { number: citizen.number })
    return fillIn(visitor, identity, '/register/identity', { name: citizen.name, ...birth(citizen) })
  }
  const upToCode = async (at: Parameters<typeof upToContact>[0]) => fillIn(at.visitor, await upToContact(at), '/register/contact', { email: at.citizen.email })
  const accounts = async () => Number((await server.house.database.rows(sql<{ n: number }>`select count(*)::int as n from account`))[0]?.n)

  test('W10: nobody, somebody else, the registered, children and the dead are answered with the same bytes at every step, and only the registered hear of it', async () => {
    const holder = await enrol(server, portal)
    const adult = server.nextPerson()
    const claimed = { name: adult.name, birthDate: adult.birthDate }
    const cases = {
      unknown: server.citizen({ ...adult, number: '001099999999' as typeof adult.number }),
      mismatched: server.citizen({ ...server.nextPerson(), ...claimed }),
      registered: { ...server.citizen(server.nextPerson()), number: holder.citizen.number, name: holder.citizen.name, birthDate: holder.citizen.birthDate },
      child: server.citizen(somebody(({ birthDate, life }) => birthDate > '2016' && birthDate.length === 10 && life.status === 'alive')),
      dead: server.citizen(somebody(({ life, birthDate }) => life.status === 'deceased' && birthDate.length === 10)),
    }
    const before = await accounts()
    const told = new Map<string, string>()
    for (const [name, citizen] of Object.entries(cases)) {
      const someone = await stranger({ ...citizen, email: `p-${name.padEnd(12, 'x')}@example.com`, readCode: async () => codeIn(`p-${name.padEnd(12, 'x')}@example.com`) })
      const pages: Stop[] = []
      const watching = { ...someone.visitor, submit: async (...sent: Parameters<Visitor['submit']>) => kept(pages, await someone.visitor.submit(...sent)) }
      await upToPasskey(watching, someone.first, someone.citizen)
      told.set(name, pages.map((page) => `${page.status} ${headersOf(page)} ${neutral(page, someone.first)}`).join('\n'))
      expect(titleOf(pages.at(-1)?.text ?? '')).toContain('Chưa đăng ký trực tuyến được')
    }
    expect(new Set(told.values()).size).toBe(1)
    expect(await accounts()).toBe(before)
    await expect.poll(() => mailsIn(server.mailDir).filter(({ to }) => to === holder.citizen.email).map(({ subject }) => /^\d{6} |đã mở$|^Có người thử/.exec(subject)?.[0].replace(/\d+ /, 'code') ?? subject).toSorted()).toEqual(['Có người thử', 'code', 'đã mở'])
  })

  const kept = (pages: Stop[], page: Stop) => {
    pages.push(page)
    return page
  }
  const codeIn = (address: string) => /\b(\d{6})\b/.exec(mailsIn(server.mailDir).findLast(({ to }) => to === address)?.text ?? '')?.[1] ?? ''
  /** A page without what differs between any two visits. */
  const neutral = ({ text }: Stop, first: Stop) => text
    .replaceAll(first.url.pathname.split('/').at(-1) ?? '', 'UID').replaceAll(/name="csrf" value="[^"]+"/g, 'CSRF').replaceAll(/"challenge":"[^"]+"/g, 'CHALLENGE').replaceAll(/data-seconds="\d+"|\b(29|30)\b/g, 'SECONDS')
  const headersOf = ({ headers }: Stop) => [...headers].filter(([name]) => !['date', 'set-cookie', 'content-length', 'etag'].includes(name)).map((pair) => pair.join(': ')).join('; ')

  test('a wrong code can be tried five times, and then the right one is worth nothing until another is sent', async () => {
    const at = await stranger()
    let page = await upToCode(at)
    const right = await at.citizen.readCode()
    const wrong = right === '000000' ? '000001' : '000000'
    for (const left of ['4', '3', '2', '1']) {
      page = await fillIn(at.visitor, page, '/register/code', { code: wrong })
      expect([page.status, page.text.includes(left)]).toEqual([422, true])
    }
    page = await fillIn(at.visitor, page, '/register/code', { code: wrong })
    page = await fillIn(at.visitor, page, '/register/code', { code: right })
    expect(page.status).toBe(422)
    expect(page.url.pathname).toMatch(/register\/code$/)
  })

  test('W11: of fifty guesses at once no more than five are heard', async () => {
    const at = await stranger()
    const page = await upToCode(at)
    const right = await at.citizen.readCode()
    const guesses = Array.from({ length: 50 }, (_, n) => String((Number(right) + 1 + n) % 1_000_000).padStart(6, '0'))
    const told = await Promise.all(guesses.map((code) => fillIn(at.visitor, page, '/register/code', { code })))
    expect(told.filter(({ text }) => /Bạn còn|còn \d lần/.test(text)).length).toBeLessThanOrEqual(4)
    expect((await fillIn(at.visitor, page, '/register/code', { code: right })).url.pathname).not.toMatch(/passkey$/)
  })

  test('steps out of order are led nowhere and change nothing', async () => {
    const at = await stranger()
    const before = await accounts()
    for (const step of ['/identity', '/contact', '/code', '/passkey', '/finish']) {
      const page = await at.visitor.open(steps(at.first)(step))
      expect([step, page.status]).toEqual([step, 409])
    }
    const csrf = /name="csrf" value="([^"]+)"/.exec(at.first.text)?.[1] ?? ''
    const posts: Record<string, Record<string, string>> = {
      '/identity': { name: at.citizen.name, ...birth(at.citizen) }, '/contact': { email: at.citizen.email }, '/code': { code: '123456' }, '/resend': {}, '/finish': {},
    }
    for (const [step, fields] of Object.entries(posts)) {
      expect([step, (await at.visitor.submit(steps(at.first)(step), { csrf, ...fields }, at.first.url)).status]).toEqual([step, 409])
    }
    const code = await upToCode(at)
    for (const step of ['/passkey', '/finish']) expect((await at.visitor.open(steps(at.first)(step))).status).toBe(409)
    expect(code.status).toBe(200)
    expect(await accounts()).toBe(before)
  })

  test('what is finished is not begun again, and the done page signs in once', async () => {
    const at = await stranger()
    const end = await register(at.visitor, at.first, at.citizen)
    expect(end.url.searchParams.has('code')).toBe(true)
    expect((await at.visitor.open(steps(at.first)('/finish'))).status).toBe(400)
  })

  test('W05: a registration belongs to the browser that began it', async () => {
    const at = await stranger()
    const passkeyPage = await upToPasskey(at.visitor, at.first, at.citizen)
    const before = await accounts()
    const thief = makeVisitor({ leaveAt })
    await thief.open((await portal.begin()).url)
    for (const step of ['', '/code', '/passkey']) expect((await thief.open(steps(at.first)(step))).status).toBe(400)
    const attestation = JSON.stringify(server.citizen(server.nextPerson()).authenticator.create(creationOptions(passkeyPage)))
    expect((await fillIn(thief, passkeyPage, '/register/passkey', { attestation })).status).toBe(400)
    expect(await accounts()).toBe(before)
    const own = await fillIn(at.visitor, passkeyPage, '/register/passkey', { attestation: JSON.stringify(at.citizen.authenticator.create(creationOptions(passkeyPage))) })
    expect(own.url.pathname).toMatch(/finish$/)
  })

  test('W13: of two browsers that register one person the second is refused, and the first is who signs in', async () => {
    const citizen = server.citizen(server.nextPerson())
    const [one, two] = [await stranger(citizen), await stranger(citizen)]
    const [first, second] = [await upToPasskey(one.visitor, one.first, citizen), await upToPasskey(two.visitor, two.first, citizen)]
    const answer = (page: Stop) => ({ attestation: JSON.stringify(citizen.authenticator.create(creationOptions(page))) })
    const winner = citizen.authenticator
    const done = await fillIn(one.visitor, first, '/register/passkey', answer(first))
    const late = await fillIn(two.visitor, second, '/register/passkey', answer(second))
    expect([done.status, late.status, titleOf(late.text)]).toEqual([200, 403, expect.stringContaining('Chưa đăng ký trực tuyến được')])
    const [kept] = winner.credentials
    expect((await server.house.database.rows(sql<{ id: string }>`select id from passkey where id in ${sql`(${winner.credentials[0]?.id}, ${winner.credentials[1]?.id})`}`)).map(({ id }) => id)).toEqual([kept?.id])
    await fillIn(one.visitor, done, '/register/finish')
  })

  const lies: Record<string, object> = {
    'without user verification': { userVerified: false }, 'without anybody there': { userPresent: false }, 'for another site': { rpId: 'dinhdanh.example' },
    'at a look-alike': { origin: 'https://dinhdanh.example' }, 'in somebody’s frame': { crossOrigin: true }, 'with another challenge': { challenge: 'AAAA' },
    'as a sign-in': { type: 'webauthn.get' }, 'backed up but not eligible': { backupEligible: false, backedUp: true },
  }
  test.each(Object.entries(lies))('W01, W02: a passkey made %s is not taken, and the next honest one is', async (_name, lie) => {
    const at = await stranger()
    const page = await upToPasskey(at.visitor, at.first, at.citizen)
    const before = await accounts()
    const told = await fillIn(at.visitor, page, '/register/passkey', { attestation: JSON.stringify(at.citizen.authenticator.create(creationOptions(page), lie)) })
    expect([told.status, await accounts()]).toEqual([200, before])
    const honest = await fillIn(at.visitor, told, '/register/passkey', { attestation: JSON.stringify(at.citizen.authenticator.create(creationOptions(told))) })
    expect(honest.url.pathname).toMatch(/finish$/)
  })

  describe('and waiting', () => {
    beforeEach(() => void vi.useFakeTimers({ toFake: ['Date'], now: Date.now() }))
    afterEach(() => void vi.useRealTimers())
    const later = (seconds: number) => vi.setSystemTime(Date.now() + seconds * 1000)

    test('another code is sent after half a minute and not before, five in all, and only the last one counts', async () => {
      const at = await stranger()
      let page = await upToCode(at)
      const first = await at.citizen.readCode()
      const sent = () => mailsIn(server.mailDir).filter(({ to }) => to === at.citizen.email).length
      await fillIn(at.visitor, page, '/register/resend')
      expect(sent()).toBe(1)
      for (const turn of [2, 3, 4, 5]) {
        later(31)
        page = await at.visitor.open(steps(at.first)('/code'))
        page = await fillIn(at.visitor, page, '/register/resend')
        expect([turn, page.status]).toEqual([turn, 200])
      }
      later(31)
      expect((await fillIn(at.visitor, await at.visitor.open(steps(at.first)('/code')), '/register/resend')).status).toBe(429)
      expect(sent()).toBe(5)
      const last = await at.citizen.readCode()
      const old = first === last ? '000000' : first
      expect((await fillIn(at.visitor, page, '/register/code', { code: old })).status).toBe(422)
      expect((await fillIn(at.visitor, page, '/register/code', { code: last })).url.pathname).toMatch(/passkey$/)
    })

    test('going back to the address does not start the counting again', async () => {
      const at = await stranger()
      await upToCode(at)
      const sent: number[] = []
      for (let turn = 0; turn < 8; turn += 1) {
        later(31)
        const contact = await at.visitor.open(steps(at.first)('/contact'))
        sent.push((await fillIn(at.visitor, contact, '/register/contact', { email: at.citizen.email })).status)
      }
      expect(mailsIn(server.mailDir).filter(({ to }) => to === at.citizen.email).length).toBeLessThanOrEqual(5)
      expect(sent).toContain(429)
    })
  })

  test('what cannot be a code, however often typed, costs no try', async () => {
    const at = await stranger()
    let page = await upToCode(at)
    for (const code of ['12', '1234567', 'abcdef', '12', '1', '123', '1234', '12345', '12', '99']) {
      page = await fillIn(at.visitor, page, '/register/code', { code })
      expect([code, page.status]).toEqual([code, 422])
    }
    const code = await at.citizen.readCode()
    expect((await fillIn(at.visitor, page, '/register/code', { code })).url.pathname).toMatch(/passkey$/)
  })

  test('whoever registered signs in later with that passkey, from anywhere', async () => {
    const { citizen } = await enrol(server, portal)
    const visitor = makeVisitor({ leaveAt })
    const { url, checks } = await portal.begin()
    const { url: answer } = await arrive(visitor, await visitor.open(url), citizen)
    const { claims } = await portal.finish(answer, checks)
    expect(claims.sub).toBe((await signIn(portal, { citizen, visitor })).claims.sub)
  })
})
