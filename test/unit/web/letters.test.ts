import { randomUUID } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { accountId, clientId, connectionId } from '#kernel/id.ts'
import { Problem } from '#kernel/problem.ts'
import { expiryKinds } from '#domain/client/expiry.ts'
import type { Letter } from '#domain/signal/letter.ts'
import type { Mail } from '#domain/signal/mail.ts'
import { contactsOf } from '#domain/client/contact.ts'
import { aClient } from '#test/support/made-up.ts'
import { makeLetters } from '#web/letters.ts'

const to = accountId.parse(randomUUID())
const connection = connectionId.parse(randomUUID())
const expiry = (what: (typeof expiryKinds)[number], days = 7): Letter => ({ about: 'expiry', connection, client: clientId.parse('portal'), what, on: '2026-12-20', days })
const every: readonly Letter[] = [{ about: 'connection', is: 'returned', connection }, { about: 'connection', is: 'live', connection }, ...expiryKinds.map((what) => expiry(what))]

/** What becomes of an application at a desk. */
const atDesk = (is: 'recovered' | 'refused' | 'lapsed', office: 'commune' | 'immigration'): Letter => ({ about: 'desk', is, reference: '7F3K-29QD', at: '2026-11-26T05:00:00.000Z', office })

const service = aClient({ contacts: ['ops@example.com', 'OPS@example.com', 'not an address'] })

/** Writes to these addresses, of which some are refused. */
async function write(letter: Letter, addresses: readonly string[], refused: readonly string[] = []) {
  const { letters, mails } = lettersTo(addresses, refused)
  return { outcome: await letters.write(to, letter), mails }
}

function lettersTo(addresses: readonly string[], refused: readonly string[] = []) {
  const mails: Mail[] = []
  const letters = makeLetters({
    clients: { find: async (id) => (id === service.id ? service : id === 'ended' ? { ...service, state: 'ended' } : undefined) },
    accounts: { contacts: async (account) => (account === to ? addresses.map((value) => ({ kind: 'email', value, verifiedAt: new Date() })) : []) },
    mailer: {
      send: async (mail) => {
        if (refused.includes(mail.to)) throw new Problem('service.unavailable')
        mails.push(mail)
      },
    },
  })
  return { letters, mails }
}

test('a letter about an alarm says which, when, and not by whom', async () => {
  const { mails: [mail] } = await write({ about: 'alarm', alarm: 'exports', at: '2026-11-26T05:00:00.000Z' }, ['auditor@example.com'])
  expect([mail?.subject, mail?.text]).toEqual([expect.stringContaining('Cảnh báo'), expect.stringMatching(/12:00[^]*Tải bảng của trang quản trị quá 10 lần[^]*--[^]*downloads of tables/)])
})

describe('a letter', () => {
  test('is in both languages, leads nowhere, names its reference and nobody', async () => {
    for (const letter of every) {
      const { outcome, mails: [mail] } = await write(letter, ['dev@example.com'])
      expect(outcome).toBe('delivered')
      expect(mail?.text).toContain(connection)
      expect(mail?.text).toMatch(/Định danh điện tử[^]*\n--\n[^]*Electronic identity/)
      expect(`${mail?.subject}${mail?.text}`).not.toMatch(/https?:|www\.|@/)
    }
    const { mails: [mail] } = await write(expiry('agreement'), ['dev@example.com'])
    expect([mail?.subject, mail?.text]).toEqual([expect.stringContaining('7 ngày'), expect.stringMatching(/portal[^]*văn bản thỏa thuận[^]*20\/12\/2026[^]*agreement[^]*20\/12\/2026/)])
  })

  test('of a desk sends a foreigner to the immigration authority, and everybody else to the police of a commune', async () => {
    for (const is of ['recovered', 'refused', 'lapsed'] as const) {
      const [commune, immigration] = [(await write(atDesk(is, 'commune'), ['a@example.com'])).mails[0]?.text, (await write(atDesk(is, 'immigration'), ['a@example.com'])).mails[0]?.text]
      expect([is, commune]).toEqual([is, expect.stringMatching(/Công an xã, phường[^]*commune police/)])
      expect([is, immigration]).toEqual([is, expect.stringMatching(/cơ quan quản lý xuất nhập cảnh[^]*immigration authority/)])
      expect([is, immigration]).toEqual([is, expect.not.stringMatching(/Công an|police|căn cước|identity card/)])
      expect([is, commune]).toEqual([is, expect.not.stringMatching(/xuất nhập cảnh|immigration/)])
    }
  })

  test('goes to each address of its person; one that is reached is enough, and none at all is tried again', async () => {
    const both = ['a@example.com', 'b@example.com']
    expect((await write(every[0] ?? expiry('agreement'), both)).mails.map((mail) => mail.to)).toEqual(both)
    expect((await write(expiry('agreement'), both, ['a@example.com'])).mails.map((mail) => mail.to)).toEqual(['b@example.com'])
    await expect(write(expiry('agreement'), both, both)).rejects.toMatchObject({ code: 'service.unavailable' })
    expect((await write(expiry('agreement'), [])).outcome).toBe('over')
  })

  test('to whoever looks after a service goes to the address of theirs that is registered now, without the number of a request, and to nobody else', async () => {
    const { letters, mails } = lettersTo([])
    const [contact, ...others] = contactsOf(service)
    const name = contact?.name ?? ''
    const about: Letter = { about: 'expiry', client: service.id, what: 'agreement', on: '2026-12-20', days: 7 }
    expect([others, name.includes('ops')]).toEqual([[], false])
    expect(await letters.writeToContact(service.id, name, about)).toBe('delivered')
    expect(mails.map(({ to: address, text }) => [address.toLowerCase(), /thue[^]*20\/12\/2026/.test(text), text.includes('undefined') || text.includes('Mã đề nghị')])).toEqual([['ops@example.com', true, false]])
    for (const [id, who] of [[service.id, 'gone'], [clientId.parse('nobody'), name], [clientId.parse('ended'), name]] as const) expect(await letters.writeToContact(id, who, about)).toBe('over')
    expect(mails).toHaveLength(1)
  })

  test('about a key says when it begins to sign, what was seen, and what to do', async () => {
    const about: Letter = { about: 'key-set', client: service.id, kid: 'k'.repeat(43), published: '2026-11-20T05:00:00.000Z', from: '2026-11-27T05:00:00.000Z' }
    const { mails: [never] } = await write(about, ['dev@example.com'])
    expect([never?.subject, never?.text]).toEqual([expect.stringContaining('thue chưa tải khóa mới'), expect.stringMatching(/27\/11\/2026[^]*20\/11\/2026[^]*Chưa lần nào thấy[^]*địa chỉ mạng khác[^]*--[^]*No fetch was ever seen[^]*another outgoing address/)])
    const { mails: [last] } = await write({ ...about, last: '2026-11-15T05:00:00.000Z' }, ['dev@example.com'])
    expect(last?.text).toMatch(/Lần cuối thấy lượt tải: [^\n]*15\/11\/2026/)
    expect(`${last?.text}`).not.toMatch(/https?:|www\.|@/)
  })
})
