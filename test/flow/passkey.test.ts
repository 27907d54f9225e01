import { afterAll, beforeAll, describe, expect, onTestFinished, test, vi } from 'vitest'
import { passkeyId } from '#kernel/id.ts'
import { fillIn, register, requestOptions, tap } from '#test/support/citizen.ts'
import { assertionLies } from '#test/support/authenticator-lies.ts'
import { makeAuthenticator } from '#test/support/authenticator.ts'
import { enrol, get, isSignIn, type Enrolled } from '#test/support/journey.ts'
import { makeRelyingParty, type RelyingParty } from '#test/support/relying-party.ts'
import { engines, startServer, type TestServer } from '#test/support/running.ts'
import { leaveAt, testClient } from '#test/support/test-clients.ts'
import { embeddedJson, formAt, makeVisitor, type Stop, type Visitor } from '#test/support/visitor.ts'

const client = testClient({ name: 'portal' })

describe.each(engines)('a tap, on %s,', (engine) => {
  let server: TestServer
  let portal: RelyingParty
  let someone: Enrolled

  beforeAll(async () => {
    server = await startServer({ engine, clients: () => [client.metadata] })
    portal = await makeRelyingParty(client.party(server.issuer))
    someone = await enrol(server, portal)
  })
  afterAll(() => server.close())

  const page = async (visitor: Visitor = makeVisitor({ leaveAt })) => ({ visitor, stop: await visitor.open((await portal.begin()).url) })
  const isIn = ({ url }: Stop) => url.searchParams.has('code')
  const phone = () => someone.citizen.authenticator
  const noteOf = ({ text }: Stop) => /<p class="note"[^>]*>([^<]*)/.exec(text)?.[1] ?? ''

  test.each(Object.entries(assertionLies))('W01: %s is refused, and the next honest tap on the same page is not', async (_name, lie) => {
    const { visitor, stop } = await page()
    const told = await tap(visitor, stop, phone(), lie())
    expect([told.status, isIn(told), isSignIn(told)]).toEqual([200, false, true])
    expect(isIn(await tap(visitor, told, phone()))).toBe(true)
  })

  test('W01: a counter that does not grow ends the sign-in, and stays so', async () => {
    const citizen = server.citizen(server.nextPerson(), { counts: true })
    const visitor = makeVisitor({ leaveAt })
    const first = await visitor.open((await portal.begin()).url)
    await register(visitor, first, citizen)
    const fresh = await page()
    expect(isIn(await tap(fresh.visitor, fresh.stop, citizen.authenticator, { counter: 40 }))).toBe(true)
    for (const counter of [40, 39, 1, 0]) {
      const at = await page()
      const told = await tap(at.visitor, at.stop, citizen.authenticator, { counter })
      expect([counter, told.status, isIn(told)]).toEqual([counter, 403, false])
    }
  })

  test('W03: an answer counts once, also when it was refused', async () => {
    const { visitor, stop } = await page()
    const options = requestOptions(stop)
    const [honest, lie] = [phone().get(options), phone().get(options, { userVerified: false })]
    const refused = await fillIn(visitor, stop, '/passkey', { assertion: JSON.stringify(lie) })
    expect(isIn(refused)).toBe(false)
    // The page that told of it has made a new challenge; the old one is dead although nobody was let in by it.
    expect(isIn(await fillIn(visitor, stop, '/passkey', { assertion: JSON.stringify(honest) }))).toBe(false)
  })

  test('W03: of fifty at once with one answer one is heard', async () => {
    const { visitor, stop } = await page()
    const assertion = JSON.stringify(phone().get(requestOptions(stop)))
    const told = await Promise.all(Array.from({ length: 50 }, () => fillIn(visitor, stop, '/passkey', { assertion })))
    expect(told.filter(isIn).length).toBeLessThanOrEqual(1)
  })

  test('W03: a challenge is of its page: not of another sign-in, not of a registration', async () => {
    const [one, other] = [await page(), await page()]
    const elsewhere = await fillIn(other.visitor, other.stop, '/passkey', { assertion: JSON.stringify(phone().get(requestOptions(one.stop))) })
    expect(isIn(elsewhere)).toBe(false)
    expect(isIn(await tap(one.visitor, one.stop, phone()))).toBe(true)
  })

  // Redis has a clock of its own.
  test.each(engine === 'embedded' ? [181] : [])('W03: a challenge is dead after %s seconds; the page then offers another', async (seconds) => {
    onTestFinished(() => void vi.useRealTimers())
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() })
    const { visitor, stop } = await page()
    vi.setSystemTime(Date.now() + seconds * 1000)
    const told = await tap(visitor, stop, phone())
    expect([isIn(told), noteOf(told)]).toEqual([false, 'Bạn đã chờ hơi lâu. Bấm lại để tiếp tục.'])
    expect(isIn(await tap(visitor, told, phone()))).toBe(true)
  })

  test('W05: finished in another browser, or at an address that was passed on, it is refused and nobody is in', async () => {
    const { visitor, stop } = await page()
    const assertion = JSON.stringify(phone().get(requestOptions(stop)))
    const thief = makeVisitor({ leaveAt })
    expect((await thief.open(stop.url)).status).toBe(400)
    expect((await fillIn(thief, stop, '/passkey', { assertion })).status).toBe(400)
    const own = await page(thief)
    expect((await fillIn(thief, stop, '/passkey', { assertion })).status).toBe(400)
    // Cookies are bound to the path of their sign-in; whoever sends them elsewhere by hand gains nothing.
    expect((await get(stop.url.href, { cookie: thief.jar.header(own.stop.url) })).status).toBe(400)
    const { action } = formAt(own.stop.text, '/passkey')
    const { fields } = formAt(stop.text, '/passkey')
    for (const more of [{}, { return: stop.url.pathname }]) {
      const crossed = await thief.submit(new URL(action, own.stop.url), { ...fields, assertion, ...more }, own.stop.url)
      expect([crossed.status, isIn(crossed)]).toEqual([403, false])
    }
    expect(isIn(await tap(visitor, stop, phone()))).toBe(true)
  })

  test('a removed passkey is told since when, an unknown one that it is unknown, and the browser hears which', async () => {
    const gone = await enrol(server, portal)
    const [credential] = gone.citizen.authenticator.credentials
    await server.house.passkeys.remove(passkeyId.parse(credential?.id), new Date('2026-11-20T03:00:00Z'))
    const at = await page()
    const told = await tap(at.visitor, at.stop, gone.citizen.authenticator)
    expect(noteOf(told)).toBe('Khóa này đã bị xóa khỏi tài khoản ngày 20/11/2026. Hãy dùng khóa khác.')
    expect(embeddedJson(told.text, 'passkey-unknown')).toEqual({ rpId: 'localhost', credentialId: credential?.id })

    const stranger = makeAuthenticator({ rpId: 'localhost', origin: server.issuer })
    stranger.create({ challenge: 'AAAA', rp: { id: 'localhost', name: 'x' }, user: { id: 'AAAA', name: 'x', displayName: 'x' }, pubKeyCredParams: [{ type: 'public-key', alg: -7 }] })
    const unknown = await tap(at.visitor, told, stranger)
    expect(noteOf(unknown)).toBe('Khóa truy cập này không còn dùng được ở đây. Hãy dùng khóa khác.')
    expect(isIn(await tap(at.visitor, unknown, phone()))).toBe(true)
  })

  test('without a script the form comes empty and says what is missing; what is no answer at all is refused', async () => {
    const { visitor, stop } = await page()
    expect((await fillIn(visitor, stop, '/passkey', { assertion: '' })).text).toContain('Máy này chưa hỗ trợ')
    for (const assertion of ['{', 'null', '[]', '{"id":"x"}', JSON.stringify({ ...phone().get(requestOptions(stop)), id: '../x' }), 'x'.repeat(32_769)]) {
      expect((await fillIn(visitor, stop, '/passkey', { assertion })).status).toBe(400)
    }
    expect(isIn(await tap(visitor, stop, phone()))).toBe(true)
  })

  test('W10: a number that has an account and one that has none are answered alike, and alike each time', async () => {
    const shape = async (number: string) => {
      const { visitor, stop } = await page()
      const told = await fillIn(visitor, stop, '/narrow', { number })
      const { challenge, allowCredentials, ...rest } = requestOptions(told)
      const ids = allowCredentials?.map(({ id }) => id) ?? []
      const text = told.text.replaceAll(stop.url.pathname.split('/').at(-1) ?? '', 'UID').replaceAll(/name="csrf" value="[^"]+"/g, '').replaceAll(challenge, '').replaceAll(number, 'NUMBER')
      return { ids, look: { status: told.status, rest, kinds: allowCredentials?.map(({ type, transports }) => [type, transports]), text: ids.reduce((page, id) => page.replaceAll(id, 'ID'), text) } }
    }
    const known = await shape(someone.citizen.number)
    expect(known.ids).toEqual([phone().credentials[0]?.id])
    const unknown = await Promise.all(['001099999998', '079099999997', '001199999996', '030099999995', '040099999994'].map(async (number) => [await shape(number), await shape(number)] as const))
    for (const [first, second] of unknown) expect(first.ids).toEqual(second.ids)
    // Some have two passkeys and some have one, real or not.
    const single = unknown.map(([first]) => first).find(({ ids }) => ids.length === 1)
    expect(single?.look).toEqual(known.look)
  })
})
