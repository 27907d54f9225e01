import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { fillIn } from '#test/support/citizen.ts'
import { accountOf, enrol, type Enrolled } from '#test/support/journey.ts'
import { aPasskey } from '#test/support/made-up.ts'
import { approve, hire, inFourWeeks } from '#test/support/officers.ts'
import { makeRelyingParty } from '#test/support/relying-party.ts'
import { engines, startServer, type TestServer } from '#test/support/running.ts'
import { testClient } from '#test/support/test-clients.ts'

const portal = testClient({ name: 'portal' })

describe.each(engines)('A02: the keys that a role gives power, on %s,', (engine) => {
  let server: TestServer
  let first: Enrolled
  let second: Enrolled
  let one: Enrolled
  beforeAll(async () => {
    server = await startServer({ engine, clients: () => [portal.metadata] })
    const party = await makeRelyingParty(portal.party(server.issuer))
    ;[first, second, one] = [await enrol(server, party), await enrol(server, party), await enrol(server, party)]
    for (const who of [first, second]) await hire(server, who, 'super-admin')
  })
  afterAll(() => server.close())

  /** A key of a maker that people know, which nobody has attested, with a name or without. */
  async function slipIn(name?: string): Promise<void> {
    const [account, at] = [await accountOf(server, one), new Date()]
    const passkey = aPasskey({ account, createdAt: at, aaguid: 'ea9b8d66-4d01-1d21-3ce4-b48cb575d4dc' })
    await server.house.passkeys.add(passkey, { most: 20, event: { type: 'passkey.added', account, passkey: passkey.id, aaguid: passkey.aaguid, hardwareBound: false } })
    if (name !== undefined) await server.house.passkeyNames.put(account, passkey.id, { name, at, event: { type: 'passkey.renamed', account, passkey: passkey.id } })
  }
  const rowsOf = (text: string) => [.../<table><caption>Các khóa sẽ được quyền quyết định<\/caption>.*?<\/table>/s.exec(text)?.[0].matchAll(/<tr><th scope="row".*?<\/tr>/gs) ?? []].map(([row]) => row)

  test('both who decide see all of them, and which came after the proposal; of what was decided nothing is shown', async () => {
    await slipIn('Khóa <lạ>')
    const proposed = await fillIn(first.visitor, await first.visitor.open(`${server.issuer}/quan-tri/vai-tro/de-xuat`), '/de-xuat', { number: one.citizen.number, role: 'auditor', sector: '', endsOn: inFourWeeks, reason: 'thay người nghỉ' })
    await slipIn()
    for (const who of [first, second]) {
      const { text } = await who.visitor.open(proposed.url)
      const rows = rowsOf(text)
      expect([rows.length, rows.filter((row) => row.includes('sau khi đề xuất')).length, rows.filter((row) => row.includes('Google Password Manager')).length]).toEqual([3, 1, 2])
      for (const shown of ['Khóa &lt;lạ&gt;', '(chưa đặt tên)', 'Chưa được chứng thực']) expect(rows.join('\n')).toContain(shown)
      expect(text).toContain('Hãy hỏi trực tiếp người đó')
    }
    const approved = await approve(second, proposed.url)
    expect([approved.text.includes('Đã phê duyệt'), rowsOf(approved.text)]).toEqual([true, []])
  })

  test('of a list of roles too, person by person, once each', async () => {
    const many = await first.visitor.open(`${server.issuer}/quan-tri/can-bo/nhieu`)
    const lines = [`${one.citizen.number},analyst,${inFourWeeks}`, `${one.citizen.number},support,${inFourWeeks}`]
    const proposed = await fillIn(first.visitor, many, '/nhieu', { list: ['number,role,ends_on', ...lines].join('\r\n'), reason: 'thêm' })
    expect(rowsOf((await second.visitor.open(proposed.url)).text)).toHaveLength(3)
    const other = await fillIn(first.visitor, await first.visitor.open(`${server.issuer}/quan-tri/ung-dung/portal/cham-dut`), '/cham-dut', { reason: 'ngừng' })
    expect(rowsOf((await second.visitor.open(other.url)).text)).toEqual([])
  })
})
