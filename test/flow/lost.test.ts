import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { networkOf } from '#domain/abuse/network.ts'
import { printedReference } from '#domain/notice/reference.ts'
import { makeAuthenticator } from '#test/support/authenticator.ts'
import { creationOptions, fillIn, tap } from '#test/support/citizen.ts'
import { accountOf, enrol, get, isSignIn, signIn, type Enrolled } from '#test/support/journey.ts'
import { makeRelyingParty, type RelyingParty } from '#test/support/relying-party.ts'
import { engines, startServer, type TestServer } from '#test/support/running.ts'
import { leaveAt, testClient } from '#test/support/test-clients.ts'
import { formAt, makeVisitor, titleOf } from '#test/support/visitor.ts'

const client = testClient({ name: 'portal' })
const soon = { timeout: 20_000 }

describe.each(engines)('somebody who has lost their device, on %s,', (engine) => {
  let server: TestServer
  let portal: RelyingParty
  let networks = 0
  beforeAll(async () => {
    server = await startServer({ engine, env: { TRUSTED_PROXIES: '127.0.0.1,::1' }, clients: () => [client.metadata] })
    portal = await makeRelyingParty(client.party(server.issuer))
  })
  afterAll(() => server.close())

  const home = () => `${server.issuer}/tai-khoan`
  const lockedOn = async (who: Enrolled) => (await server.house.accounts.findNow(await accountOf(server, who)))?.account.locks.map(({ ground }) => ground)
  const referenceOf = async (who: Enrolled) => {
    const [told] = await server.house.holderNotices.ofAccount(await accountOf(server, who))
    if (told === undefined) throw new Error('everybody was told of their account')
    return printedReference(told.reference)
  }
  const told = async (who: Enrolled) => (await server.house.holderNotices.ofAccount(await accountOf(server, who))).map(({ occasion }) => occasion.of)
  const eventsOf = async (who: Enrolled) => {
    const rows = await server.house.database.rows(sql<{ type: string }>`select type from audit_event where account_id = ${await accountOf(server, who)} and (type like 'lost.%' or type = 'account.locked') order by id`)
    return rows.map(({ type }) => type)
  }

  type Typed = { number: string; birthDate: string; shown: string }
  /** Every try from a network of its own, unless one is named. */
  async function report({ number, birthDate, shown }: Typed, network = (networks += 1)) {
    const from = { 'x-forwarded-for': `198.51.${network}.7` }
    const page = await get(`${server.issuer}/mat-thiet-bi`, from)
    const [year = '', month = '', day = ''] = birthDate.split('-')
    const fields = { ...formAt(page.text, '/mat-thiet-bi').fields, number, birthDay: day, birthMonth: month, birthYear: year, shown }
    const response = await fetch(`${server.issuer}/mat-thiet-bi`, {
      method: 'POST', redirect: 'manual', body: new URLSearchParams(fields), headers: { ...from, 'sec-fetch-site': 'same-origin', origin: server.issuer },
    })
    const varying = new Set(['date', 'x-request-id', 'server-timing'])
    return { status: response.status, text: await response.text(), headers: [...response.headers].filter(([name]) => !varying.has(name)) }
  }
  /** Locked with the report, and what follows from it carried out. */
  const closed = async (who: Enrolled) => [await lockedOn(who), (await eventsOf(who)).includes('account.locked')] as const
  const whole = [['holder-request'], true] as const
  const typedBy = (who: Enrolled, shown: string): Typed => ({ number: who.citizen.number, birthDate: who.citizen.birthDate, shown })

  test('W12: locks the account with number, birth date and the reference of any notice: everything ends, and it is told', async () => {
    const who = await enrol(server, portal)
    const before = await signIn(portal, who)
    const answer = await report(typedBy(who, ` ${(await referenceOf(who)).toLowerCase().replaceAll('-', ' ')}`))
    expect([answer.status, answer.headers.find(([name]) => name === 'location')?.[1]]).toEqual([303, '/mat-thiet-bi/da-nhan'])
    await expect.poll(() => closed(who), soon).toEqual(whole)
    await expect.poll(async () => (await get(`${server.issuer}/userinfo`, { authorization: `Bearer ${before.tokens.access_token}` })).status, soon).toBe(401)
    await expect.poll(async () => isSignIn(await who.visitor.open(home())), soon).toBe(true)
    // The lock is there with the report; what follows from it is told by whoever carries it out.
    await expect.poll(async () => [(await told(who)).includes('account-locked'), await eventsOf(who)], soon).toEqual([true, ['lost.reported', 'account.locked']])
    expect(titleOf((await get(`${server.issuer}/mat-thiet-bi/da-nhan`)).text)).toContain('Chúng tôi đã nhận yêu cầu')
  })

  test('W09: a passkey, which may be on the lost device, opens it only after a wait that is told everywhere; a report once more is "not me"', async () => {
    const who = await enrol(server, portal)
    const [reference, account] = [await referenceOf(who), await accountOf(server, who)]
    await report(typedBy(who, reference))
    await expect.poll(() => closed(who), soon).toEqual(whole)
    const unlock = async () => {
      const visitor = makeVisitor({ leaveAt })
      const { url, checks } = await portal.begin()
      const asked = await tap(visitor, await visitor.open(url), who.citizen.authenticator)
      return { asked, end: await fillIn(visitor, asked, '/mo-khoa'), checks }
    }
    const opensAt = async () => (await server.house.accounts.findNow(account))?.account.locks[0]?.openings?.[0]?.at
    const { asked, end } = await unlock()
    expect([asked.text.includes('phải chờ 24 giờ'), titleOf(end.text), await lockedOn(who)]).toEqual([true, expect.stringContaining('Tài khoản chưa mở được ngay'), ['holder-request']])
    const first = await opensAt()
    expect((await told(who)).filter((of) => of === 'opening-asked')).toHaveLength(1)
    // Asking again neither shortens the wait nor makes it longer, and is told once.
    await unlock()
    expect([await opensAt(), (await told(who)).filter((of) => of === 'opening-asked').length]).toEqual([first, 1])

    await report(typedBy(who, reference))
    await expect.poll(opensAt, soon).toBeUndefined()
    await unlock()
    await server.house.database.change(sql`update account_lock set openings = (select jsonb_object_agg(key, now() - interval '1 second') from jsonb_each(openings)) where account_id = ${account}`)
    const opened = await unlock()
    expect((await portal.finish(opened.end.url, opened.checks)).claims['sub']).toEqual(expect.any(String))
    expect(await told(who)).toContain('account-unlocked')
    await report(typedBy(who, reference))
    await expect.poll(() => closed(who), soon).toEqual(whole)
  })

  test('W11: a stranger who knows the number keeps its holder from nothing', async () => {
    const who = await enrol(server, portal)
    for (let at = 0; at < 210; at += 1) await report(typedBy(who, '000-000-000'), 200 + (at % 20))
    await report(typedBy(who, await referenceOf(who)))
    await expect.poll(() => closed(who), soon).toEqual(whole)
  })

  test('W10: a printed code locks it too and is used up by it: of ten reports by one code at once one counts, a used one is answered like a wrong one, and the holder’s wait begins no more', async () => {
    const who = await enrol(server, portal)
    const [code = '', next = ''] = await printedBy(who)
    const left = async () => (await server.house.recoveryCodes.left(await accountOf(server, who))).left
    // With another's birth date it is not theirs to use, and is good afterwards.
    await report({ ...typedBy(who, code), birthDate: '1901-02-03' })
    expect(await left()).toBe(10)
    const answers = await Promise.all(Array.from({ length: 10 }, () => report(typedBy(who, code))))
    await expect.poll(() => closed(who), soon).toEqual(whole)
    expect([await left(), (await eventsOf(who)).filter((type) => type === 'lost.reported').length]).toEqual([9, 1])

    await (await atTheDoor(who.citizen.authenticator)).press('/mo-khoa')
    const opens = await waitsUntil(who)
    expect(opens).toEqual(expect.any(Number))
    answers.push(await report(typedBy(who, code)), await report(typedBy(who, '7F3K-29QD-X0WA')))
    expect(new Set(answers.map((answer) => JSON.stringify(answer))).size).toBe(1)
    expect([await waitsUntil(who), await left()]).toEqual([opens, 9])
    await report(typedBy(who, next))
    await expect.poll(() => waitsUntil(who), soon).toBeUndefined()
    const sheet = (await server.house.holderNotices.ofAccount(await accountOf(server, who))).map(({ occasion }) => occasion).filter(({ of }) => of === 'account-locked')
    expect(sheet[0]).toEqual({ of: 'account-locked', ground: 'holder-request', byCode: true })
  })

  test('W10: right, wrong, another’s, nobody’s: the answer is the same to the byte, and only the right one locks', async () => {
    const [who, other] = [await enrol(server, portal), await enrol(server, portal)]
    const [reference, others] = [await referenceOf(who), await referenceOf(other)]
    const without = server.nextPerson()
    const wrong: readonly Typed[] = [
      { ...typedBy(who, reference), birthDate: '1901-02-03' },
      typedBy(who, others),
      typedBy(who, '000-000-000'),
      typedBy(who, '7F3K-29QD-X0WA'),
      { number: without.number, birthDate: without.birthDate, shown: reference },
      { number: '079303999999', birthDate: who.citizen.birthDate, shown: reference },
    ]
    const answers = []
    for (const typed of wrong) answers.push(await report(typed))
    // What is queued in turn is done in turn: when this one is locked, those before it have come to nothing.
    await report(typedBy(other, others))
    await expect.poll(() => lockedOn(other), soon).toEqual(['holder-request'])
    expect(await lockedOn(who)).toEqual([])
    answers.push(await report(typedBy(who, reference)))
    expect(new Set(answers.map((answer) => JSON.stringify(answer))).size).toBe(1)
    await expect.poll(() => closed(who), soon).toEqual(whole)
    await expect.poll(() => eventsOf(who), soon).toEqual(['lost.refused', 'lost.refused', 'lost.refused', 'lost.refused', 'lost.reported', 'account.locked'])
  })

  test('what was mistyped is said before anything is looked at, and the reference is not repeated', async () => {
    const who = await enrol(server, portal)
    const reference = await referenceOf(who)
    const slip = reference.replace(/.$/, (last) => (last === '7' ? '8' : '7'))
    const answer = await report(typedBy(who, slip))
    expect([answer.status, answer.text.includes('Mã này không đúng'), answer.text.includes(slip)]).toEqual([422, true, false])
    expect((await report({ number: '', birthDate: '', shown: '' })).text).toMatch(/Hãy nhập số định danh[^]*Hãy nhập ngày sinh[^]*Hãy nhập mã tham chiếu/)
    expect(await eventsOf(who)).toEqual([])
  })

  test('W11: tries are counted by network, right ones like wrong ones; a stranger who has used them up there keeps nobody else out', async () => {
    const [who, other] = [await enrol(server, portal), await enrol(server, portal)]
    const reference = await referenceOf(who)
    const network = (networks += 1)
    const { limits } = server.house
    for (let at = 0; at < 600; at += 1) await limits.spend('lost-per-network', networkOf(`198.51.${network}.7`))
    for (let at = 0; at < 10; at += 1) expect((await report({ ...typedBy(who, reference), birthDate: '1901-02-03' }, network)).status).toBe(303)
    expect((await report(typedBy(who, reference), network)).status).toBe(429)
    expect((await report(typedBy(other, await referenceOf(other)), network)).status).toBe(303)
    await expect.poll(() => lockedOn(other), soon).toEqual(['holder-request'])
    expect(await lockedOn(who)).toEqual([])
  })

  /** From a printed code to a new passkey. */
  async function giveCode(who: Enrolled, code: string) {
    const visitor = makeVisitor({ leaveAt })
    const { url, checks } = await portal.begin()
    const door = await visitor.open(url)
    const page = await fillIn(visitor, await visitor.open(`${door.url.origin}${door.url.pathname}/khoi-phuc/ma`), '/khoi-phuc/ma', { number: who.citizen.number, code })
    const key = makeAuthenticator({ rpId: 'localhost', origin: server.issuer })
    const makeKey = () => fillIn(visitor, page, '/khoi-phuc/khoa', { attestation: JSON.stringify(key.create(creationOptions(page))) })
    return { visitor, checks, key, makeKey }
  }
  async function printedBy(who: Enrolled) {
    const page = await fillIn(who.visitor, await who.visitor.open(`${home()}/ma-khoi-phuc`), '/ma-khoi-phuc')
    return [...page.text.matchAll(/[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}/g)].map(([code]) => code)
  }
  const keysOf = async (who: Enrolled) => (await server.house.passkeys.ofAccount(await accountOf(server, who))).map(({ id }) => id)

  const recoveryEventsOf = async (who: Enrolled) => {
    const rows = await server.house.database.rows(sql<{ type: string }>`select type from audit_event where account_id = ${await accountOf(server, who)} and type in ('passkey.set-aside', 'passkey.restored', 'passkey.removed') order by id`)
    return rows.map(({ type }) => type)
  }

  const later = (who: Enrolled) => accountOf(server, who).then((id) => server.house.database.change(sql`
    with opened as (update account_lock set openings = (select coalesce(jsonb_object_agg(key, now() - interval '1 second'), '{}') from jsonb_each(openings)) where account_id = ${id} returning account_id)
    update account set held_until = now() - interval '1 second' where id = ${id}`))
  const waitsUntil = async (who: Enrolled) => (await server.house.accounts.findNow(await accountOf(server, who)))?.account.locks[0]?.openings?.[0]?.at.getTime()
  /** At the door with this key: what is said, and what comes of the button. */
  async function atTheDoor(key: Enrolled['citizen']['authenticator']) {
    const visitor = makeVisitor({ leaveAt })
    const { url, checks } = await portal.begin()
    const page = await tap(visitor, await visitor.open(url), key)
    return { visitor, page, checks, press: (ending: '/mo-khoa' | '/huy-khoi-phuc') => fillIn(visitor, page, ending) }
  }

  test('W09: who comes back with a printed code to an account that is closed as lost waits for the hold, told everywhere; the passkeys of before are left behind', async () => {
    const who = await enrol(server, portal)
    const [[code = ''], before] = [await printedBy(who), await keysOf(who)]
    await report(typedBy(who, await referenceOf(who)))
    await expect.poll(() => closed(who), soon).toEqual(whole)
    const { key, makeKey } = await giveCode(who, code)
    const done = await makeKey()
    expect([titleOf(done.text), done.text.includes('Các khóa cũ không đăng nhập được nữa'), /<form method="post" action="[^"]*\/khoi-phuc\/xong"/.test(done.text)]).toEqual([expect.stringContaining('tài khoản vẫn khóa'), true, false])
    expect([await lockedOn(who), (await keysOf(who)).filter((id) => before.includes(id)), (await told(who))[0]]).toEqual([['holder-request'], [], 'recovered'])
    expect((await server.house.holderNotices.ofAccount(await accountOf(server, who)))[0]?.occasion).toMatchObject({ waits: true, alone: true })
    const [opensAt = 0, hold] = [await waitsUntil(who), server.house.rules.recovery.holdHours * 3_600_000]
    expect(Math.abs(opensAt - Date.now() - hold)).toBeLessThan(60_000)
    // Neither the new passkey nor asking makes it shorter.
    const young = await atTheDoor(key)
    expect(young.page.text).toContain('nếu trước lúc đó không ai hủy')
    await young.press('/mo-khoa')
    expect([await lockedOn(who), await waitsUntil(who)]).toEqual([['holder-request'], opensAt])

    await later(who)
    const opened = await atTheDoor(key)
    expect((await portal.finish((await opened.press('/mo-khoa')).url, opened.checks)).claims['sub']).toEqual(expect.any(String))
    // Nobody objected in time: what is on the lost device signs in no more.
    const { page: refused } = await atTheDoor(who.citizen.authenticator)
    expect([isSignIn(refused), refused.text.includes('đã bị xóa'), refused.text.includes('/huy-khoi-phuc')]).toEqual([true, true, false])
    await signIn(portal, { citizen: { ...who.citizen, authenticator: key }, visitor: makeVisitor({ leaveAt }) })
    expect((await recoveryEventsOf(who)).toSorted()).toEqual(['passkey.set-aside'])
  })

  test('W09: a thief with the sheet, the number and the birth date sets nothing aside and opens nothing: the holder’s key undoes it', async () => {
    const who = await enrol(server, portal)
    const [[first = '', second = ''], before] = [await printedBy(who), await keysOf(who)]
    await report(typedBy(who, first))
    await expect.poll(() => closed(who), soon).toEqual(whole)
    const thief = await giveCode(who, second)
    const done = await thief.makeKey()
    expect([titleOf(done.text), done.text.includes('Các khóa cũ không đăng nhập được nữa')]).toEqual([expect.stringContaining('tài khoản vẫn khóa'), false])
    expect([(await keysOf(who)).filter((id) => before.includes(id)), await recoveryEventsOf(who), await lockedOn(who)]).toEqual([before, [], ['holder-request']])
    // What came with the code objects to nothing, also by a form that no page has shown.
    const own = await atTheDoor(thief.key)
    expect(own.page.text).not.toContain('/huy-khoi-phuc')
    const { action, fields } = formAt(own.page.text, '/mo-khoa')
    expect(isSignIn(await own.visitor.submit(new URL(action.replace('/mo-khoa', '/huy-khoi-phuc'), own.page.url), fields, own.page.url))).toBe(true)
    expect((await server.house.recoveryCodes.left(await accountOf(server, who))).left).toBe(8)

    const holder = await atTheDoor(who.citizen.authenticator)
    expect(titleOf(holder.page.text)).toContain('Có người đang lấy lại tài khoản này')
    expect(titleOf((await holder.press('/huy-khoi-phuc')).text)).toContain('Đã hủy việc lấy lại tài khoản')
    expect([await keysOf(who), await lockedOn(who), (await told(who))[0], await waitsUntil(who)]).toEqual([before, ['holder-request'], 'recovery-cancelled', undefined])
    // The sheet is worth nothing any more.
    expect((await server.house.recoveryCodes.left(await accountOf(server, who))).left).toBe(0)
    expect(isSignIn((await atTheDoor(thief.key)).page)).toBe(true)
    // It opens after the wait of every report.
    const asks = await atTheDoor(who.citizen.authenticator)
    expect(titleOf((await asks.press('/mo-khoa')).text)).toContain('Tài khoản chưa mở được ngay')
    await later(who)
    const opened = await atTheDoor(who.citizen.authenticator)
    expect((await portal.finish((await opened.press('/mo-khoa')).url, opened.checks)).claims['sub']).toEqual(expect.any(String))
  })

  test('W09: when the wait of who came back is over, no other passkey opens the account by it: it asks for itself, and everybody is told', async () => {
    const who = await enrol(server, portal)
    const [first = '', second = ''] = await printedBy(who)
    await report(typedBy(who, first))
    await expect.poll(() => closed(who), soon).toEqual(whole)
    const holder = await giveCode(who, second)
    await holder.makeKey()
    await later(who)
    // What a node knows of an account may be some seconds old.
    await waitsUntil(who)
    const onThePhone = await atTheDoor(who.citizen.authenticator)
    expect(titleOf((await onThePhone.press('/mo-khoa')).text)).toContain('Tài khoản chưa mở được ngay')
    expect([await lockedOn(who), (await told(who))[0]]).toEqual([['holder-request'], 'opening-asked'])
    const opened = await atTheDoor(holder.key)
    expect((await portal.finish((await opened.press('/mo-khoa')).url, opened.checks)).claims['sub']).toEqual(expect.any(String))
  })

  test('W09: a report by a code takes nothing from one by the reference of a notice: what is on the lost device is set aside', async () => {
    const who = await enrol(server, portal)
    const [[first = '', second = ''], before] = [await printedBy(who), await keysOf(who)]
    await report(typedBy(who, await referenceOf(who)))
    await report(typedBy(who, first))
    await expect.poll(() => closed(who), soon).toEqual(whole)
    await (await giveCode(who, second)).makeKey()
    expect((await keysOf(who)).filter((id) => before.includes(id))).toEqual([])
  })

  test('W09: a passkey that was set aside undoes the recovery within the hold, once, and neither opens the account nor does anything else', async () => {
    const who = await enrol(server, portal)
    const [[code = ''], before] = [await printedBy(who), await keysOf(who)]
    await report(typedBy(who, await referenceOf(who)))
    await expect.poll(() => closed(who), soon).toEqual(whole)
    const thief = await giveCode(who, code)
    await thief.makeKey()
    const holder = await atTheDoor(who.citizen.authenticator)
    expect([titleOf(holder.page.text), holder.page.text.includes('/mo-khoa')]).toEqual([expect.stringContaining('Có người đang lấy lại tài khoản này'), false])
    const refusals = await server.house.database.rows(sql<{ reason: string }>`select data->>'reason' as reason from audit_event where type = 'login.refused' and account_id = ${await accountOf(server, who)} order by id desc limit 1`)
    expect(refusals).toEqual([{ reason: 'passkey.removed' }])
    expect(titleOf((await holder.press('/huy-khoi-phuc')).text)).toContain('Đã hủy việc lấy lại tài khoản')
    expect(isSignIn(await holder.press('/huy-khoi-phuc'))).toBe(true)
    expect([await keysOf(who), await lockedOn(who)]).toEqual([before, ['holder-request']])
    expect((await recoveryEventsOf(who)).toSorted()).toEqual(['passkey.removed', 'passkey.restored', 'passkey.set-aside'])
    expect((await told(who)).filter((of) => of === 'recovery-cancelled')).toHaveLength(1)
    const cancelled = await server.house.database.rows(sql<{ through: string }>`select data->>'through' as through from audit_event where type = 'recovery.cancelled' and account_id = ${await accountOf(server, who)}`)
    expect(cancelled).toEqual([{ through: 'passkey' }])
  })

  test('W09: a report once more is "not me" too: what a recovery set aside is the holder’s again', async () => {
    const who = await enrol(server, portal)
    const [[code = ''], before] = [await printedBy(who), await keysOf(who)]
    await report(typedBy(who, await referenceOf(who)))
    await expect.poll(() => closed(who), soon).toEqual(whole)
    await (await giveCode(who, code)).makeKey()
    await report(typedBy(who, await referenceOf(who)))
    await expect.poll(() => told(who), soon).toContain('recovery-cancelled')
    expect([await lockedOn(who), await keysOf(who), await waitsUntil(who)]).toEqual([['holder-request'], before, undefined])
    expect((await atTheDoor(who.citizen.authenticator)).page.text).toContain('phải chờ 24 giờ')
    expect((await recoveryEventsOf(who)).toSorted()).toEqual(['passkey.removed', 'passkey.restored', 'passkey.set-aside'])
  })

  test('W09: a second report is like the first: a code that was used since then brings nobody back', async () => {
    const who = await enrol(server, portal)
    const [[code = '', next = ''], before] = [await printedBy(who), await keysOf(who)]
    const reports = async () => (await told(who)).filter((of) => of === 'account-locked').length
    await report(typedBy(who, await referenceOf(who)))
    await expect.poll(reports, soon).toBe(1)
    const thief = await giveCode(who, code)
    await report(typedBy(who, next))
    await expect.poll(reports, soon).toBe(2)
    await thief.makeKey()
    expect([await lockedOn(who), await keysOf(who)]).toEqual([['holder-request'], before])
  })

  test('W09: while it is held after a recovery, a report undoes that too: its passkey opens nothing, and no code does', async () => {
    const who = await enrol(server, portal)
    const printed = await fillIn(who.visitor, await who.visitor.open(`${home()}/ma-khoi-phuc`), '/ma-khoi-phuc')
    const [first = '', second = ''] = [...printed.text.matchAll(/[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}/g)].map(([code]) => code)
    const thief = makeVisitor({ leaveAt })
    const door = await thief.open((await portal.begin()).url)
    const start = `${door.url.origin}${door.url.pathname}`
    const page = await fillIn(thief, await thief.open(`${start}/khoi-phuc/ma`), '/khoi-phuc/ma', { number: who.citizen.number, code: first })
    const key = makeAuthenticator({ rpId: 'localhost', origin: server.issuer })
    await fillIn(thief, page, '/khoi-phuc/khoa', { attestation: JSON.stringify(key.create(creationOptions(page))) })
    await report(typedBy(who, await referenceOf(who)))
    await expect.poll(() => told(who), soon).toContain('recovery-cancelled')
    expect([await lockedOn(who), (await server.house.passkeys.ofAccount(await accountOf(server, who))).length]).toEqual([['holder-request'], 1])
    const again = makeVisitor({ leaveAt })
    expect((await tap(again, await again.open((await portal.begin()).url), key)).text).not.toContain('/mo-khoa')
    const oncemore = await again.open((await portal.begin()).url)
    const refused = await fillIn(again, await again.open(`${oncemore.url.origin}${oncemore.url.pathname}/khoi-phuc/ma`), '/khoi-phuc/ma', { number: who.citizen.number, code: second })
    expect(titleOf(refused.text)).toContain('Nhập mã khôi phục')
  })

  test('finds the page from the sign-in page, from help and from home', async () => {
    const visitor = makeVisitor({ leaveAt })
    for (const page of [await visitor.open((await portal.begin()).url), await visitor.open(`${server.issuer}/tro-giup`), await visitor.open(`${server.issuer}/`)]) {
      expect(page.text).toContain('href="/mat-thiet-bi"')
    }
  })
})
