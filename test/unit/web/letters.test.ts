import { randomUUID } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { accountId, clientId, connectionId } from '#kernel/id.ts'
import { Problem } from '#kernel/problem.ts'
import { expiryKinds } from '#domain/client/expiry.ts'
import type { Letter } from '#domain/signal/letter.ts'
import type { Mail } from '#domain/signal/mail.ts'
import { makeLetters } from '#web/letters.ts'

const to = accountId.parse(randomUUID())
const connection = connectionId.parse(randomUUID())
const expiry = (what: (typeof expiryKinds)[number], days = 7): Letter => ({ about: 'expiry', connection, client: clientId.parse('portal'), what, on: '2026-12-20', days })
const every: readonly Letter[] = [{ about: 'connection', is: 'returned', connection }, { about: 'connection', is: 'live', connection }, ...expiryKinds.map((what) => expiry(what))]

/** Writes to these addresses, of which some are refused. */
async function write(letter: Letter, addresses: readonly string[], refused: readonly string[] = []) {
  const mails: Mail[] = []
  const letters = makeLetters({
    accounts: { contacts: async (account) => (account === to ? addresses.map((value) => ({ kind: 'email', value, verifiedAt: new Date() })) : []) },
    mailer: {
      send: async (mail) => {
        if (refused.includes(mail.to)) throw new Problem('service.unavailable')
        mails.push(mail)
      },
    },
  })
  return { outcome: await letters(to, letter), mails }
}

test('a letter about an alarm says which, when, and not by whom', async () => {
  const { mails: [mail] } = await write({ about: 'alarm', alarm: 'exports', at: '2026-11-26T05:00:00.000Z' }, ['auditor@example.com'])
  expect([mail?.subject, mail?.text]).toEqual([expect.stringContaining('Cảnh báo'), expect.stringMatching(/12:00[^]*Tải nhật ký quá 10 lần[^]*--[^]*downloads of the log/)])
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

  test('goes to each address of its person; one that is reached is enough, and none at all is tried again', async () => {
    const both = ['a@example.com', 'b@example.com']
    expect((await write(every[0] ?? expiry('agreement'), both)).mails.map((mail) => mail.to)).toEqual(both)
    expect((await write(expiry('agreement'), both, ['a@example.com'])).mails.map((mail) => mail.to)).toEqual(['b@example.com'])
    await expect(write(expiry('agreement'), both, both)).rejects.toMatchObject({ code: 'service.unavailable' })
    expect((await write(expiry('agreement'), [])).outcome).toBe('over')
  })
})
