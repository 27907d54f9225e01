/** A short message to a phone. Number and text are personal data: neither may reach a log. `id` is the same at each try. */
export type Sms = { id: string; to: string; text: string; language: 'vi' | 'en' }

/**
 * Hands a message to whoever delivers it (docs/sms.md). Answers once it was taken over, or that it never will be, within five seconds; throws
 * `Problem('service.unavailable')`, which names no number, when it was neither.
 */
export type SmsSender = { send: (sms: Sms) => Promise<'taken' | 'refused'> }
