import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { personalNumber, type Person } from '#domain/registry/person.ts'
import { creationOptions, fillIn, tap } from '#test/support/citizen.ts'
import { makeAuthenticator } from '#test/support/authenticator.ts'
import { aForeigner, aPassport, aPerson } from '#test/support/made-up.ts'
import { mailsIn } from '#test/support/mailbox.ts'
import { makeRelyingParty, type RelyingParty } from '#test/support/relying-party.ts'
import { engines, startServer, type TestServer } from '#test/support/running.ts'
import { leaveAt, testClient } from '#test/support/test-clients.ts'
import { makeVisitor, titleOf, type Stop } from '#test/support/visitor.ts'

const client = testClient({ name: 'portal' })

/** Another one each: passports and numbers that nobody else has. */
function foreigner(place: number, changes: Partial<Person> = {}): Person {
  const digits = String(place).padStart(4, '0')
  return aForeigner({ number: personalNumber.parse(`10109000${digits}`), passport: aPassport({ number: `M7700${digits}`, expiresOn: '2035-01-01' }), ...changes })
}
const residence = (expiresOn: string): Person['card'] => ({ kind: 'residence-card', issuedOn: '2020-01-01', issuedAt: 'Cục Quản lý xuất nhập cảnh', expiresOn })

const kim = foreigner(1, { name: 'KIM MIN JUN' })
const muller = foreigner(2, { name: 'MUELLER JOERG', nationality: ['DEU'], passport: aPassport({ number: 'C01X00T47', country: 'DEU', expiresOn: '2035-01-01' }) })
const holder = foreigner(3)
const ended = foreigner(4, { card: residence('2026-11-01') })
const outdated = foreigner(5, { passport: aPassport({ number: 'M77000005', expiresOn: '2026-11-01' }) })
const dead = foreigner(6, { life: { status: 'deceased', on: '2026-01-01' } })
const locker = foreigner(8)
const citizen = aPerson({ number: personalNumber.parse('079390000007'), name: 'KIM MIN JUN', birthDate: '1990-04-05', passport: aPassport({ number: 'M77000007' }) })
const extra = [kim, muller, holder, ended, outdated, dead, locker, citizen]

describe.each(engines)('a foreigner, on %s,', (engine) => {
  let server: TestServer
  let portal: RelyingParty
  beforeAll(async () => {
    server = await startServer({ engine, clients: () => [client.metadata], people: extra })
    portal = await makeRelyingParty(client.party(server.issuer))
  })
  afterAll(() => server.close())

  const codeSentTo = (email: string) => /\b(\d{6})\b/.exec(mailsIn(server.mailDir).findLast(({ to }) => to === email)?.text ?? '')?.[1] ?? ''

  type Say = { passport: string; country: string; name: string; birthDate: string }
  const honest = ({ passport, name, birthDate }: Person): Say => ({ passport: passport?.number ?? '', country: passport?.country ?? '', name, birthDate })

  /** From the sign-in page by the button for foreigners to what follows the code; every page on the way. */
  async function asked(say: Say, email = `f-${randomUUID()}@example.com`): Promise<{ first: Stop; pages: readonly Stop[]; visitor: ReturnType<typeof makeVisitor> }> {
    const visitor = makeVisitor({ leaveAt })
    const first = await visitor.open((await portal.begin()).url)
    const number = await visitor.open(`${first.url.href}/register`)
    const passport = await fillIn(visitor, number, '/register/foreigner')
    const identity = await fillIn(visitor, passport, '/register/passport', { passport: say.passport, country: say.country })
    const [birthYear = '', birthMonth = '', birthDay = ''] = say.birthDate.split('-')
    const contact = await fillIn(visitor, identity, '/register/identity', { name: say.name, birthYear, birthMonth, birthDay })
    const code = await fillIn(visitor, contact, '/register/contact', { email })
    const end = await fillIn(visitor, code, '/register/code', { code: codeSentTo(email) })
    return { first, visitor, pages: [passport, identity, contact, code, end] }
  }

  test('is asked for the birth date as it stands in the passport, a citizen as on the card, and who has lost their device as on either', async () => {
    const { pages: [, theirs] } = await asked(honest(kim))
    const visitor = makeVisitor({ leaveAt })
    const ours = await fillIn(visitor, await visitor.open(`${(await visitor.open((await portal.begin()).url)).url.href}/register`), '/register', { number: citizen.number })
    const lost = await visitor.open(`${server.issuer}/mat-thiet-bi`)
    const hints = [theirs, ours, lost].map((page) => /id="birthDay-hint"[^>]*>([^<]*)</.exec(page?.text ?? '')?.[1])
    expect(hints).toEqual([expect.stringMatching(/your passport shows/), expect.stringMatching(/Nếu thẻ chỉ/), expect.stringMatching(/thẻ căn cước hoặc hộ chiếu/)])
  })

  const registered = async (say: Say): Promise<Stop> => (await enrolled(say)).done

  async function enrolled(say: Say): Promise<{ done: Stop; visitor: ReturnType<typeof makeVisitor>; authenticator: ReturnType<typeof makeAuthenticator> }> {
    const { pages, visitor } = await asked(say)
    const page = pages.at(-1)
    if (page === undefined) throw new Error('there was a last page')
    const authenticator = makeAuthenticator({ rpId: new URL(server.issuer).hostname, origin: server.issuer })
    const done = await fillIn(visitor, page, '/register/passkey', { attestation: JSON.stringify(authenticator.create(creationOptions(page))) })
    expect((await fillIn(visitor, done, '/register/finish')).url.searchParams.has('code')).toBe(true)
    return { done, visitor, authenticator }
  }

  test('registers in English with passport, country, name in any order and birth date, and is at level 1', async () => {
    const { pages } = await asked({ ...honest(kim), passport: ' m 7700-0001 ', name: 'Min-jun Kim' })
    expect(pages.map(({ text }) => /<html lang="(..)"/.exec(text)?.[1])).toEqual(['en', 'en', 'en', 'en', 'en'])
    expect(titleOf(pages[0]?.text ?? '')).toContain('Your passport')
    expect(titleOf(pages.at(-1)?.text ?? '')).toContain('Create your sign-in key')
    const done = await registered({ ...honest(kim), name: 'Kim Min Jun' })
    expect(done.text).toContain('immigration authority')
    const person = await server.house.registry.findByPassport(aPassport({ number: 'M77000001' }))
    const account = person && (await server.house.accounts.findByPerson(person.id))
    expect(account).toMatchObject({ level: 1, state: 'active', paper: 'residence-card', expiresOn: '2029-08-01' })
  })

  test('is sent to the immigration authority, and never to the police of a commune, from the lock of their account and at the door of what they locked', async () => {
    const { visitor, authenticator } = await enrolled(honest(locker))
    const [wards, lock] = [await visitor.open(`${server.issuer}/tai-khoan/nguoi-dai-dien`), await visitor.open(`${server.issuer}/tai-khoan/khoa-tai-khoan`)]
    const locked = await fillIn(visitor, lock, '/khoa-tai-khoan')
    const unlock = await tap(visitor, await visitor.open((await portal.begin()).url), authenticator)
    expect([wards, lock, unlock].map(({ status, text }) => [status, /immigration authority/.test(text), /police/.test(text)])).toEqual([[200, true, false], [200, true, false], [200, true, false]])
    // Nobody is signed in on that page, so it cannot know whose it is.
    expect([locked.text.includes('immigration authority'), locked.text.includes('commune or ward police')]).toEqual([true, true])
  })

  test('is known by their name as the passport does not write it', async () => {
    expect((await registered({ ...honest(muller), name: 'Jörg Müller' })).status).toBe(200)
  })

  test('W10: unknown, of another country, mismatched, registered, ended, dead, and a citizen: the same bytes at every step', async () => {
    await registered(honest(holder))
    const stranger = honest(foreigner(99))
    const cases: Record<string, Say> = {
      unknown: stranger, country: { ...honest(kim), country: 'JPN' }, name: { ...honest(ended), name: 'KIM MIN' }, born: { ...honest(ended), birthDate: '1990-04-06' },
      registered: honest(holder), ended: honest(ended), outdated: honest(outdated), dead: honest(dead), citizen: honest(citizen),
    }
    const told = new Set<string>()
    for (const [name, say] of Object.entries(cases)) {
      const { pages, first } = await asked(say, `w-${name.padEnd(12, 'x')}@example.com`)
      told.add(pages.map((page) => `${page.status} ${neutral(page, first)}`).join('\n'))
      expect([name, titleOf(pages.at(-1)?.text ?? '')]).toEqual([name, expect.stringContaining('Online registration is not possible yet')])
    }
    expect(told.size).toBe(1)
    expect([...told].join()).toContain('immigration authority')
  })

  /** A page without what differs between any two visits. */
  const neutral = ({ text }: Stop, first: Stop) => text
    .replaceAll(first.url.pathname.split('/').at(-1) ?? '', 'UID').replaceAll(/name="csrf" value="[^"]+"/g, 'CSRF').replaceAll(/data-wait="\d+"|\b(29|30)\b/g, 'SECONDS')

  test('is told what is wrong with a passport, a country or letters that passports do not have, and nothing is looked up', async () => {
    const visitor = makeVisitor({ leaveAt })
    const first = await visitor.open((await portal.begin()).url)
    const page = await visitor.open(`${first.url.href}/register/passport`)
    for (const wrong of [{ passport: '', country: 'KOR' }, { passport: 'M1', country: 'KOR' }, { passport: 'M77000001', country: '' }, { passport: 'M77000001', country: 'VNM' }, { passport: 'M77000001', country: 'XXX' }]) {
      expect([wrong, (await fillIn(visitor, page, '/register/passport', wrong)).status]).toEqual([wrong, 422])
    }
    const identity = await fillIn(visitor, page, '/register/passport', { passport: 'M77000001', country: 'KOR' })
    const other = await fillIn(visitor, identity, '/register/identity', { name: '김민준', birthDay: '5', birthMonth: '4', birthYear: '1990' })
    expect([other.status, other.url.pathname.split('/').at(-1)]).toEqual([422, 'identity'])
  })

  test('who has just chosen Vietnamese stays with it', async () => {
    const visitor = makeVisitor({ leaveAt })
    const first = await visitor.open((await portal.begin()).url)
    const chosen = await fillIn(visitor, first, '/language', { language: 'vi' })
    const number = await visitor.open(`${chosen.url.href}/register`)
    const passport = await fillIn(visitor, number, '/register/foreigner')
    expect(titleOf(passport.text)).toContain('Hộ chiếu của bạn')
  })
})
