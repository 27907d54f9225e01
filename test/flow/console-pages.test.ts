import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { clientId } from '#kernel/id.ts'
import { fillIn } from '#test/support/citizen.ts'
import { enrol, type Enrolled } from '#test/support/journey.ts'
import { approve, bootstrap } from '#test/support/officers.ts'
import { makeRelyingParty } from '#test/support/relying-party.ts'
import { startServer, type TestServer } from '#test/support/running.ts'
import { testClient } from '#test/support/test-clients.ts'

const portal = testClient({ name: 'portal' })
const tax = {
  do: 'send', clientId: 'thue', name: 'Thuế điện tử', legalVi: 'Cục Thuế', legalEn: 'Tax Department', sector: 'thue.example', class: 'A', profile: 'fapi2', account: '1', authentication: '2',
  jwksUri: 'https://thue.example/jwks', redirectUris: 'https://thue.example/tro-ve', p0_claims: 'name', p0_basis: 'law', p0_refVi: 'Luật Quản lý thuế, Điều 17', p0_refEn: 'Law on Tax Administration, Article 17',
  p0_vi: 'Lập hồ sơ thuế', p0_en: 'Tax file', agreementNumber: '7/TT-BCA', agreementFrom: '2026-01-02', agreementUntil: '2099-01-02', security: '3', reason: 'theo công văn 12',
}

describe('pages of the console', () => {
  let server: TestServer
  let first: Enrolled
  let second: Enrolled
  let ofPortal: Enrolled
  beforeAll(async () => {
    server = await startServer({ clients: () => [portal.metadata] })
    const party = await makeRelyingParty(portal.party(server.issuer))
    ;[first, second, ofPortal] = [await enrol(server, party), await enrol(server, party), await enrol(server, party)]
    await bootstrap(server, [first, 'super-admin'], [second, 'approver'], [ofPortal, 'client-admin', 'portal.example'])
  })
  afterAll(() => server.close())

  const register = async (typed: Record<string, string>) =>
    fillIn(first.visitor, await first.visitor.open(`${server.issuer}/quan-tri/dang-ky-ung-dung`), '/dang-ky-ung-dung', typed)

  test('what a service has agreed to is typed in fields of its own, read in words by the second person, and stands on the page of the client beside the way to how it does', async () => {
    const half = await register({ ...tax, agreementUntil: '' })
    expect([half.status, half.text]).toEqual([422, expect.stringContaining('href="#agreementUntil"')])
    const proposed = await register(tax)
    const inWords = 'Số 7/TT-BCA, ký ngày 02/01/2026, đến hết ngày 02/01/2099'
    expect([proposed.status, proposed.text, proposed.text]).toEqual([200, expect.stringContaining(inWords), expect.stringContaining('Cấp 3')])
    await approve(second, proposed.url)
    const own = (await server.house.clients.find(clientId.parse('thue')))?.own
    expect([own?.agreement, own?.security_level]).toEqual([{ number: '7/TT-BCA', signed_on: '2026-01-02', ends_on: '2099-01-02' }, 3])
    const page = await first.visitor.open(`${server.issuer}/quan-tri/ung-dung/thue`)
    expect(page.text).toContain(inWords)
    const way = /href="([^"]*\/suc-khoe)"/.exec(page.text)?.[1] ?? ''
    expect((await first.visitor.open(`${server.issuer}${way}`)).status).toBe(200)
    const form = await first.visitor.open(`${server.issuer}/quan-tri/ung-dung/thue/thay-doi`)
    expect(form.text).toMatch(/name="agreementUntil" type="date" value="2099-01-02"/)
  })

  test('A03: the search finds clients, pages and requests by part of a name without marks, and within reach alone', async () => {
    const search = async ({ visitor }: Enrolled, q: string) => (await visitor.open(`${server.issuer}/quan-tri/tim?q=${encodeURIComponent(q)}`)).text
    expect(await search(first, 'thue dien')).toContain('href="/quan-tri/ung-dung/thue"')
    expect(await search(first, 'vai TRO')).toMatch(/<li><a href="\/quan-tri\/vai-tro"><strong>/)
    expect(await search(ofPortal, 'thue dien')).toContain('Không có gì có tên như vậy')
    expect(await search(ofPortal, 'portal')).toContain('href="/quan-tri/ung-dung/portal"')
    expect(await search(ofPortal, 'khoa ky')).toContain('Không có gì có tên như vậy')
    expect(await search(first, '"><script>')).toContain('value="&quot;&gt;&lt;script&gt;"')
  })
})
