import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { agree, fillIn, tap } from '#test/support/citizen.ts'
import { lock } from '#test/support/counter.ts'
import { byItself } from '#test/support/five-seconds.ts'
import { authorize, enrol, isSignIn, signIn, type Enrolled } from '#test/support/journey.ts'
import { makeRelyingParty, type RelyingParty } from '#test/support/relying-party.ts'
import { startServer, type TestServer } from '#test/support/running.ts'
import { leaveAt, testClient } from '#test/support/test-clients.ts'
import { hiddenFields, makeVisitor, type Stop } from '#test/support/visitor.ts'

const words = (text: string) => ({ vi: text, en: text })
const clients = {
  portal: testClient({ name: 'portal', profile: 'fapi2' }),
  court: testClient({ name: 'court', metadata: { purposes: [{ claims: ['name', 'family_name', 'middle_name', 'given_name', 'birthdate'], basis: 'law', reference: words('Luật 1'), purpose: words('Xét xử') }] } }),
  school: testClient({
    name: 'school',
    metadata: {
      purposes: [
        { claims: ['name'], basis: 'consent', purpose: words('Nhập học') },
        { claims: ['email', 'email_verified'], basis: 'consent', purpose: words('Gửi thư'), optional: true },
        { claims: ['gender'], basis: 'consent', purpose: words('Thống kê'), optional: true },
      ],
    },
  }),
  bank: testClient({ name: 'bank', metadata: { relying_party_class: 'B' } }),
}

let server: TestServer
let someone: Enrolled
let portal: RelyingParty
let court: RelyingParty
let school: RelyingParty
let bank: RelyingParty

beforeAll(async () => {
  server = await startServer({ clients: () => Object.values(clients).map(({ metadata }) => metadata) })
  const open = ({ party }: typeof clients.portal) => makeRelyingParty(party(server.issuer))
  ;[portal, court, school, bank] = [await open(clients.portal), await open(clients.court), await open(clients.school), await open(clients.bank)]
  someone = await enrol(server, portal, (person) => person.permanentResidence !== undefined && person.phones.length > 0)
})
afterAll(() => server.close())

const visit = async (at: RelyingParty, parameters: Record<string, string>, { visitor } = someone) => {
  const { url, checks } = await at.begin(parameters)
  return { stop: await visitor.open(url), checks }
}
const asked = ({ text, status }: Stop) => status === 200 && text.includes('/consent"')

describe('a public task', () => {
  test('informs and does not ask, sends what the law names and nothing else, and is not shown again', async () => {
    const { stop, checks } = await visit(court, { scope: 'openid profile email' })
    expect(asked(stop)).toBe(true)
    expect(stop.text).toContain('theo quy định')
    expect(stop.text).toContain('Luật 1')
    expect(stop.text).not.toContain('value="deny"')
    expect(stop.text).not.toContain('Lựa chọn này có giá trị')
    const { url } = await agree(someone.visitor, stop)
    const about = await court.userinfo(await court.finish(url, checks))
    expect(Object.keys(about).toSorted()).toEqual(expect.arrayContaining(['birthdate', 'name', 'sub']))
    for (const claim of ['gender', 'email', 'updated_at']) expect(about).not.toHaveProperty(claim)
    expect((await visit(court, { scope: 'openid profile email' })).stop.url.searchParams.has('code')).toBe(true)
  })
})

describe('a question', () => {
  test('optional items are not ticked, and what was left unticked is not sent, also next time', async () => {
    const wish = { scope: 'openid profile email' }
    const { stop, checks } = await visit(school, wish)
    expect(stop.text).not.toMatch(/<input[^>]*type="checkbox"[^>]*checked/)
    const { url } = await fillIn(someone.visitor, stop, '/consent', { choice: 'allow', optional: 'gender' })
    const first = await school.userinfo(await school.finish(url, checks))
    expect(first).toMatchObject({ name: someone.citizen.name, gender: expect.any(String) })
    for (const claim of ['email', 'email_verified', 'birthdate']) expect(first).not.toHaveProperty(claim)

    const again = await visit(school, wish)
    expect(again.stop.url.searchParams.has('code')).toBe(true)
    expect(await school.userinfo(await school.finish(again.stop.url, again.checks))).toEqual(first)
  })

  test('what is ticked but was not asked for is not sent', async () => {
    const { stop, checks } = await visit(school, { scope: 'openid profile', prompt: 'consent' })
    const { url } = await fillIn(someone.visitor, stop, '/consent', { choice: 'allow', optional: 'email' })
    const about = await school.userinfo(await school.finish(url, checks))
    expect(about).not.toHaveProperty('email')
    expect(about).not.toHaveProperty('gender')
  })

  test('a no goes back to the service, with nothing but the no', async () => {
    const who = { citizen: someone.citizen, visitor: makeVisitor({ leaveAt }) }
    const { stop, checks } = await visit(bank, { scope: 'openid profile' }, who)
    expect(isSignIn(stop)).toBe(true)
    const page = await tap(who.visitor, stop, who.citizen.authenticator)
    const { url } = await fillIn(who.visitor, page, '/consent', { choice: 'deny' })
    expect([...url.searchParams.keys()].toSorted()).toEqual(['error', 'error_description', 'iss', 'state'])
    expect(Object.fromEntries(url.searchParams)).toMatchObject({ error: 'access_denied', state: checks.state, iss: server.issuer })
  })

  test('a private service asks at each sign-in, a state body does not, and the page says so', async () => {
    for (const turn of [1, 2]) {
      const { stop, checks } = await visit(bank, { scope: 'openid profile' })
      expect([turn, asked(stop)]).toEqual([turn, true])
      expect(stop.text).toContain('chỉ cho lần đăng nhập này')
      const { url } = await agree(someone.visitor, stop)
      expect(await bank.userinfo(await bank.finish(url, checks))).toHaveProperty('name', someone.citizen.name)
    }
    await signIn(portal, someone, { scope: 'openid profile' })
    expect((await visit(portal, { scope: 'openid profile' })).stop.url.searchParams.has('code')).toBe(true)
    const more = await visit(portal, { scope: 'openid profile vn_identity' })
    expect(asked(more.stop)).toBe(true)
    expect(more.stop.text).toContain('tối đa 12 tháng')
  })

  test('is answered for what it showed: a choice nobody offers is refused', async () => {
    const { stop } = await visit(bank, { scope: 'openid profile' })
    const refused = await fillIn(someone.visitor, stop, '/consent', { choice: 'everything' })
    expect(refused.status).toBe(400)
    expect((await fillIn(someone.visitor, stop, '/consent', { choice: 'allow' })).url.searchParams.has('code')).toBe(true)
  })

  test('W05: is answered for whoever is signed in then, and for nobody who signs in after them in the same browser', async () => {
    const [first, second] = [await enrol(server, portal), await enrol(server, portal)]
    await signIn(bank, second, { scope: 'openid profile' })
    // Their browser stops before it brings the answer, and until it does the first account is locked.
    let held = false
    const visitor = makeVisitor({ leaveAt: (url) => leaveAt(url) || (held && url.pathname.startsWith('/authorize/')) })
    const shared = { citizen: first.citizen, visitor }
    const { stop, checks } = await visit(bank, { scope: 'openid profile' }, shared)
    const question = await tap(visitor, stop, first.citizen.authenticator)
    expect(asked(question)).toBe(true)
    held = true
    const { url: withAnswer } = await fillIn(visitor, question, '/consent', { choice: 'allow' })
    held = false
    await lock(server, first)
    // Seen a moment ago, an account is remembered for two seconds (W12).
    await expect.poll(async () => isSignIn(await first.visitor.open(`${server.issuer}/tai-khoan`)), byItself).toBe(true)

    const page = await visitor.open(withAnswer)
    expect(isSignIn(page)).toBe(true)
    const between = await tap(visitor, page, second.citizen.authenticator)
    const action = /<form[^>]*action="([^"]+)"/.exec(between.text)?.[1] ?? ''
    const theirs = await visitor.submit(new URL(action, between.url), hiddenFields(between.text), between.url)
    expect(asked(theirs)).toBe(true)
    expect(theirs.text).toContain(second.citizen.name)
    const { url } = await agree(visitor, theirs)
    expect(await bank.userinfo(await bank.finish(url, checks))).toHaveProperty('name', second.citizen.name)
  })

  test('in English marks what the registry says in Vietnamese', async () => {
    const { stop } = await visit(bank, { scope: 'openid profile address', ui_locales: 'en' })
    expect(stop.text).toContain('<html lang="en">')
    expect(stop.text).toContain(`<dd><span lang="vi">${someone.citizen.name}</span></dd>`)
    expect(stop.text).toMatch(/Permanent residence<\/dt><dd><span lang="vi">/)
    expect(stop.text).toMatch(/Sex<\/dt><dd>(Fem|M)ale<\/dd>/)
  })

  test('nothing to share is no question', async () => {
    expect((await visit(bank, { scope: 'openid' })).stop.url.searchParams.has('code')).toBe(true)
  })
})

describe('scopes and the claims parameter', () => {
  const scopes: Record<string, string[]> = {
    profile: ['name', 'given_name', 'birthdate', 'gender', 'updated_at'],
    address: ['address'],
    phone: ['phone_number', 'phone_number_verified'],
    email: ['email', 'email_verified'],
    vn_identity: ['vn_personal_id', 'vn_identity_kind', 'nationalities'],
  }

  test.each(Object.entries(scopes))('%s is answered by UserInfo and stays out of the ID token', async (scope, claims) => {
    const signedIn = await signIn(portal, someone, { scope: `openid ${scope}` })
    const about = await portal.userinfo(signedIn)
    for (const claim of claims) {
      expect(about, claim).toHaveProperty(claim)
      expect(signedIn.claims, claim).not.toHaveProperty(claim)
    }
    const other = Object.entries(scopes).filter(([name]) => name !== scope).flatMap(([, names]) => names)
    for (const claim of other) expect(about, claim).not.toHaveProperty(claim)
  })

  const asking = (claims: object) => ({ claims: JSON.stringify(claims) })

  test('claims come where they were asked for', async () => {
    const signedIn = await signIn(portal, someone, asking({ id_token: { name: { essential: true }, email: { essential: true } }, userinfo: { birthdate: { essential: true } } }))
    expect(signedIn.claims).toMatchObject({ name: someone.citizen.name, email: someone.citizen.email })
    expect(signedIn.claims).not.toHaveProperty('birthdate')
    const about = await portal.userinfo(signedIn)
    expect(about).toMatchObject({ birthdate: someone.citizen.birthDate })
    expect(about).not.toHaveProperty('name')
  })

  test('a claim that nobody here knows is passed over, and prototypes are none', async () => {
    const { claims } = await signIn(portal, someone, asking({ id_token: { shoe_size: { essential: true }, constructor: null, toString: null } }))
    for (const claim of ['shoe_size', 'constructor']) expect(Object.keys(claims)).not.toContain(claim)
  })

  test('an ill-formed request for claims is an error at the service', async () => {
    const bad = ['{', '[]', '"x"', 'null', '{"id_token":"x"}', JSON.stringify({ id_token: { verified_claims: {} } }), '{}']
    for (const claims of bad) {
      const answer = await portal.begin({ claims }).then(({ url }) => url.href, (error: unknown) => (error as { error?: string }).error)
      expect([claims, answer]).toEqual([claims, 'invalid_request'])
    }
  })
})

describe('a service in two tabs', () => {
  test('with other scopes, both tabs keep working, each with what it asked for', async () => {
    const first = await signIn(portal, someone, { scope: 'openid profile' })
    const { answer, checks } = await authorize(portal, someone, { scope: 'openid phone' })
    const second = await portal.finish(answer, checks)
    expect(await portal.userinfo(first)).toHaveProperty('name')
    expect(await portal.userinfo(second)).toHaveProperty('phone_number')
    expect(await portal.userinfo(second)).not.toHaveProperty('name')
  })

  test('a code that waits in one tab survives the other', async () => {
    const waiting = await authorize(portal, someone, { scope: 'openid address' })
    await signIn(portal, someone, { scope: 'openid email' })
    expect(await portal.userinfo(await portal.finish(waiting.answer, waiting.checks))).toHaveProperty('address')
  })
})
