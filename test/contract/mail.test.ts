import { mkdirSync, readdirSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { fileMailer } from '#storage/mail/files.ts'
import { smtpMailer } from '#storage/mail/smtp.ts'
import { mailsIn, readMail } from '#test/support/mailbox.ts'
import { mailServer } from '#test/support/smtp-server.ts'
import { temporaryFolder } from '#test/support/tmp.ts'

const from = 'Định Danh <khong-tra-loi@localhost>'
const mail = {
  to: 'nguyen@vi-du.example',
  subject: 'Mã xác nhận của bạn, gửi tới hộp thư này trong vài phút nữa',
  text: 'Mã của bạn là 123456.\nMã hết hạn sau mười phút, đừng đưa cho ai.',
  language: 'vi',
} as const

describe('a mailer', () => {
  test('lays whole messages down, which sort by time and only the owner may read', async () => {
    const folder = join(temporaryFolder(), 'mail')
    const mailer = fileMailer({ folder, from })
    await mailer.send({ ...mail, subject: 'một' })
    await mailer.send({ ...mail, subject: 'hai' })
    await mailer.send(mail)

    expect(mailsIn(folder).map(({ subject }) => subject)).toEqual(['một', 'hai', mail.subject])
    const last = mailsIn(folder).at(-1)
    expect(last).toMatchObject({ to: mail.to, text: mail.text })
    expect(last?.headers.get('content-language')).toBe('vi')
    expect(last?.headers.get('auto-submitted')).toBe('auto-generated')
    for (const name of readdirSync(folder)) expect(statSync(join(folder, name)).mode & 0o077).toBe(0)
  })

  test('a folder that cannot be written is service.unavailable', async () => {
    const folder = join(temporaryFolder(), 'mail')
    writeFileSync(folder, 'a file stands here')
    await expect(fileMailer({ folder, from }).send(mail)).rejects.toMatchObject({ code: 'service.unavailable' })
  })

  test('sends through a server', async () => {
    const { url, received } = await mailServer()
    await smtpMailer({ url, from }).send(mail)
    expect(received.map(readMail)).toMatchObject([{ to: mail.to, subject: mail.subject, text: mail.text }])
  })

  test('a line break in a subject adds no header', async () => {
    const { url, received } = await mailServer()
    await smtpMailer({ url, from }).send({ ...mail, subject: 'a\r\nBcc: other@vi-du.example' })
    expect(readMail(received[0] ?? '').headers.has('bcc')).toBe(false)
  })

  test('a refused recipient is service.unavailable and names no address', async () => {
    const { url } = await mailServer((command) => (command === 'RCPT' ? `550 no such user ${mail.to}` : undefined))
    const error = await smtpMailer({ url, from }).send(mail).then(() => undefined, (reason: unknown) => reason)
    expect(error).toMatchObject({ code: 'service.unavailable', detail: { mail: 'EENVELOPE' } })
    expect(JSON.stringify(error, Object.getOwnPropertyNames(error))).not.toContain('nguyen')
  })

  test.each(['GREETING', 'DATA'])('a server that falls silent at %s is given up within five seconds', async (silent) => {
    const { url } = await mailServer((command) => (command === silent ? '' : undefined))
    await expect(smtpMailer({ url, from }).send(mail)).rejects.toMatchObject({ code: 'service.unavailable' })
  }, 6_000)

  test('a server that is not there is service.unavailable at once', async () => {
    await expect(smtpMailer({ url: 'smtp://127.0.0.1:1', from }).send(mail)).rejects.toMatchObject({ code: 'service.unavailable' })
  })

  test('an unfinished draft is not a mail', () => {
    const folder = temporaryFolder()
    mkdirSync(folder, { recursive: true })
    writeFileSync(join(folder, 'x.eml.draft'), 'half')
    expect(mailsIn(folder)).toEqual([])
  })
})
