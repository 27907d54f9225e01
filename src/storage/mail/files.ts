import { mkdir, rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { createTransport } from 'nodemailer'
import { Problem } from '#kernel/problem.ts'
import type { Mailer } from '#domain/signal/mail.ts'
import { messageOf } from './message.ts'

/**
 * Lays mails down as files instead of sending them, for development and tests: real messages (RFC 5322), one `.eml` each,
 * whose names sort by time. A file is there whole or not at all.
 */
export function fileMailer(options: { folder: string; from: string }): Mailer {
  const { folder, from } = options
  let sequence = 0
  const transport = createTransport({ streamTransport: true, buffer: true, newline: 'unix' })
  return {
    async send(mail) {
      try {
        const { message } = await transport.sendMail(messageOf(mail, from))
        await mkdir(folder, { recursive: true, mode: 0o700 })
        sequence += 1
        const stamp = new Date().toISOString().replaceAll(/[-:.]/g, '')
        // The sequence keeps the order within a millisecond, the process number keeps two processes apart.
        const file = join(folder, `${stamp}-${String(sequence).padStart(6, '0')}-${process.pid}.eml`)
        await writeFile(`${file}.draft`, message, { mode: 0o600 })
        await rename(`${file}.draft`, file)
      } catch (error) {
        throw new Problem('service.unavailable', { detail: { mail: codeOf(error) } })
      }
    },
  }
}

/** Only the code: messages of the file system and of mail servers may quote an address. */
export function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : 'unknown'
}
