import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { sql } from 'kysely'
import { dayInVietnam } from '#kernel/clock.ts'
import { applicationId } from '#kernel/id.ts'
import { dueOn } from '#domain/desk/clock.ts'
import { personalNumber, type Person } from '#domain/registry/person.ts'
import { makeDeskCode } from '#domain/desk/code.ts'
import { creationOptions, fillIn, requestOptions, tap, type Citizen } from '#test/support/citizen.ts'
import { byItself } from '#test/support/five-seconds.ts'
import { accountOf, enrol, isSignIn, signIn, type Enrolled } from '#test/support/journey.ts'
import { aForeigner, aPassport } from '#test/support/made-up.ts'
import { mailsIn } from '#test/support/mailbox.ts'
import { allDay, seat } from '#test/support/officers.ts'
import { makeRelyingParty, type RelyingParty } from '#test/support/relying-party.ts'
import { engines, startServer, type TestServer } from '#test/support/running.ts'
import { leaveAt, testClient } from '#test/support/test-clients.ts'
import { makeVisitor, titleOf, type Stop, type Visitor } from '#test/support/visitor.ts'

const client = testClient({ name: 'portal' })
const dossier = '000.00.19.H29-261104-0001'

/** Of whom the immigration authority knows no more than the passport. */
const newcomer = aForeigner({ passport: aPassport({ number: 'M88000001', expiresOn: '2035-01-01' }) })

describe.each(engines)('level 2 at the desk, on %s:', (engine) => {
  let server: TestServer
  let portal: RelyingParty
  let officer: Enrolled
  beforeAll(async () => {
    server = await startServer({ engine, clients: () => [client.metadata], env: { OFFICER_KEYS: 'any' }, people: [newcomer] })
    portal = await makeRelyingParty(client.party(server.issuer))
    officer = await enrol(server, portal)
    await seat(server, officer)
  }, 180_000)
  afterAll(() => server.close())

  const desk = () => `${server.issuer}/quan-tri/quay`
  const phone = () => makeVisitor({ leaveAt })
  const find = async (number: string, { purpose = 'level-2', by = officer }: { purpose?: string; by?: Enrolled } = {}) =>
    fillIn(by.visitor, await by.visitor.open(desk()), '/quay', { number, case: dossier, purpose })
  /** Ticks both, as a browser sends it. */
  async function makeCode(page: Stop, by = officer, ...more: readonly string[]): Promise<{ page: Stop; code: string }> {
    const { action, fields } = formOf(page, '/ma')
    const body = new URLSearchParams([...Object.entries(fields), ...['face-compared', ...(more.length > 0 ? more : ['card-seen'])].map((kind) => ['seen', kind])])
    const made = await by.visitor.submit(new URL(action, page.url), body, page.url)
    return { page: made, code: /class="match"[^>]*>(\d{4} \d{4})</.exec(made.text)?.[1] ?? `no code: ${titleOf(made.text)}` }
  }
  const typeCode = async (visitor: Visitor, code: string) => fillIn(visitor, await visitor.open(`${server.issuer}/m2`), '/m2', { code })
  const numberOn = (page: Stop) => /class="match"[^>]*>(\d\d)</.exec(page.text)?.[1]
  const compare = async (page: Stop, same: 'yes' | 'no', by = officer) => {
    const now = await by.visitor.open(page.url)
    return fillIn(by.visitor, now, '/so', { same })
  }
  const answer = async (visitor: Visitor, { authenticator }: Pick<Citizen, 'authenticator'>, make: boolean) => {
    const page = await visitor.open(`${server.issuer}/m2/xac-nhan`)
    const typed: Record<string, string> = make ? { attestation: JSON.stringify(authenticator.create(creationOptions(page))) } : { assertion: JSON.stringify(authenticator.get(requestOptions(page))) }
    return fillIn(visitor, page, '/m2/xac-nhan', typed)
  }
  /** From the number to the end, as both do it. */
  async function served(citizen: Citizen, { purpose = 'level-2', make, visitor = phone() }: { purpose?: string; make: boolean; visitor?: Visitor }) {
    const { page, code } = await makeCode(await find(citizen.number, { purpose }))
    await typeCode(visitor, code)
    await compare(page, 'yes')
    return { end: await answer(visitor, citizen, make), page, visitor, code }
  }
  const accountFor = async ({ number }: Pick<Person, 'number'>) => {
    const person = await server.house.registry.findByNumber(number)
    return person && server.house.accounts.findByPerson(person.id)
  }
  const eventsOf = async (type: string) => (await server.house.database.rows(sql<{ data: Record<string, unknown> }>`select data from audit_event where type = ${type} order by id desc`)).map(({ data }) => data)

  test('somebody without an account has one at level 2, effective at once, with what was seen on record', async () => {
    const person = server.nextPerson()
    const citizen = server.citizen(person)
    const { page, code } = await makeCode(await find(person.number))
    expect(code).toMatch(/^\d{4} \d{4}$/)
    const visitor = phone()
    const waiting = await typeCode(visitor, code)
    expect(waiting.text).toContain('Cán bộ Nguyễn Văn An')
    expect(waiting.text).toContain('Công an phường Bến Thành')
    const officers = await officer.visitor.open(page.url)
    expect([numberOn(waiting), numberOn(officers)]).toEqual([expect.stringMatching(/^\d\d$/), numberOn(waiting)])
    await compare(page, 'yes')
    const end = await answer(visitor, citizen, true)
    expect(titleOf(end.text)).toContain('Hoàn tất. Bạn đã ở mức 2')
    expect(titleOf((await officer.visitor.open(page.url)).text)).toContain('Hoàn tất. Bạn đã ở mức 2')
    const account = await accountFor(person)
    expect([account?.level, account?.state]).toEqual([2, 'active'])
    const kinds = await server.house.database.rows(sql<{ kind: string }>`select kind from account_evidence where account_id = ${account?.id} order by kind`)
    expect(kinds.map(({ kind }) => kind)).toEqual(['card-seen', 'face-compared', 'passkey'])
    expect((await eventsOf('desk.finished'))[0]).toMatchObject({ account: account?.id, by: await accountOf(server, officer), purpose: 'level-2' })
    const { claims } = await signIn(portal, { citizen, visitor: phone() })
    expect(claims['sub']).toEqual(expect.any(String))
  })

  test('a foreigner is served at the immigration authority, found by passport and raised with it; a commune sends them there, and it sends citizens away', async () => {
    const clerk = await enrol(server, portal)
    await seat(server, clerk, { ...allDay, commune: 'Phòng Quản lý xuất nhập cảnh' })
    const opening = async (typed: Record<string, string>) => fillIn(clerk.visitor, await clerk.visitor.open(desk()), '/quay', { case: dossier, purpose: 'level-2', biometrics: 'on-record', ...typed })
    const person = server.nextPerson(({ kind, passport }) => kind === 'foreigner' && passport?.country !== undefined && passport.country !== 'XXX')
    const passport = person.passport ?? fail()
    expect((await find(person.number)).text).toContain('Người nước ngoài nâng mức 2 tại cơ quan quản lý xuất nhập cảnh')
    for (const wrong of [{ passport: 'M1', country: passport.country }, { passport: passport.number, country: '' }, { number: person.number }, { passport: passport.number, country: passport.country, biometrics: '' }]) expect([wrong, (await opening(wrong)).status]).toEqual([wrong, 422])
    const found = await opening({ passport: passport.number.toLowerCase(), country: passport.country })
    expect([found.text.includes(person.name), found.text.includes(passport.number), found.text.includes('value="card-seen"')]).toEqual([true, true, false])
    expect([found.text.includes('khớp với ảnh trên hộ chiếu'), found.text.includes('ảnh trên thẻ')]).toEqual([true, false])
    expect((await makeCode(found, clerk)).page.status).toBe(422)
    const { page, code } = await makeCode(found, clerk, 'passport-seen')
    const [visitor, citizen] = [phone(), server.citizen(person)]
    await typeCode(visitor, code)
    await compare(page, 'yes', clerk)
    expect(titleOf((await answer(visitor, citizen, true)).text)).toContain('Hoàn tất. Bạn đã ở mức 2')
    const account = await accountFor(person)
    const kinds = await server.house.database.rows(sql<{ kind: string }>`select kind from account_evidence where account_id = ${account?.id} order by kind`)
    expect([account?.level, account?.paper !== 'card', kinds.map(({ kind }) => kind)]).toEqual([2, true, ['face-compared', 'passkey', 'passport-seen']])
  })

  test('of a foreigner of whom the immigration authority has no face and fingerprints they are taken first, and the clock of seven days runs', async () => {
    const clerk = await enrol(server, portal)
    await seat(server, clerk, { ...allDay, commune: 'Cục Quản lý xuất nhập cảnh' })
    const person = server.nextPerson(({ number }) => number === newcomer.number)
    const passport = person.passport ?? fail()
    const opening = await clerk.visitor.open(desk())
    expect(opening.text).toContain('Hạn nâng mức 2: 7 ngày làm việc.')
    const found = await fillIn(clerk.visitor, opening, '/quay', { case: dossier, purpose: 'level-2', passport: passport.number, country: passport.country, biometrics: 'missing' })
    expect(found.text).toContain('Thu nhận khuôn mặt và vân tay vào cơ sở dữ liệu xuất nhập cảnh trước khi tạo mã.')
    expect((await server.house.desk.find(applicationId.parse(found.url.pathname.split('/').at(-1))))?.dueOn).toBe(dueOn(dayInVietnam(new Date()), 7))
    expect((await eventsOf('desk.opened'))[0]).toMatchObject({ biometrics: 'missing' })
    expect((await makeCode(found, clerk, 'passport-seen')).page.status).toBe(422)
    const { page, code } = await makeCode(found, clerk, 'passport-seen', 'biometrics-taken')
    const [visitor, citizen] = [phone(), server.citizen(person)]
    const waiting = await typeCode(visitor, code)
    expect(waiting.text).toContain('Cục Quản lý xuất nhập cảnh')
    expect(waiting.text).not.toContain('Công an')
    await compare(page, 'yes', clerk)
    expect(titleOf((await answer(visitor, citizen, true)).text)).toContain('Hoàn tất. Bạn đã ở mức 2')
    expect((await eventsOf('desk.finished'))[0]).toMatchObject({ kinds: ['passport-seen', 'biometrics-taken', 'face-compared', 'passkey'] })
    const receipt = await clerk.visitor.open(`${page.url.href}/bien-nhan`)
    expect(receipt.text).toContain('Hãy đến cơ quan quản lý xuất nhập cảnh và đọc mã tham chiếu')
  })

  test('the holder of a level 1 account signs with the passkey they have, hears of it, and sees who looked', async () => {
    const who = await enrol(server, portal)
    const { end } = await served(who.citizen, { make: false })
    expect(titleOf(end.text)).toContain('Hoàn tất. Bạn đã ở mức 2')
    expect((await server.house.accounts.findNow(await accountOf(server, who)))?.account.level).toBe(2)
    expect(await server.house.passkeys.ofAccount(await accountOf(server, who))).toHaveLength(1)
    await expect.poll(() => mailsIn(server.mailDir).some(({ to, subject }) => to === who.citizen.email && subject.includes('mức 2')), byItself).toBe(true)
    const history = await who.visitor.open(`${server.issuer}/tai-khoan/lich-su`)
    expect(history.text).toContain('Nâng mức 2 tại quầy')
    expect(history.text).toContain(dossier)
  })

  test('W09: a lost phone opens nothing any more, in whatever session it was, and the new one does', async () => {
    const who = await enrol(server, portal)
    const [lost] = await server.house.passkeys.ofAccount(await accountOf(server, who))
    const fresh = server.citizen({ ...server.nextPerson(), number: personalNumber.parse(who.citizen.number) })
    const { end } = await served(fresh, { purpose: 'recovery', make: true })
    expect(titleOf(end.text)).toContain('Hoàn tất. Bạn đã ở mức 2')
    expect((await server.house.passkeys.find(lost?.id ?? fail()))?.removedAt).toBeInstanceOf(Date)
    // A session that began in the very second is ended by the queue (W12 allows five).
    await vi.waitFor(async () => expect(isSignIn(await who.visitor.open(`${server.issuer}/tai-khoan`))).toBe(true), byItself)
    const { url } = await portal.begin()
    const old = phone()
    expect((await tap(old, await old.open(url), who.citizen.authenticator)).text).not.toContain('code=')
    expect((await signIn(portal, { citizen: fresh, visitor: phone() })).claims['sub']).toEqual(expect.any(String))
  })

  test('at the desk the person says which addresses are theirs; the others are removed and hear it', async () => {
    const who = await enrol(server, portal)
    const account = await accountOf(server, who)
    const fresh = server.citizen({ ...server.nextPerson(), number: personalNumber.parse(who.citizen.number) })
    const page = await find(who.citizen.number, { purpose: 'recovery' })
    expect(page.text).toContain(`${who.citizen.email.slice(0, 1)}•••@`)
    expect(page.text).not.toContain(who.citizen.email)
    expect(titleOf((await served(fresh, { purpose: 'recovery', make: true })).end.text)).toContain('Hoàn tất')
    expect(await server.house.contactStore.ofAccount(account)).toEqual([])
    const mails = () => mailsIn(server.mailDir).filter(({ to }) => to === who.citizen.email).map(({ subject }) => subject)
    await expect.poll(() => mails().some((subject) => subject.includes('bị gỡ')), byItself).toBe(true)
    expect(mails().some((subject) => subject.includes('Một khóa mới'))).toBe(false)
  })

  test('what is open in another commune goes on here, for a reason', async () => {
    const person = server.nextPerson()
    await find(person.number)
    const colleague = await enrol(server, portal)
    await seat(server, colleague, { ...allDay, commune: 'phường Sài Gòn' })
    const refused = await find(person.number, { by: colleague })
    expect([refused.status, refused.text.includes('hồ sơ mở ở xã, phường khác'), refused.text.includes('name="takeOver"')]).toEqual([422, true, true])
    const taken = await fillIn(colleague.visitor, refused, '/quay', { number: person.number, case: dossier, purpose: 'level-2', takeOver: 'came-here' })
    expect(taken.text).toContain('Bạn đã thấy gì?')
    expect((await eventsOf('desk.taken-over'))[0]).toMatchObject({ reason: 'came-here', commune: 'phường Sài Gòn', by: await accountOf(server, colleague) })
  })

  test('whose death was reported in error is served, and told which way to go', async () => {
    const who = await enrol(server, portal)
    const number = personalNumber.parse(who.citizen.number)
    const dead = await server.house.registry.findByNumber(number)
    const told = (life: Person['life'], version: number) => server.house.registry.importAll((async function* one() {
      if (dead) yield [{ ...dead, life, source: { ...dead.source, version } }]
    })())
    await told({ status: 'deceased', on: '2026-11-01' }, 1000)
    expect((await find(number)).text).toContain('không còn sống')
    await told({ status: 'alive' }, 1001)
    expect((await find(number, { purpose: 'recovery' })).text).toContain('Hãy chọn “Nâng lên mức 2”')
    const fresh = server.citizen({ ...server.nextPerson(), number })
    expect(titleOf((await served(fresh, { make: true })).end.text)).toContain('Hoàn tất. Bạn đã ở mức 2')
    expect((await accountFor({ number }))?.state).toBe('active')
  })

  test('who has locked their account because the phone is gone comes back with it; any other ground stays', async () => {
    const [own, other] = [await enrol(server, portal), await enrol(server, portal)]
    const now = new Date()
    await server.house.accounts.move(await accountOf(server, own), { to: 'lock', ground: 'holder-request', by: 'holder' }, now)
    await server.house.accounts.move(await accountOf(server, other), { to: 'lock', ground: 'competent-body', by: 'operator' }, now)
    const fresh = server.citizen({ ...server.nextPerson(), number: personalNumber.parse(own.citizen.number) })
    expect(titleOf((await served(fresh, { purpose: 'recovery', make: true })).end.text)).toContain('Hoàn tất')
    expect((await server.house.accounts.findNow(await accountOf(server, own)))?.account.locks).toEqual([])
    const refused = await find(other.citizen.number, { purpose: 'recovery' })
    expect([refused.status, refused.text.includes('Tài khoản đang khóa')]).toEqual([422, true])
  })

  test('W09: a number that differs ends the code, says so on both screens, and is on record', async () => {
    const person = server.nextPerson()
    const { page, code } = await makeCode(await find(person.number))
    const visitor = phone()
    await typeCode(visitor, code)
    const denied = await fillIn(visitor, await visitor.open(`${server.issuer}/m2/xac-nhan`), '/m2/khong-dung')
    expect(titleOf(denied.text)).toContain('Mã đã bị hủy')
    expect((await officer.visitor.open(page.url)).text).toContain('Mã đã bị hủy')
    expect((await eventsOf('desk.denied'))[0]).toMatchObject({ reason: 'by-citizen' })
    expect(await accountFor(person)).toBeUndefined()
  })

  test('W09: nobody goes on in another browser, nor before the officer has compared, nor may another session of the officer say yes', async () => {
    const { page, code } = await makeCode(await find(server.nextPerson().number))
    const [visitor, stranger] = [phone(), phone()]
    const comparing = await typeCode(visitor, code)
    expect(comparing.text).not.toContain('passkey-options')
    expect((await stranger.open(`${server.issuer}/m2/xac-nhan`)).url.pathname).toBe('/m2')
    const elsewhere = { ...officer, visitor: phone() }
    await signIn(portal, elsewhere)
    const theirs = await elsewhere.visitor.open(page.url)
    expect(theirs.text).toContain('trình duyệt khác')
    const own = await officer.visitor.open(page.url)
    const { action, fields } = formOf(own, '/so')
    const shown = formOf(theirs, '/ma').fields
    await elsewhere.visitor.submit(new URL(action, page.url), { ...fields, ...shown, same: 'yes' }, page.url)
    expect((await visitor.open(`${server.issuer}/m2/xac-nhan`)).text).not.toContain('passkey-options')
    await compare(page, 'yes')
    expect((await visitor.open(`${server.issuer}/m2/xac-nhan`)).text).toContain('passkey-options')
  })

  test('A04: outside of the shift the desk refuses in words, and whoever tried is on record; without the role it is not there', async () => {
    const late = await enrol(server, portal)
    const page = await officer.visitor.open(desk())
    await seat(server, late, { ...allDay, from: '00:00', until: '00:01' })
    const met = await late.visitor.open(desk())
    expect([met.status, titleOf(met.text), met.text.includes('00:00–00:01')]).toEqual([403, expect.stringContaining('Ngoài ca làm việc'), true])
    expect(page.status).toBe(200)
    expect((await (await enrol(server, portal)).visitor.open(desk())).status).toBe(403)
  })

  test('both ticks are needed, and a refusal with a reason is told to the holder and printed', async () => {
    const who = await enrol(server, portal)
    const page = await find(who.citizen.number)
    expect((await fillIn(officer.visitor, page, '/ma')).status).toBe(422)
    expect((await fillIn(officer.visitor, page, '/tu-choi')).status).toBe(422)
    const refused = await fillIn(officer.visitor, page, '/tu-choi', { refusal: 'card-doubtful' })
    expect(refused.text).toContain('Giấy tờ hư hỏng')
    const receipt = await officer.visitor.open(`${page.url.href}/bien-nhan`)
    expect(titleOf(receipt.text)).toMatch(/Biên nhận \w{4}-\w{4}/)
    expect(receipt.text).toContain(who.citizen.name)
    await expect.poll(() => mailsIn(server.mailDir).some(({ to, subject }) => to === who.citizen.email && subject.includes('bị từ chối')), byItself).toBe(true)
    expect((await accountFor({ number: personalNumber.parse(who.citizen.number) }))?.level).toBe(1)
  })

  test('every application has its day, and the overdue stand on top', async () => {
    const page = await find(server.nextPerson().number)
    const [reference = ''] = /\w{4}-\w{4}(?=[^-])/.exec(titleOf(page.text)) ?? []
    await server.house.database.change(sql`alter table desk_application disable trigger desk_application_is_kept`)
    await server.house.database.change(sql`update desk_application set due_on = '2020-01-02' where reference = ${reference}`)
    await server.house.database.change(sql`alter table desk_application enable trigger desk_application_is_kept`)
    const home = await officer.visitor.open(desk())
    expect(home.text).toContain('đã quá hạn')
    expect(home.text.slice(home.text.indexOf('<tbody>'))).toContain(reference)
  })

  test('A04: an officer finds nobody in another commune’s list, nor reads on in a colleague’s application, and not themself', async () => {
    const page = await find(server.nextPerson().number)
    const colleague = await enrol(server, portal)
    await seat(server, colleague, { ...allDay, commune: 'phường Sài Gòn' })
    expect((await colleague.visitor.open(page.url)).status).toBe(404)
    expect((await colleague.visitor.open(desk())).text).not.toContain(page.url.pathname)
    expect((await find(officer.citizen.number)).status).toBe(403)
  })

  test('W10: wrong, used and expired codes are one sentence', async () => {
    const { code } = await makeCode(await find(server.nextPerson().number))
    await typeCode(phone(), code)
    const expired = (await makeCode(await find(server.nextPerson().number))).code
    await server.house.database.change(sql`update desk_code set expires_at = now() - interval '1 second' where browser is null`)
    const main = ({ text }: Stop) => text.slice(text.indexOf('<main'), text.indexOf('</main>'))
    const told: (readonly [number, string])[] = []
    for (const typed of [code, expired, makeDeskCode(), '1234']) {
      const end = await typeCode(phone(), typed)
      told.push([end.status, main(end)])
    }
    expect([told.map(([status]) => status), new Set(told.map(([, text]) => text)).size]).toEqual([[422, 422, 422, 422], 1])
  })

  test('W11: strangers who use up what a network has keep no office from working: whoever says whose application it is goes on, with few tries of their own', async () => {
    const tries = await Promise.all(Array.from({ length: 120 }, () => typeCode(phone(), makeDeskCode())))
    const asksWhose = (page: Stop) => page.text.includes('name="number"')
    expect(tries.filter((page) => !asksWhose(page)).length).toBeLessThanOrEqual(100)
    expect(tries.every(({ status }) => status === 422)).toBe(true)
    const [person, other] = [server.nextPerson(), server.nextPerson()]
    const { code } = await makeCode(await find(person.number))
    const visitor = phone()
    const asked = await typeCode(visitor, code)
    expect(asksWhose(asked)).toBe(true)
    expect((await fillIn(visitor, asked, '/m2', { code, number: '12' })).text).toContain('Hãy nhập đủ 12 chữ số')
    expect((await fillIn(visitor, asked, '/m2', { code, number: other.number })).text).toContain('Mã này không dùng được')
    const guesses = await Promise.all(Array.from({ length: 20 }, () => fillIn(phone(), asked, '/m2', { code: makeDeskCode(), number: other.number })))
    expect([guesses.filter(({ status }) => status === 422).length <= 10, guesses.some(({ status }) => status === 429)]).toEqual([true, true])
    expect(numberOn(await fillIn(visitor, asked, '/m2', { code, number: person.number }))).toMatch(/^\d\d$/)
  })
})

function formOf(page: Stop, ending: string) {
  const form = [...page.text.matchAll(/<form\b[^>]*action="([^"]*)"[^>]*>([^]*?)<\/form>/g)].find(([, action = '']) => action.endsWith(ending))
  if (form === undefined) throw new Error(`no form for ${ending} on: ${titleOf(page.text)}`)
  const fields = Object.fromEntries([...(form[2] ?? '').matchAll(/<input type="hidden" name="([^"]*)" value="([^"]*)"/g)].map(([, name = '', value = '']) => [name, value]))
  return { action: form[1] ?? '', fields }
}

function fail(): never {
  throw new Error('there is one')
}
