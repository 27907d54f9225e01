import { createTransport } from 'nodemailer'
import { Problem } from '#kernel/problem.ts'
import type { Mailer } from '#domain/signal/mail.ts'
import { codeOf } from './files.ts'
import { messageOf } from './message.ts'

/** nodemailer waits for minutes by default; ours ends in five seconds whatever the server does. */
const deadline = 5_000
const timeouts = { dnsTimeout: 2_000, connectionTimeout: 2_000, greetingTimeout: 2_000, socketTimeout: 4_000 }

/**
 * Sends mails through the server that `url` names (`smtp://` or `smtps://`, with user and password where it needs them). One
 * connection a mail: a sign-in system sends few, and a connection that idles breaks unnoticed.
 */
export function smtpMailer(options: { url: string; from: string }): Mailer {
  const { url, from } = options
  return {
    async send(mail) {
      const transport = createTransport({ url, ...timeouts })
      const late = Promise.withResolvers<never>()
      const timer = setTimeout(() => late.reject(new Problem('service.unavailable', { detail: { mail: 'ETIMEDOUT' } })), deadline)
      try {
        await Promise.race([transport.sendMail(messageOf(mail, from)), late.promise])
      } catch (error) {
        if (error instanceof Problem) throw error
        // Without a cause: the server's words quote the address.
        throw new Problem('service.unavailable', { detail: { mail: codeOf(error) } })
      } finally {
        clearTimeout(timer)
        transport.close()
      }
    },
  }
}
