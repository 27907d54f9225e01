import type { AccountId, ContactId, NoticeId } from '#kernel/id.ts'
import type { Language } from '#domain/signal/notice.ts'
import type { Occasion } from './occasion.ts'
import type { Office } from './office.ts'
import type { NoticeReference } from './reference.ts'

/** By what somebody is reached. */
export const channels = ['email', 'sms'] as const
export type Channel = (typeof channels)[number]

/** A notice as its holder finds it in "my e-ID". `sentAt` is missing as long as it is on its way, and where it cannot be sent. */
export type Told = {
  id: NoticeId
  occasion: Occasion
  at: Date
  reference: NoticeReference
  deliveries: readonly { channel: Channel; sentAt?: Date | undefined }[]
}

/** One delivery of a notice that is still to be made. */
export type Due = Pick<Told, 'occasion' | 'at' | 'reference'> & { channel: Channel; to: string; /** Unknown of whoever never said. */ language?: Language | undefined; /** Whom its holder asks. */ office: Office }

/**
 * What holders were told. There is no way to write one from here: a notice is written by the store that makes the change, in its commit, or it
 * does not exist.
 */
export type NoticeStore = {
  /** The newest first, as many as are shown. */
  ofAccount: (account: AccountId) => Promise<readonly Told[]>
  /** Whether a notice to this account bears the reference. The same work for any account and for none (W10). */
  bears: (account: AccountId, reference: NoticeReference) => Promise<boolean>
  /** Nothing where it was sent, where there is no such notice, and where its holder has died meanwhile. */
  due: (account: AccountId, notice: NoticeId, contact: ContactId) => Promise<Due | undefined>
  sent: (account: AccountId, notice: NoticeId, contact: ContactId, at: Date) => Promise<void>
  language: (account: AccountId) => Promise<Language | undefined>
  /** Nothing chosen is both. */
  choose: (account: AccountId, language: Language | undefined) => Promise<void>
}
