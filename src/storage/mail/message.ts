import type { Mail } from '#domain/signal/mail.ts'

/** A mail as nodemailer takes it. Machines must not answer it, nor be told when a person is away (RFC 3834 §5). */
export function messageOf(mail: Mail, from: string) {
  const { id, to, subject, text, language } = mail
  return {
    from,
    to: { name: '', address: to },
    subject,
    text,
    ...(id !== undefined && { messageId: `<${id}@dinh-danh.invalid>` }),
    headers: { 'Content-Language': language, 'Auto-Submitted': 'auto-generated' },
    // What is in a mail never names files or addresses to be fetched.
    disableFileAccess: true,
    disableUrlAccess: true,
  }
}
