/** A message to a person. The address and the text are personal data: neither may reach a log. */
export type Mail = {
  /** The same at each try, so that a mailbox can tell a second copy (RFC 5322 §3.6.4). */
  id?: string
  to: string
  subject: string
  text: string
  language: 'vi' | 'en'
}

/**
 * Hands a mail to whoever delivers it. Answers once it was taken over, within five seconds; throws
 * `Problem('service.unavailable')`, which names no address, when it was not.
 */
export type Mailer = { send: (mail: Mail) => Promise<void> }
