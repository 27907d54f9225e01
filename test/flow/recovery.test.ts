import { sql, type RawBuilder } from 'kysely'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { clientId, newId } from '#kernel/id.ts'
import { insertRole } from '#storage/postgres/officers.ts'
import { makeAuthenticator } from '#test/support/authenticator.ts'
import { creationOptions, fillIn, tap } from '#test/support/citizen.ts'
import { byItself } from '#test/support/five-seconds.ts'
import { accountOf, enrol, get, signIn, type Enrolled } from '#test/support/journey.ts'
import { mailsIn } from '#test/support/mailbox.ts'
import { makeRelyingParty, type RelyingParty } from '#test/support/relying-party.ts'
import { engines, startServer, type TestServer } from '#test/support/running.ts'
import { leaveAt, testClient } from '#test/support/test-clients.ts'
import { formAt, makeVisitor, titleOf } from '#test/support/visitor.ts'

const client = testClient({ name: 'portal' })
const needy = testClient({ name: 'proven', metadata: { minimum_account_level: 2 } })
const second = { acr_values: 'urn:vn:eid:loa:2' }

describe.each(engines)('somebody who has lost every passkey, on %s,', (engine) => {
  let server: TestServer
  let portal: RelyingParty
  let proven: RelyingParty
  beforeAll(async () => {
    server = await startServer({ engine, clients: () => [client.metadata, needy.metadata] })
    proven = await makeRelyingParty(needy.party(server.issuer))
    portal = await makeRelyingParty(client.party(server.issuer))
  })
  afterAll(() => server.close())

  const home = () => `${server.issuer}/tai-khoan`

  /** Prints codes in "my e-ID". */
  async function print({ visitor }: Pick<Enrolled, 'visitor'>): Promise<readonly string[]> {
    const page = await fillIn(visitor, await visitor.open(`${home()}/ma-khoi-phuc`), '/ma-khoi-phuc')
    return [...page.text.matchAll(/[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}/g)].map(([code]) => code)
  }
  async function withCodes() {
    const who = await enrol(server, portal)
    return { who, codes: await print(who) }
  }
  /** From a service to the page that asks for number and code, and what comes after them. */
  async function give(number: string, code: string, params: Readonly<Record<string, string>> = {}) {
    const visitor = makeVisitor({ leaveAt })
    const { url, checks } = await portal.begin(params)
    const door = await visitor.open(url)
    const page = await visitor.open(`${door.url.origin}${door.url.pathname}/khoi-phuc/ma`)
    return { visitor, checks, page: await fillIn(visitor, page, '/khoi-phuc/ma', { number, code }) }
  }
  const newPhone = () => makeAuthenticator({ rpId: 'localhost', origin: server.issuer })

  async function recover(who: Enrolled, code: string) {
    const { visitor, checks, page } = await give(who.citizen.number, code)
    const key = newPhone()
    const done = await fillIn(visitor, page, '/khoi-phuc/khoa', { attestation: JSON.stringify(key.create(creationOptions(page))) })
    return { visitor, checks, key, done, end: await fillIn(visitor, done, '/khoi-phuc/xong') }
  }
  const eventsOf = async (who: Enrolled) => {
    const rows = await server.house.database.rows(sql<{ type: string }>`select type from audit_event where account_id = ${await accountOf(server, who)} and type like 'recovery.%' order by id`)
    return rows.map(({ type }) => type)
  }
  const raised = (who: Enrolled) => accountOf(server, who).then((id) => server.house.accounts.move(id, { to: 'raise', by: 'officer' }, new Date()))

  test('comes back with a printed code and a new passkey, and is told so by letter', async () => {
    const { who, codes: [code = ''] } = await withCodes()
    const { checks, key, done, end } = await recover(who, ` ${code.toLowerCase().replaceAll('-', ' ')} `)
    expect(titleOf(done.text)).toContain('Bạn đã lấy lại tài khoản')
    expect((await portal.finish(end.url, checks)).claims['sub']).toEqual(expect.any(String))
    await signIn(portal, { citizen: { ...who.citizen, authenticator: key }, visitor: makeVisitor({ leaveAt }) })
    expect(await eventsOf(who)).toEqual(['recovery.codes-made', 'recovery.code-used', 'recovery.finished'])
    await expect.poll(() => mailsIn(server.mailDir).filter(({ to, subject }) => to === who.citizen.email && subject.includes('lấy lại bằng mã khôi phục')).length).toBe(1)
    expect((await server.house.holderNotices.ofAccount(await accountOf(server, who))).map(({ occasion }) => occasion.of).toSorted()).toEqual(['account-opened', 'code-used', 'codes-printed', 'recovered'])
  })

  test('counts as level 1 for three days, whatever they were', async () => {
    const { who, codes: [code = ''] } = await withCodes()
    await raised(who)
    const id = await accountOf(server, who)
    const { key } = await recover(who, code)
    const again = { citizen: { ...who.citizen, authenticator: key }, visitor: makeVisitor({ leaveAt }) }
    const turnedBack = async () => {
      const visitor = makeVisitor({ leaveAt })
      return (await tap(visitor, await visitor.open((await proven.begin()).url), key)).text.includes('Dịch vụ này cần tài khoản mức 2')
    }
    await signIn(portal, again)
    expect(await turnedBack()).toBe(true)
    await server.house.database.change(sql`update account set held_until = now() - interval '1 second' where id = ${id}`)
    await expect.poll(turnedBack, byItself).toBe(false)
  })

  test('who was seen at a desk meanwhile need not wait', async () => {
    const { who, codes: [code = ''] } = await withCodes()
    await raised(who)
    await recover(who, code)
    expect((await raised(who)).is).toBe('moved')
    expect((await server.house.accounts.findNow(await accountOf(server, who)))?.account).toMatchObject({ level: 2, heldUntil: undefined })
  })

  test('their own lock ends with it; somebody else’s does not, and is told only to who has a code', async () => {
    const [mine, theirs] = [await withCodes(), await withCodes()]
    const lock = async (who: Enrolled, ground: 'holder-request' | 'competent-body') =>
      server.house.accounts.move(await accountOf(server, who), { to: 'lock', ground, by: 'operator' }, new Date())
    await lock(mine.who, 'holder-request')
    await lock(theirs.who, 'competent-body')
    const { checks, end } = await recover(mine.who, mine.codes[0] ?? '')
    expect((await portal.finish(end.url, checks)).claims['sub']).toEqual(expect.any(String))
    const told = await give(theirs.who.citizen.number, theirs.codes[0] ?? '')
    expect([told.page.status, titleOf(told.page.text)]).toEqual([403, expect.stringContaining('Tài khoản đang khóa')])
    expect(titleOf((await give(theirs.who.citizen.number, '7F3K-29QD-X0WA')).page.text)).toContain('Nhập mã khôi phục')
  })

  /** As if these passkeys had been made days ago; the table takes it from nobody while it is watched. */
  const makeOlder = (which: RawBuilder<unknown>) => server.house.database.transaction(async (tx) => {
    await tx.change(sql`alter table passkey disable trigger user`)
    await tx.change(sql`update passkey set created_at = created_at - interval '73 hours' where ${which}`)
    await tx.change(sql`alter table passkey enable trigger user`)
  })

  test('W09: what came with the recovery changes no other passkey and no code for three days; who has an older passkey can object', async () => {
    const { who, codes: [code = ''] } = await withCodes()
    const { visitor } = await recover(who, code)
    const keys = async (of: typeof visitor) => [...(await of.open(home())).text.matchAll(/\/tai-khoan\/khoa\/([A-Za-z0-9_-]{22})"/g)].map(([, handle]) => handle ?? '')
    const [oldest = '', recovered = ''] = await keys(visitor)
    const [older] = await server.house.passkeys.ofAccount(await accountOf(server, who))
    if (older === undefined) throw new Error('the one from before')
    for (const path of [`khoa/${oldest}/xoa`, 'khoa-moi', 'khoa-bao-mat']) {
      const page = await visitor.open(`${home()}/${path}`)
      expect([path, page.status, titleOf(page.text)]).toEqual([path, 403, expect.stringContaining('Chưa thay đổi được khóa và mã')])
    }
    const codesPage = await visitor.open(`${home()}/ma-khoi-phuc`)
    expect((await fillIn(visitor, codesPage, '/ma-khoi-phuc')).status).toBe(403)
    await makeOlder(sql`id = ${older.id}`)
    const end = await fillIn(who.visitor, await who.visitor.open(`${home()}/khoa/${recovered}/xoa`), '/xoa')
    expect(titleOf(end.text)).toContain('Đã xóa khóa')
    expect(await server.house.passkeys.ofAccount(await accountOf(server, who))).toHaveLength(1)
  })

  test('W09: it is warned of in "my e-ID", and whoever shows a passkey from before undoes it with one tap; what came with the code does not', async () => {
    const { who, codes: [code = '', other = ''] } = await withCodes()
    const id = await accountOf(server, who)
    expect((await who.visitor.open(home())).text).not.toContain('/tai-khoan/huy-khoi-phuc')
    const { visitor, key } = await recover(who, code)
    expect((await visitor.open(home())).text).toContain('/tai-khoan/huy-khoi-phuc')
    expect((await visitor.open(`${home()}/huy-khoi-phuc`)).status).toBe(403)
    const { fields } = formAt((await visitor.open(`${home()}/khoa-tai-khoan`)).text, '/khoa-tai-khoan')
    expect((await visitor.submit(new URL(`${home()}/huy-khoi-phuc`), fields, new URL(`${home()}/huy-khoi-phuc`))).status).toBe(403)
    await makeOlder(sql`account_id = ${id} and not recovered`)
    const end = await fillIn(who.visitor, await who.visitor.open(`${home()}/huy-khoi-phuc`), '/huy-khoi-phuc')
    expect(titleOf(end.text)).toContain('Đã hủy việc lấy lại tài khoản')
    expect([await server.house.passkeys.ofAccount(id), (await server.house.accounts.findNow(id))?.account.heldUntil]).toEqual([[expect.objectContaining({ id: who.citizen.authenticator.credentials[0]?.id })], undefined])
    const again = makeVisitor({ leaveAt })
    expect((await tap(again, await again.open((await portal.begin()).url), key)).text).toContain('passkey-unknown')
    expect((await give(who.citizen.number, other)).page.status).toBe(422)
    expect((await server.house.holderNotices.ofAccount(id)).map(({ occasion }) => occasion.of)).toContain('recovery-cancelled')
    expect(await eventsOf(who)).toContain('recovery.cancelled')
  })

  test('W09: a lock that the holder makes while it is held is not opened with what came with the code', async () => {
    const { who, codes: [code = ''] } = await withCodes()
    const { key } = await recover(who, code)
    await server.house.accounts.move(await accountOf(server, who), { to: 'lock', ground: 'holder-request', by: 'holder' }, new Date())
    const visitor = makeVisitor({ leaveAt })
    const end = await fillIn(visitor, await tap(visitor, await visitor.open((await portal.begin()).url), key), '/mo-khoa')
    expect([end.status, titleOf(end.text)]).toEqual([403, expect.stringContaining('Chưa thay đổi được khóa')])
    expect((await server.house.accounts.findNow(await accountOf(server, who)))?.account.locks).toHaveLength(1)
  })

  test('W09: a lock of the holder, new codes, or a body that closes the account end a recovery that is under way; one code brings one passkey', async () => {
    const act: Record<string, (who: Enrolled) => Promise<unknown>> = {
      'a lock': async (who) => server.house.accounts.move(await accountOf(server, who), { to: 'lock', ground: 'holder-request', by: 'holder' }, new Date()),
      'new codes': (who) => print(who),
      'a body': async (who) => server.house.accounts.move(await accountOf(server, who), { to: 'lock', ground: 'competent-body', by: 'operator' }, new Date()),
    }
    for (const [what, happens] of Object.entries(act)) {
      const { who, codes: [code = ''] } = await withCodes()
      const { visitor, page } = await give(who.citizen.number, code)
      await happens(who)
      const end = await fillIn(visitor, page, '/khoi-phuc/khoa', { attestation: JSON.stringify(newPhone().create(creationOptions(page))) })
      expect([what, end.status, (await server.house.passkeys.ofAccount(await accountOf(server, who))).length]).toEqual([what, 409, 1])
    }
    const { who, codes: [code = ''] } = await withCodes()
    const { visitor, page } = await give(who.citizen.number, code)
    const [first, second] = [page, await visitor.open(page.url.href)]
    for (const shown of [second, first]) await fillIn(visitor, shown, '/khoi-phuc/khoa', { attestation: JSON.stringify(newPhone().create(creationOptions(second))) }).catch(() => undefined)
    expect(await server.house.passkeys.ofAccount(await accountOf(server, who))).toHaveLength(2)
  })

  test('A03: paper is no key to the console: whoever holds an office prints no codes and comes back with none', async () => {
    const { who, codes: [code = ''] } = await withCodes()
    const open = await who.visitor.open(`${home()}/ma-khoi-phuc`)
    await insertRole(server.house.database, { id: newId(), account: await accountOf(server, who), role: 'auditor', since: new Date(), endsOn: '2099-01-01' }, undefined)
    expect(titleOf((await give(who.citizen.number, code)).page.text)).toContain('Nhập mã khôi phục')
    // The page says so before anything is pressed, and one that stood open from before prints none either.
    for (const { text } of [await who.visitor.open(`${home()}/ma-khoi-phuc`), await fillIn(who.visitor, open, '/ma-khoi-phuc')]) {
      expect([text.includes('không dùng mã khôi phục'), text.includes('action="/tai-khoan/ma-khoi-phuc"'), text.includes('<ol')]).toEqual([true, false, false])
    }
    expect(await server.house.passkeys.ofAccount(await accountOf(server, who))).toHaveLength(1)
  })

  test('W10: an unknown number, a number without account and a wrong code are the same, to the byte', async () => {
    const { who } = await withCodes()
    const without = server.nextPerson()
    const numbers = [who.citizen.number, without.number, '001299999999']
    const pages = await Promise.all(numbers.map(async (number) => {
      const { page } = await give(number, '7F3K-29QD-X0WA')
      return [page.status, page.text.replaceAll(number, 'NUMBER').replaceAll(page.url.pathname.split('/')[2] ?? '', 'UID').replaceAll(/name="csrf" value="[^"]*"/g, 'CSRF').replaceAll(/nonce-?[^"' ]*/g, '')]
    }))
    expect(pages[1]).toEqual(pages[0])
    expect(pages[2]).toEqual(pages[0])
    expect(pages[0]?.[0]).toBe(422)
  })

  test('a code works once, of twenty at a time too, for its own account, and not after new ones were printed', async () => {
    const { who, codes: [first = '', second = ''] } = await withCodes()
    const other = await withCodes()
    expect(titleOf((await give(other.who.citizen.number, first)).page.text)).toContain('Nhập mã khôi phục')
    const id = await accountOf(server, who)
    const { readCode } = await import('#domain/recovery/code.ts')
    const code = readCode(first)
    if (code === undefined) throw new Error('a code')
    const spent = await Promise.all(Array.from({ length: 20 }, () => server.house.recoveryCodes.spend(id, code, { at: new Date(), event: { type: 'recovery.code-used', client: clientId.parse('portal'), account: id } })))
    expect(spent.filter(Boolean)).toHaveLength(1)
    expect(titleOf((await give(who.citizen.number, first)).page.text)).toContain('Nhập mã khôi phục')
    await print(who)
    expect(titleOf((await give(who.citizen.number, second)).page.text)).toContain('Nhập mã khôi phục')
  })

  test('D05: no code stands anywhere at rest, and the page that shows them is not kept', async () => {
    const { who, codes } = await withCodes()
    expect(codes).toHaveLength(10)
    const rows = await server.house.database.rows(sql<{ hash: Uint8Array }>`select hash from recovery_code where account_id = ${await accountOf(server, who)}`)
    const all = rows.map(({ hash }) => Buffer.from(hash).toString('latin1')).join()
    expect(codes.filter((code) => all.includes(code) || all.includes(code.replaceAll('-', '')))).toEqual([])
    const page = await get(`${home()}/ma-khoi-phuc`, { cookie: who.visitor.jar.header(new URL(home())) })
    expect([page.headers.get('cache-control')?.includes('no-store'), codes.some((code) => page.text.includes(code))]).toEqual([true, false])
  })

  test('no step is taken before the one before it', async () => {
    const who = await enrol(server, portal)
    const visitor = makeVisitor({ leaveAt })
    const door = await visitor.open((await portal.begin(second)).url)
    const { csrf = '' } = formAt(door.text, '/passkey').fields
    const at = (path: string) => new URL(`${door.url.pathname}/${path}`, door.url)
    for (const path of ['khoi-phuc/khoa', 'khoi-phuc/xong']) {
      expect([path, (await visitor.open(at(path).href)).status]).toEqual([path, 409])
      expect([path, (await visitor.submit(at(path), { csrf, ...(path.endsWith('khoa') && { attestation: JSON.stringify(newPhone().create({ ...creationStub(who) })) }) }, door.url)).status]).toEqual([path, 409])
    }
  })

  /** Options that no page has asked for. */
  const creationStub = ({ citizen }: Enrolled) => ({
    challenge: 'AAAA', rp: { id: 'localhost', name: 'x' }, user: { id: 'AAAA', name: citizen.name, displayName: citizen.name }, pubKeyCredParams: [{ type: 'public-key' as const, alg: -7 }],
    authenticatorSelection: { residentKey: 'required' as const, userVerification: 'required' as const },
  })

  test('S03: who comes back signs in as themselves and leaves the door of others closed', async () => {
    const { who, codes: [code = ''] } = await withCodes()
    const { visitor, page } = await give(who.citizen.number, code)
    const stranger = makeVisitor({ leaveAt })
    expect((await stranger.open(page.url.href)).status).toBeGreaterThanOrEqual(400)
    const lost = await visitor.open(page.url.href.replace('/khoi-phuc/khoa', ''))
    expect((await tap(visitor, lost, who.citizen.authenticator)).url.searchParams.has('code')).toBe(true)
  })
})
