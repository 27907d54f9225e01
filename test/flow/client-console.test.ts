import { generateKeyPairSync } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { sql } from 'kysely'
import { clientId, newId } from '#kernel/id.ts'
import type { Role } from '#domain/officer/role.ts'
import { insertRole } from '#storage/postgres/officers.ts'
import { fillIn, requestOptions } from '#test/support/citizen.ts'
import { byItself } from '#test/support/five-seconds.ts'
import { accountOf, enrol, signIn, type Enrolled } from '#test/support/journey.ts'
import { makeRelyingParty, type Party, type RelyingParty } from '#test/support/relying-party.ts'
import { startServer, type TestServer } from '#test/support/running.ts'
import { testClient } from '#test/support/test-clients.ts'
import { titleOf, type Stop } from '#test/support/visitor.ts'

const portal = testClient({ name: 'portal' })
const bank = testClient({ name: 'bank', metadata: { client_name: '=HYPERLINK("https://evil.example")', legal_name: { vi: 'Ngân hàng Đông Á', en: 'Bank' } } })
const inFourWeeks = new Date(Date.now() + 28 * 86_400_000).toISOString().slice(0, 10)

const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
const named = { alg: 'ES256', use: 'sig', kid: 'one' }
const jwk = { ...publicKey.export({ format: 'jwk' }), ...named }
const redirectUri = 'http://localhost:1/tax/callback'

/** What somebody types to register a client that works. */
const tax = {
  do: 'send', clientId: 'tax', name: 'Thuế điện tử', legalVi: 'Cục Thuế', legalEn: 'Tax Department', sector: 'thue.example', class: 'A', profile: 'fapi2', endsOn: '', auth: '',
  jwksUri: '', jwks: JSON.stringify({ keys: [jwk] }), redirectUris: redirectUri, postLogoutUris: '', backchannelUri: '', account: '1', authentication: '2',
  p0_claims: 'name', p0_more: '', p0_basis: 'law', p0_refVi: 'Luật Quản lý thuế, Điều 17', p0_refEn: 'Law on Tax Administration, Article 17', p0_vi: 'Lập hồ sơ thuế', p0_en: 'Tax file', p0_places: '',
  contacts: 'it@example.com', advanced: '', reason: 'theo công văn 12',
}
const taxParty = (issuer: string): Party => ({ issuer, clientId: 'tax', redirectUri, profile: 'fapi2', idTokenAlg: 'ES256', proof: { method: 'private_key_jwt', jwk: { ...privateKey.export({ format: 'jwk' }), ...named } } })

describe('clients in the console', () => {
  let server: TestServer
  let party: RelyingParty
  let first: Enrolled
  let second: Enrolled
  let third: Enrolled
  let ofBank: Enrolled
  beforeAll(async () => {
    server = await startServer({ clients: () => [portal.metadata, bank.metadata] })
    party = await makeRelyingParty(portal.party(server.issuer))
    ;[first, second, third, ofBank] = [await enrol(server, party), await enrol(server, party), await enrol(server, party), await enrol(server, party)]
    for (const who of [first, second]) await give(who, 'super-admin')
    await give(third, 'auditor')
    await give(ofBank, 'client-admin', 'bank.example')
  })
  afterAll(() => server.close())

  async function give(who: Enrolled, role: Role, sector?: string) {
    const grant = { id: newId(), account: await accountOf(server, who), role, since: new Date(), endsOn: inFourWeeks }
    await insertRole(server.house.database, { ...grant, ...(sector !== undefined && { sector: sector as never }) }, undefined)
  }
  const at = (path: string) => `${server.issuer}/quan-tri${path}`
  const open = (who: Enrolled, path: string) => who.visitor.open(at(path))
  const send = async (who: Enrolled, path: string, typed: Record<string, string>) => fillIn(who.visitor, await open(who, path), path, typed)
  const register = (who: Enrolled, typed: Record<string, string>) => send(who, '/dang-ky-ung-dung', typed)
  const approve = async (who: Enrolled, { url }: Stop) => {
    const page = await who.visitor.open(url)
    return fillIn(who.visitor, page, '/dong-y', { assertion: JSON.stringify(who.citizen.authenticator.get(requestOptions(page))) })
  }
  const find = (id: string) => server.house.clients.find(clientId.parse(id))
  const waiting = async () => (await server.house.proposals.waiting()).length
  /** What a browser would send from the form of a change, as it was drawn. */
  function drawn({ text }: Stop): Record<string, string> {
    const unescape = (given: string) => given.replaceAll('&quot;', '"').replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&#39;', "'").replaceAll('&amp;', '&')
    const inputs = [...text.matchAll(/<input\b[^>]*>/g)].map(([tag]) => tag).filter((tag) => !/type="(checkbox|radio)"/.test(tag) || / checked/.test(tag))
    const valued = inputs.map((tag) => [/ name="([^"]*)"/.exec(tag)?.[1] ?? '', unescape(/ value="([^"]*)"/.exec(tag)?.[1] ?? '')])
    const areas = [...text.matchAll(/<textarea[^>]* name="([^"]*)"[^>]*>\n?([^<]*)/g)].map(([, name = '', value = '']) => [name, unescape(value)])
    const selects = [...text.matchAll(/<select[^>]* name="([^"]*)"[^>]*>([^]*?)<\/select>/g)].map(([, name = '', inside = '']) => [name, /value="([^"]*)" selected/.exec(inside)?.[1] ?? ''])
    const all = [...valued, ...areas, ...selects].filter(([name]) => !['language', 'return', 'q'].includes(name ?? '')).map(([name = '', value = '']) => [name, value] as const)
    return { ...Object.fromEntries(all), do: 'send' }
  }

  test('A01: a client that one registers and another approves works, and not before', async () => {
    const proposed = await register(first, tax)
    expect([proposed.status, proposed.url.pathname]).toEqual([200, expect.stringContaining('/phe-duyet/')])
    expect(await find('tax')).toBeUndefined()
    const page = await second.visitor.open(proposed.url)
    for (const said of ['Cục Thuế', 'Tax Department', 'Luật Quản lý thuế, Điều 17', redirectUri, 'Họ, chữ đệm và tên', 'Vân tay', 'Địa chỉ nhận kết quả đăng nhập', 'it@example.com']) expect(page.text).toContain(said)
    expect(page.text).not.toContain('redirect_uris')
    expect((await approve(second, proposed)).text).toContain('Đã phê duyệt')
    const newcomer = await makeRelyingParty(taxParty(server.issuer))
    expect((await signIn(newcomer, third)).claims.sub).toBeTruthy()
    const detail = await open(first, '/ung-dung/tax')
    expect([detail.status, titleOf(detail.text)]).toEqual([200, expect.stringContaining('Thuế điện tử')])
    for (const said of ['Hoạt động', 'Đăng ký ứng dụng', 'FAPI 2.0', 'Theo luật']) expect(detail.text).toContain(said)
  })

  test('A01: a change is shown as a difference, keeps everything else, and takes effect when approved', async () => {
    const before = await find('tax')
    const form = await open(first, '/ung-dung/tax/thay-doi')
    const typed = drawn(form)
    const same = await fillIn(first.visitor, form, '/thay-doi', { ...typed, reason: 'x' })
    expect([same.status, same.text]).toEqual([422, expect.stringContaining('Chưa có gì khác')])
    const proposed = await fillIn(first.visitor, form, '/thay-doi', { ...typed, redirectUris: `${redirectUri}\r\nhttps://thue.example/moi`, reason: 'thêm cổng mới' })
    const page = await second.visitor.open(proposed.url)
    expect(page.text).toContain('https://thue.example/moi <span class="tag">mới</span>')
    for (const other of ['Cục Thuế', 'Vân tay', 'it@example.com']) expect(page.text).not.toContain(other)
    await approve(second, proposed)
    const after = await find('tax')
    expect(after?.registered.redirect_uris).toEqual([redirectUri, 'https://thue.example/moi'])
    expect({ ...after, registered: { ...after?.registered, redirect_uris: [] } }).toEqual({ ...before, registered: { ...before?.registered, redirect_uris: [] } })
  })

  test('a change written against what has moved on since is refused, as it is sent and as it is approved', async () => {
    const form = await open(first, '/ung-dung/tax/thay-doi')
    const one = await fillIn(first.visitor, form, '/thay-doi', { ...drawn(form), name: 'Một', reason: 'x' })
    const two = await fillIn(first.visitor, form, '/thay-doi', { ...drawn(form), name: 'Hai', reason: 'x' })
    await approve(second, one)
    const late = await approve(second, two)
    expect([late.status, titleOf(late.text)]).toEqual([409, expect.stringContaining('đã thay đổi')])
    const sent = await fillIn(first.visitor, form, '/thay-doi', { ...drawn(form), name: 'Ba', reason: 'x' })
    expect(sent.status).toBe(409)
    expect((await find('tax'))?.registered.client_name).toBe('Một')
  })

  test('faults stand beside their fields, what was typed is kept, and nothing is proposed', async () => {
    const before = await waiting()
    const private_ = JSON.stringify({ keys: [privateKey.export({ format: 'jwk' })] })
    const page = await register(first, { ...tax, clientId: 'Thuế!', name: 'Giữ tên này', sector: '', redirectUris: 'http://thue.example/', jwks: private_, advanced: '{', p0_claims: '', p0_basis: '', reason: ' ' })
    expect([page.status, titleOf(page.text)]).toEqual([422, expect.stringContaining('Lỗi: ')])
    for (const field of ['clientId', 'sector', 'redirectUris', 'jwks', 'advanced', 'p0_claims-name', 'p0_basis-law', 'reason']) expect([field, page.text.includes(`<a href="#${field}">`)]).toEqual([field, true])
    expect(page.text).toContain('value="Giữ tên này"')
    const bad = await register(first, { ...tax, clientId: 'khac', advanced: '{"id_token_signed_response_alg": "HS256"}' })
    expect([bad.status, bad.text]).toEqual([422, expect.stringContaining('Máy chủ không nhận')])
    const secret = await register(first, { ...tax, clientId: 'khac', advanced: '{"client_secret": "0123456789012345678901234567890123456789"}' })
    expect(secret.text).toContain('Không ghi khóa bí mật')
    expect((await register(first, tax)).text).toContain('Đã có ứng dụng với mã này')
    expect(await waiting()).toBe(before)
  })

  test('one more purpose keeps what was typed and asks nothing yet', async () => {
    const page = await register(first, { ...tax, do: 'add', clientId: '', name: 'Đang gõ' })
    expect([page.status, page.text.includes('name="p1_vi"'), page.text.includes('value="Đang gõ"'), page.text.includes('class="faults"')]).toEqual([200, true, true, false])
  })

  test('A03: whoever is of one sector sees and proposes for that alone', async () => {
    const list = await open(ofBank, '/ung-dung')
    expect([list.text.includes('bank.example'), list.text.includes('portal.example')]).toEqual([true, false])
    expect((await open(ofBank, '/ung-dung?to=portal.example')).text).not.toContain('Dịch vụ portal')
    for (const path of ['/ung-dung/portal', '/ung-dung/portal/thay-doi', '/ung-dung/portal/cham-dut', '/ung-dung/portal/khoa-bi-mat', '/ung-dung/portal/khoa-bi-mat/nhan', '/ung-dung/portal/khoa-bi-mat/thu-hoi', '/ung-dung/bank/tam-dung']) expect([path, (await open(ofBank, path)).status]).toEqual([path, 403])
    const foreign = await register(ofBank, { ...tax, clientId: 'khac' })
    expect(foreign.status).toBe(403)
    const form = await open(ofBank, '/ung-dung/bank/thay-doi')
    const taken = await fillIn(ofBank.visitor, form, '/thay-doi', { ...drawn(form), sector: 'portal.example', reason: 'x' })
    expect(taken.status).toBe(403)
    const own = await fillIn(ofBank.visitor, form, '/thay-doi', { ...drawn(form), name: 'Ngân hàng', reason: 'x' })
    expect([own.status, own.url.pathname]).toEqual([200, expect.stringContaining('/phe-duyet/')])
    await fillIn(ofBank.visitor, own, '/rut-lai', { reason: 'nhầm' })
  })

  test('the list is filtered by the address, with or without marks, and comes as a file that no spreadsheet runs', async () => {
    expect((await open(third, '/ung-dung?tim=dong+a')).text).toContain('Ngân hàng Đông Á')
    expect((await open(third, '/ung-dung?tim=%25')).text).toContain('Không có ứng dụng nào')
    expect((await open(third, '/ung-dung?tinhtrang=suspended')).text).toContain('Không có ứng dụng nào')
    expect((await open(third, '/ung-dung?la=1')).status).toBe(400)
    const file = await open(third, '/ung-dung?dang=csv')
    expect([file.headers.get('content-type'), file.headers.get('content-disposition'), file.headers.get('cache-control')]).toEqual(['text/csv; charset=utf-8', 'attachment; filename="ung-dung.csv"', 'no-store'])
    expect(file.text).toContain(`"bank","'=HYPERLINK(""https://evil.example"")","Ngân hàng Đông Á"`)
  })

  test('A01: a client by secret has none until one is issued; another in its place takes two, is shown once to the proposer, and the old one works on for a while', async () => {
    const by = { ...tax, clientId: 'old', sector: 'cu.example', profile: 'baseline', endsOn: '2099-12-31', jwks: '', redirectUris: 'http://localhost:1/old/callback', advanced: '{"id_token_signed_response_alg":"ES256"}' }
    await approve(second, await register(first, by))
    const old = (secret: string): Promise<RelyingParty> => makeRelyingParty({
      issuer: server.issuer, clientId: 'old', redirectUri: 'http://localhost:1/old/callback', profile: 'baseline', idTokenAlg: 'ES256', proof: { method: 'client_secret_basic', secret },
    })
    for (const guess of ['undefined', 'null', 'x'.repeat(43)]) await expect((await old(guess)).ownToken()).rejects.toMatchObject({ error: 'invalid_client' })
    expect((await open(first, '/ung-dung/old')).text).toContain('chưa được cấp')
    const issue = async () => {
      const page = await send(first, '/ung-dung/old/khoa-bi-mat', { reason: 'lần đầu' })
      const [, secret] = /id="secret">([A-Za-z0-9_-]{43})</.exec(page.text) ?? []
      if (secret === undefined) throw new Error(`no secret was shown but: ${titleOf(page.text)}`)
      return secret
    }
    const one = await issue()
    await expect.poll(async () => signIn(await old(one), third).then(() => 'in', () => 'out'), { timeout: 12_000 }).toBe('in')
    expect((await open(first, '/ung-dung/old')).text).not.toContain(one)
    // Nobody gives it another alone; the one it has stays, however often it is asked for.
    const proposed = await send(first, '/ung-dung/old/khoa-bi-mat', { reason: 'đến hạn' })
    expect([proposed.url.pathname, proposed.text.includes('id="secret"')]).toEqual([expect.stringContaining('/phe-duyet/'), false])
    for (const who of [first, second]) expect((await open(who, '/ung-dung/old/khoa-bi-mat/nhan')).status).toBe(404)
    const review = await second.visitor.open(proposed.url)
    for (const said of ['Khóa đang dùng', 'chỉ người đề xuất nhận được', '7 ngày từ lúc nhận khóa mới', 'đến hạn']) expect(review.text).toContain(said)
    expect(review.text).not.toContain(one)
    await approve(second, proposed)
    expect((await find('old'))?.registered.client_secret).toBe(one)
    // Whoever approved it does not get it, and whoever proposed it gets it once.
    expect((await open(second, '/ung-dung/old/khoa-bi-mat/nhan')).status).toBe(404)
    expect((await open(first, '/ung-dung/old')).text).toContain('Khóa mới chưa ai nhận')
    const door = await open(first, '/ung-dung/old/khoa-bi-mat/nhan')
    const [, two = ''] = /id="secret">([A-Za-z0-9_-]{43})</.exec((await fillIn(first.visitor, door, '/nhan', { reason: 'đổi định kỳ' })).text) ?? []
    expect((await fillIn(first.visitor, door, '/nhan', { reason: 'lần nữa' })).status).toBe(404)
    expect((await open(first, proposed.url.pathname.replace('/quan-tri', ''))).text).not.toContain(two)
    // Both are good for a while, by either way of showing them; then the old one is withdrawn at once.
    await expect.poll(async () => signIn(await old(two), third).then(() => 'in', () => 'out'), { timeout: 12_000 }).toBe('in')
    expect((await signIn(await old(one), third)).claims.sub).toBeTruthy()
    for (const guess of [`${one}x`, 'x'.repeat(43)]) await expect((await old(guess)).begin()).rejects.toThrow()
    expect((await find('old'))?.former).toMatchObject({ secret: one })
    expect((await open(first, '/ung-dung/old')).text).toContain('Khóa cũ còn dùng được đến')
    expect((await send(first, '/ung-dung/old/khoa-bi-mat/thu-hoi', { reason: ' ' })).status).toBe(422)
    expect((await send(first, '/ung-dung/old/khoa-bi-mat/thu-hoi', { reason: 'đã chuyển' })).url.pathname).toBe('/quan-tri/ung-dung/old')
    await expect.poll(async () => (await old(one)).begin().then(() => 'in', () => 'out'), { timeout: 12_000 }).toBe('out')
    expect((await send(first, '/ung-dung/old/khoa-bi-mat/thu-hoi', { reason: 'lần nữa' })).status).toBe(409)
    // A change of something else leaves it as it is.
    const form = await open(first, '/ung-dung/old/thay-doi')
    expect(form.text).not.toContain(two)
    await approve(second, await fillIn(first.visitor, form, '/thay-doi', { ...drawn(form), name: 'Tên khác', reason: 'x' }))
    expect((await find('old'))?.registered).toMatchObject({ client_name: 'Tên khác', client_secret: two })
    const events = await server.house.database.rows(sql<{ data: string }>`select data::text as data from audit_event where type = 'client.secret-issued'`)
    expect([events.length, events.some(({ data }) => data.includes(one) || data.includes(two))]).toEqual([2, false])
  })

  test('A05: one stops a client by its name, with a reason, and two bring it back or end it', async () => {
    const page = await open(second, '/ung-dung/tax/tam-dung')
    expect(page.text).toContain('1 người đã bắt đầu phiên')
    const wrong = await fillIn(second.visitor, page, '/tam-dung', { name: 'Thue', reason: '' })
    expect([wrong.status, wrong.text.includes('Tên chưa khớp'), wrong.text.includes('Hãy ghi lý do')]).toEqual([422, true, true])
    expect((await open(third, '/ung-dung/tax/tam-dung')).status).toBe(403)
    const stopped = await fillIn(second.visitor, page, '/tam-dung', { name: 'Một', reason: 'lộ khóa' })
    expect([stopped.status, stopped.text]).toEqual([200, expect.stringContaining('Tạm dừng')])
    const newcomer = await makeRelyingParty(taxParty(server.issuer))
    await expect.poll(() => newcomer.begin().then(() => 'begun', () => 'refused'), byItself).toBe('refused')
    await approve(second, await send(first, '/ung-dung/tax/hoat-dong-lai', { reason: 'đã thay khóa' }))
    expect((await find('tax'))?.state).toBeUndefined()
    expect((await send(first, '/ung-dung/tax/hoat-dong-lai', { reason: 'lần nữa' })).status).toBe(409)
    await approve(second, await send(first, '/ung-dung/tax/cham-dut', { reason: 'hết hợp đồng' }))
    expect((await find('tax'))?.state).toBe('ended')
    const detail = await open(first, '/ung-dung/tax')
    expect([detail.text.includes('Đã chấm dứt'), detail.text.includes('/thay-doi"'), detail.text.includes('/tam-dung"')]).toEqual([true, false, false])
    expect((await send(first, '/ung-dung/tax/thay-doi', { ...drawn(await open(first, '/ung-dung/tax/thay-doi')), name: 'Lại', reason: 'x' })).status).toBe(409)
  })
})
