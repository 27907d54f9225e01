import { sql } from 'kysely'
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest'
import { dayInVietnam } from '#kernel/clock.ts'
import type { AccountId } from '#kernel/id.ts'
import { endRepresentations } from '#domain/acting/upkeep.ts'
import { personalNumber, type Person } from '#domain/registry/person.ts'
import { agree, fillIn } from '#test/support/citizen.ts'
import { ask, hear, openRequest, pick, refusal, unlock } from '#test/support/counter.ts'
import { actFor, aFamily, askedForWhom, choiceOf, grownUp, openWards, type Family } from '#test/support/family.ts'
import { byItself, withinFiveSeconds } from '#test/support/five-seconds.ts'
import { accountOf, enrol, get, isSignIn, type Enrolled } from '#test/support/journey.ts'
import { makeRelyingParty, type RelyingParty } from '#test/support/relying-party.ts'
import { engines, startServer, type TestServer } from '#test/support/running.ts'
import { aPassport } from '#test/support/made-up.ts'
import { openServiceSite, type ServiceSite } from '#test/support/service-site.ts'
import { testClient } from '#test/support/test-clients.ts'
import { formAt, titleOf, type Stop } from '#test/support/visitor.ts'

const names = [{ claims: ['name', 'birthdate'], basis: 'consent', purpose: { vi: 'Nhập học', en: 'Enrolment' } }]
const cibaGrants = { grant_types: ['authorization_code', 'refresh_token', 'urn:openid:params:grant-type:ciba'], backchannel_token_delivery_mode: 'poll' }
const plain = {
  office: testClient({ name: 'office', metadata: { in_name_of: ['ward'], purposes: names, relying_party_class: 'A' } }),
  school: testClient({ name: 'school', metadata: { in_name_of: ['ward'], purposes: names, grant_types: ['authorization_code', 'refresh_token'] } }),
  bank: testClient({ name: 'bank' }),
}

/** The next midnight in Viet Nam after which there is a birthday, whatever the year. */
const midnight = (() => {
  const [day, hour] = [86_400_000, 3_600_000]
  const next = Math.ceil((Date.now() + 7 * hour) / day) * day - 7 * hour
  return new Date(dayInVietnam(new Date(next)).endsWith('02-29') ? next + day : next)
})()
const onMidnight = dayInVietnam(midnight)
const turns14 = `${Number(onMidnight.slice(0, 4)) - 14}${onMidnight.slice(4)}`

/** One family a story, so that none disturbs another. */
const families = [...Array.from({ length: 21 }, (_, at) => aFamily(at + 1)), aFamily(22, { child: { birthDate: turns14 } })]

const abroad = (letter: string, passport: string): Partial<Person> => ({ kind: 'foreigner', nationality: ['KOR'], card: { kind: 'residence-card', issuedOn: '2024-08-01', issuedAt: 'Cục Quản lý xuất nhập cảnh', expiresOn: '2034-08-01' }, passport: aPassport({ number: `${letter}${passport}`, expiresOn: '2034-05-06' }) })
/** A mother from Korea and her child, whose father is a citizen. */
const fromAbroad = aFamily(23, { mother: abroad('M', '88230001'), child: abroad('C', '88230002') })

describe.each(engines)('acting for a child or a ward, on %s:', (engine) => {
  let server: TestServer
  let site: ServiceSite
  let school: RelyingParty
  let counter: RelyingParty
  let stranger: RelyingParty
  let bank: RelyingParty
  let office: RelyingParty
  const left = [...families]
  const nextFamily = (): Family => {
    const family = left.shift()
    if (family === undefined) throw new Error('no family is left')
    return family
  }

  beforeAll(async () => {
    site = await openServiceSite()
    const clients = {
      ...plain,
      counter: site.published(testClient({ name: 'counter', profile: 'fapi2', metadata: { ...cibaGrants, in_name_of: ['ward'], purposes: names } })),
      stranger: site.published(testClient({ name: 'stranger', profile: 'fapi2', metadata: cibaGrants })),
    }
    server = await startServer({ engine, env: { OUTBOUND_ALLOW: 'localhost' }, clients: () => Object.values(clients).map(({ metadata }) => metadata), people: [...families, fromAbroad].flatMap((family) => Object.values(family)) })
    school = await makeRelyingParty(clients.school.party(server.issuer))
    counter = await makeRelyingParty(clients.counter.party(server.issuer))
    stranger = await makeRelyingParty(clients.stranger.party(server.issuer))
    bank = await makeRelyingParty(clients.bank.party(server.issuer))
    office = await makeRelyingParty(clients.office.party(server.issuer))
  })
  afterAll(async () => {
    await server.close()
    await site.close()
  })
  afterEach(() => void vi.useRealTimers())

  const accountOfPerson = (citizen: Person) => accountOf(server, { citizen })
  /** The registry says something new about these people. */
  async function told(...people: readonly Person[]) {
    async function* batch() {
      yield people.map((person) => ({ ...person, source: { ...person.source, version: person.source.version + 1 } }))
    }
    await server.house.registry.importAll(batch())
  }
  const lock = (account: AccountId) => server.house.accounts.move(account, { to: 'lock', ground: 'competent-body', by: 'operator' }, new Date())
  const userinfo = async ({ tokens }: { tokens: { access_token: string } }) => (await get(`${server.issuer}/userinfo`, { authorization: `Bearer ${tokens.access_token}` })).status
  const dead = (signedIn: { tokens: { access_token: string } }) => withinFiveSeconds(() => expect.poll(() => userinfo(signedIn), byItself).toBe(401))
  const wards = ({ visitor }: Enrolled) => visitor.open(`${server.issuer}/tai-khoan/nguoi-dai-dien`)
  const events = (type: string, account: AccountId) => server.house.database.rows(sql<{ representative: string; client: string }>`
    select data->>'representative' as representative, data->>'client' as client from audit_event where type = ${type} and account_id = ${account}`)

  /** All the way: a passkey, the name, consent. */
  async function signedInFor(who: Enrolled, name: string, parameters: Record<string, string> = { scope: 'openid profile' }, at = school) {
    const { visitor, page, checks } = await askedForWhom(at, who, parameters)
    const consent = await actFor(visitor, page, name)
    const { url } = await agree(visitor, consent)
    return { ...(await at.finish(url, checks)), visitor, consent }
  }
  async function parentOf(family: Family) {
    const who = await grownUp(server, bank, family.mother)
    await openWards(server, who)
    return who
  }

  test('the ward has an account of its own, and the service hears who acts for whom', async () => {
    const family = nextFamily()
    const { child } = family
    const who = await parentOf(family)
    const list = await wards(who)
    expect(list.text).toContain(child.name)
    expect(list.text).toContain('Đã có, mức 1')

    const own = await signedInFor(who, 'self')
    const { claims, tokens, consent } = await signedInFor(who, child.name)
    expect(consent.text).toContain(`Bạn đang làm thay cho <strong lang="vi">${child.name}</strong>`)
    expect(consent.text).toContain('10/09/2018')
    expect(claims).toMatchObject({ act: { sub: own.claims.sub }, vn_acting_for: { sub: claims.sub, as: 'parent' }, acr: 'urn:vn:eid:loa:2' })
    expect(claims.sub).not.toBe(own.claims.sub)
    expect(own.claims).not.toHaveProperty('act')
    const info = await school.userinfo({ claims, tokens })
    expect(info).toMatchObject({ sub: claims.sub, name: child.name, birthdate: child.birthDate, act: { sub: own.claims.sub } })
    expect(await school.introspect(tokens.access_token)).toMatchObject({ active: true, sub: claims.sub, act: { sub: own.claims.sub } })
    const [childs, mothers] = [await accountOfPerson(child), await accountOf(server, who)]
    for (const type of ['acting.opened', 'acting.begun', 'authorization.granted']) expect((await events(type, childs)).map(({ representative }) => representative)).toEqual([mothers])
    expect((await events('authorization.granted', mothers)).some(({ representative }) => representative !== null)).toBe(false)
  })

  test('either parent acts, and hears the same subject; of fifty who open at once there is one account', async () => {
    const { mother, father, child } = nextFamily()
    const [one, other] = [await grownUp(server, bank, mother), await grownUp(server, bank, father)]
    const page = await wards(one)
    const { fields } = formAt(page.text, '/nguoi-dai-dien')
    await Promise.all(Array.from({ length: 50 }, () => one.visitor.submit(page.url, { ...fields, ward: child.id }, page.url)))
    expect(await events('acting.opened', await accountOfPerson(child))).toHaveLength(1)
    const [first, second] = [await signedInFor(one, child.name), await signedInFor(other, child.name)]
    expect(second.claims.sub).toBe(first.claims.sub)
    expect(second.claims['act']).not.toEqual(first.claims['act'])
  })

  test('a foreign child is represented by a parent who is a foreigner, and by one who is a citizen, until its residence card ends', async () => {
    const { mother, father, child } = fromAbroad
    const [one, other] = [await grownUp(server, bank, mother), await grownUp(server, bank, father)]
    await openWards(server, one)
    expect((await server.house.accounts.find(await accountOfPerson(child)))?.account).toMatchObject({ level: 1, state: 'active', paper: 'passport', expiresOn: '2034-05-06' })
    const [first, second] = [await signedInFor(one, child.name), await signedInFor(other, child.name)]
    expect([first.claims, second.claims]).toMatchObject([{ vn_acting_for: { as: 'parent' } }, { sub: first.claims.sub, vn_acting_for: { as: 'parent' } }])
    const { card } = child
    if (card === undefined) throw new Error('a child with a card')
    await told({ ...child, card: { ...card, expiresOn: '2026-11-01' } })
    await dead(first)
    await dead(second)
    expect((await askedForWhom(school, other)).page.text).not.toContain(child.name)
  })

  test('A04: nobody acts for whom the register does not name them, whatever their own record and their browser say', async () => {
    const family = nextFamily()
    const who = await parentOf(family)
    const next = await grownUp(server, bank, family.neighbour)
    expect((await wards(next)).text).toContain('Bạn chưa đại diện cho ai')
    const own = await wards(who)
    const forged = await next.visitor.submit(own.url, { ...formAt((await next.visitor.open(`${server.issuer}/tai-khoan/dang-xuat-moi-noi`)).text, '/dang-xuat-moi-noi').fields, ward: family.child.id }, own.url)
    expect([forged.status, titleOf(forged.text)]).toEqual([403, expect.stringContaining('không làm thay được')])

    // Without a choice there is no question, and an answer to it is none.
    const asked = await askedForWhom(school, next, { scope: 'openid' })
    expect(asked.page.text).not.toContain('/thay-cho')

    const { visitor, page } = await askedForWhom(school, who, { scope: 'openid' })
    const victim = await accountOf(server, next)
    const refused = await fillIn(visitor, page, '/thay-cho', { choice: victim })
    expect([refused.status, titleOf(refused.text)]).toEqual([403, expect.stringContaining('không làm thay được')])
    expect(await events('acting.refused', victim)).toEqual([{ representative: await accountOf(server, who), client: 'school' }])
    // The proof is spent: there is no second guess.
    expect(isSignIn(await fillIn(visitor, page, '/thay-cho', { choice: choiceOf(page, family.child.name) }))).toBe(true)
  })

  test('what is not level 2, not of age or not registered for it acts for nobody', async () => {
    const family = nextFamily()
    const level1 = await enrol(server, bank, ({ number }) => number === family.father.number)
    expect((await wards(level1)).text).toContain('Bạn chưa đại diện cho ai')
    const who = await parentOf(family)
    const { url, checks } = await bank.begin()
    const end = await who.visitor.open(url)
    expect((await bank.finish(end.url, checks)).claims).not.toHaveProperty('act')
  })

  test('each use is confirmed: the session serves no other request, no other service and none of our own pages', async () => {
    const family = nextFamily()
    const who = await parentOf(family)
    const { visitor, tokens, claims } = await signedInFor(who, family.child.name, { scope: 'openid offline_access', prompt: 'consent' })
    expect(tokens).not.toHaveProperty('refresh_token')
    for (const service of [school, bank]) expect(isSignIn(await visitor.open((await service.begin()).url))).toBe(true)
    expect((await visitor.open((await school.begin({ prompt: 'none' })).url)).url.searchParams.get('error')).toBe('login_required')
    expect(isSignIn(await visitor.open(`${server.issuer}/tai-khoan`))).toBe(true)
    expect(await userinfo({ tokens })).toBe(200)
    expect((await school.userinfo({ claims, tokens }))['act']).toBeDefined()
  })

  test('whoever is signed in already confirms before they choose, and a service that may show nothing hears about them alone', async () => {
    const family = nextFamily()
    const who = await parentOf(family)
    await agree(who.visitor, await who.visitor.open((await bank.begin()).url))
    const page = await who.visitor.open((await school.begin({ scope: 'openid' })).url)
    expect(isSignIn(page)).toBe(true)
    expect((await who.visitor.open((await school.begin({ scope: 'openid', prompt: 'none' })).url)).url.searchParams.get('error')).not.toBe('login_required')
  })

  test('an act that a service makes up is not believed', async () => {
    const family = nextFamily()
    const who = await parentOf(family)
    const made = { act: { sub: 'somebody' } }
    const claims = JSON.stringify({ id_token: { act: { value: made.act, essential: true }, vn_acting_for: { value: 'x' } } })
    expect((await signedInFor(who, 'self', { scope: 'openid', claims, act: 'somebody' })).claims).not.toHaveProperty('act')
    expect((await signedInFor(who, family.child.name, { scope: 'openid', claims })).claims['act']).not.toEqual(made.act)
  })

  test('W12: what a representative opened is dead once they are locked, and their services hear it', async () => {
    const family = nextFamily()
    const who = await parentOf(family)
    const signedIn = await signedInFor(who, family.child.name)
    expect(await userinfo(signedIn)).toBe(200)
    await lock(await accountOf(server, who))
    await dead(signedIn)
    const open = await server.house.database.rows(sql<{ n: number }>`select 1 as n from service_session where account_id = ${await accountOfPerson(family.child)}`)
    expect(open).toEqual([])
    expect((await server.house.accounts.find(await accountOfPerson(family.child)))?.account.locks).toEqual([])
  })

  test('W12: and once they have died, or the ward is locked', async () => {
    const family = nextFamily()
    const [mother, father] = [await parentOf(family), await grownUp(server, bank, family.father)]
    const [hers, his] = [await signedInFor(mother, family.child.name), await signedInFor(father, family.child.name)]
    await told({ ...family.mother, life: { status: 'deceased' } })
    await dead(hers)
    expect(await userinfo(his)).toBe(200)
    await lock(await accountOfPerson(family.child))
    await dead(his)
  })

  test('the register names somebody else: at once nobody acts who was named before', async () => {
    const family = nextFamily()
    const who = await parentOf(family)
    const signedIn = await signedInFor(who, family.child.name)
    const { page, visitor } = await askedForWhom(school, who, { scope: 'openid' })
    await told({ ...family.child, relations: [...family.child.relations, { kind: 'legal-representative', name: family.neighbour.name, number: family.neighbour.number }] })
    expect(await userinfo(signedIn)).toBe(401)
    expect((await fillIn(visitor, page, '/thay-cho', { choice: choiceOf(page, family.child.name) })).status).toBe(403)
    const next = await grownUp(server, bank, family.neighbour)
    expect((await signedInFor(next, family.child.name)).claims['vn_acting_for']).toMatchObject({ as: 'guardian' })
  })

  test('a court ends a guardianship: what was opened is over, and the person is nobody\'s ward', async () => {
    const family = nextFamily()
    const who = await parentOf(family)
    const signedIn = await signedInFor(who, family.grandmother.name)
    expect(signedIn.claims['vn_acting_for']).toMatchObject({ as: 'guardian' })
    await told({ ...family.grandmother, guardianship: null })
    await dead(signedIn)
    expect((await askedForWhom(school, who, { scope: 'openid' })).page.text).not.toContain(family.grandmother.name)
  })

  test('a court puts somebody under guardianship: their session ends, and their own passkey no longer opens their account, which is said', async () => {
    const family = nextFamily()
    const who = await grownUp(server, bank, family.neighbour)
    await told({ ...family.neighbour, guardianship: { ground: 'capacity-limited', since: '2026-01-01' } })
    await expect.poll(async () => isSignIn(await who.visitor.open(`${server.issuer}/tai-khoan`)), byItself).toBe(true)
    const { page } = await askedForWhom(school, who)
    expect([page.status, titleOf(page.text)]).toEqual([403, expect.stringContaining('Tài khoản này cần người đại diện')])
  })

  test('a court has named a day in advance: when it comes, the person’s session is over by itself', async () => {
    const family = nextFamily()
    const tomorrow = dayInVietnam(midnight)
    vi.useFakeTimers({ toFake: ['Date'], now: midnight.getTime() - 120_000 })
    await told({ ...family.neighbour, guardianship: { ground: 'capacity-limited', since: tomorrow } })
    vi.setSystemTime(midnight.getTime() - 60_000)
    const who = await grownUp(server, bank, family.neighbour)
    expect((await who.visitor.open(`${server.issuer}/tai-khoan`)).status).toBe(200)
    expect(isSignIn(await who.visitor.open(`${server.issuer}/tai-khoan`))).toBe(false)
    vi.setSystemTime(midnight.getTime() + 1000)
    expect(isSignIn(await who.visitor.open(`${server.issuer}/tai-khoan`))).toBe(true)
  })

  test('W12: where the store forgets who acts, the token is refused and is not the ward’s own', async () => {
    const family = nextFamily()
    const who = await parentOf(family)
    const signedIn = await signedInFor(who, family.child.name)
    expect(await userinfo(signedIn)).toBe(200)
    const [grant] = await server.house.database.rows(sql<{ grant: string }>`
      select data->>'grant' as grant from audit_event where type = 'authorization.granted' and account_id = ${await accountOfPerson(family.child)}`)
    await server.house.volatile.drop(`acting:${grant?.grant}`)
    expect(await userinfo(signedIn)).toBe(401)
    expect(await school.introspect(signedIn.tokens.access_token)).toEqual({ active: false })
  })

  test('what one parent agreed to is remembered for them, asked of the other, and the ward can see who agreed', async () => {
    const family = nextFamily()
    const [mother, father] = [await parentOf(family), await grownUp(server, bank, family.father)]
    const asks = ({ consent }: { consent: Stop }) => consent.text.includes('Bạn đang làm thay cho')
    const scope = { scope: 'openid profile' }
    expect(asks(await signedInFor(mother, family.child.name, scope, office))).toBe(true)
    expect(asks(await signedInFor(mother, family.child.name, scope, office))).toBe(false)
    expect(asks(await signedInFor(father, family.child.name, scope, office))).toBe(true)
    const child = await accountOfPerson(family.child)
    expect(new Set((await events('consent.given', child)).map(({ representative }) => representative))).toEqual(new Set([await accountOf(server, mother), await accountOf(server, father)]))
    // The child turns fourteen in the register, and looks for themself.
    await told({ ...family.child, birthDate: '2010-01-01' })
    expect(await server.house.consents.byOthers(child, 9)).toHaveLength(2)
  })

  test('whoever is named no more: their sessions in the ward’s name end and the services are told, the other’s go on', async () => {
    const family = nextFamily()
    const [mother, father] = [await parentOf(family), await grownUp(server, bank, family.father)]
    const [hers, his] = [await signedInFor(mother, family.child.name), await signedInFor(father, family.child.name)]
    const child = await accountOfPerson(family.child)
    await told({ ...family.child, relations: family.child.relations.filter(({ kind }) => kind === 'father') })
    const open = await server.house.database.rows(sql<{ by: string }>`select acted_by as by from service_session where account_id = ${child}`)
    expect(open).toEqual([{ by: await accountOf(server, father) }])
    expect([await userinfo(hers), await userinfo(his)]).toEqual([401, 200])
    const ends = await server.house.database.rows(sql<{ reason: string }>`select data->>'reason' as reason from audit_event where type = 'sessions.ended' and account_id = ${child}`)
    expect(ends).toEqual([{ reason: 'representative-replaced' }])
  })

  test('a number that is one parent’s no more and somebody else’s now names neither of them', async () => {
    const family = nextFamily()
    const who = await parentOf(family)
    const { number } = family.mother
    const replaced = personalNumber.parse(number.replace(/^\d{6}/, '079186'))
    await told({ ...family.mother, number: replaced, formerNumbers: [{ number, cancelledOn: '2026-02-01', reason: 'sửa sai' }] })
    const cancelled = await askedForWhom(school, who, { scope: 'openid' })
    expect(cancelled.page.text).toContain(family.child.name)
    const other = await grownUp(server, bank, family.neighbour)
    await told({ ...family.neighbour, number, formerNumbers: [{ number: family.neighbour.number, cancelledOn: '2026-03-01', reason: 'sửa sai' }] })
    for (const one of [who, other]) expect((await askedForWhom(school, one, { scope: 'openid' })).page.text).not.toContain('/thay-cho')
  })

  test('the lock of a representative and their choice come together: the stricter one stands', async () => {
    const family = nextFamily()
    const who = await parentOf(family)
    const { visitor, page, checks } = await askedForWhom(school, who, { scope: 'openid' })
    const [, end] = await Promise.all([lock(await accountOf(server, who)), actFor(visitor, page, family.child.name)])
    const { url } = await agree(visitor, end)
    const signedIn = await school.finish(url, checks).catch(() => undefined)
    if (signedIn) await dead(signedIn)
    expect((await askedForWhom(school, who)).page.status).toBe(403)
  })

  test('at a counter whoever represents the ward answers, either of them, once; a service that is not registered for it hears what it hears of nobody', async () => {
    const family = nextFamily()
    const [mother, father] = [await parentOf(family), await grownUp(server, bank, family.father)]
    const asked = await ask(counter, { login_hint: family.child.number, scope: 'openid profile offline_access' })
    expect((await father.visitor.open(`${server.issuer}/tai-khoan/yeu-cau`)).text).toContain(`Thay cho <bdi lang="vi">${family.child.name}</bdi>`)
    const confirm = await pick(mother, await openRequest(server, mother))
    expect(confirm.text).toContain(`Bạn đang làm thay cho <strong lang="vi">${family.child.name}</strong>`)
    expect(confirm.text).toContain('10/09/2018')
    expect(titleOf((await unlock(mother, confirm)).text)).toContain('Bạn đã xác nhận')
    expect((await father.visitor.open(`${server.issuer}/tai-khoan/yeu-cau`)).text).not.toContain(family.child.name)
    const tokens = await hear(counter, asked)
    const claims = tokens.claims()
    expect(tokens).not.toHaveProperty('refresh_token')
    expect(claims).toMatchObject({ act: { sub: expect.any(String) }, vn_acting_for: { sub: claims?.sub, as: 'parent' } })
    expect((await events('approval.given', await accountOfPerson(family.child))).map(({ representative }) => representative)).toEqual([await accountOf(server, mother)])

    const words = (tried: Promise<unknown>) => tried.then(() => 'asked', (error: unknown) => (error instanceof Error ? `${error.message} ${JSON.stringify(error.cause).replace(/"reference.*/, '')}` : 'failed'))
    const [unregistered, nobody] = [await words(ask(stranger, { login_hint: family.child.number })), await words(ask(stranger, { login_hint: '079218999999' }))]
    expect(unregistered).toBe(nobody)
    expect(await refusal(ask(stranger, { login_hint: family.child.number }))).toBe('unknown_user_id')
  })

  test('the register names somebody else while a counter waits: the answer of who was named before counts no more', async () => {
    const family = nextFamily()
    const who = await parentOf(family)
    const asked = await ask(counter, { login_hint: family.child.number })
    const confirm = await pick(who, await openRequest(server, who))
    await told({ ...family.child, relations: [{ kind: 'legal-representative', name: family.neighbour.name, number: family.neighbour.number }] })
    expect((await unlock(who, confirm)).status).toBe(403)
    expect(await refusal(hear(counter, asked))).toBe('authorization_pending')
  })

  test('on the fourteenth birthday it ends by itself, at midnight in Viet Nam', async () => {
    const family = families.at(-1)
    if (family === undefined) throw new Error('no family is left')
    vi.useFakeTimers({ toFake: ['Date'], now: midnight.getTime() - 120_000 })
    const who = await parentOf(family)
    const signedIn = await signedInFor(who, family.child.name)
    expect(await userinfo(signedIn)).toBe(200)
    vi.setSystemTime(midnight.getTime() + 1000)
    expect(await userinfo(signedIn)).toBe(401)
    expect((await askedForWhom(school, who, { scope: 'openid' })).page.text).not.toContain(family.child.name)
    expect((await wards(who)).text).not.toContain(family.child.name)
    // And in that night whoever was signed in for them is signed out, and the services hear of it.
    const whose = await accountOfPerson(family.child)
    const reasons = async () => (await server.house.database.rows(sql<{ reason: string }>`select data->>'reason' as reason from audit_event where type = 'sessions.ended' and account_id = ${whose}`)).map(({ reason }) => reason)
    expect([await endRepresentations(server.house), await endRepresentations(server.house), await reasons()]).toEqual([1, 0, ['acts-alone']])
  })
})
