import { startOfDay, type Clock } from '#kernel/clock.ts'
import type { AccountId, ContactId, NoticeId } from '#kernel/id.ts'
import { ofOrganisations, type Occasion } from '#domain/notice/occasion.ts'
import { printedReference } from '#domain/notice/reference.ts'
import type { SmsSender } from '#domain/notice/sms.ts'
import type { Due, NoticeStore } from '#domain/notice/store.ts'
import type { Mail, Mailer } from '#domain/signal/mail.ts'
import { formatDay, formatTime } from './i18n/format.ts'
import { textsOf, type Language } from './i18n/language.ts'

type Tools = {
  mailer: Mailer
  /** Where there is a gateway. */
  sms?: SmsSender | undefined
  holderNotices: Pick<NoticeStore, 'due' | 'sent'>
  clock: Clock
}

/** Carries one notice to one address of its holder, and marks it. What comes a second time finds it marked. */
export function makeHolderNotices(tools: Tools) {
  return async ({ account, notice, contact }: { account: AccountId; notice: NoticeId; contact: ContactId }): Promise<'delivered' | 'over'> => {
    const due = await tools.holderNotices.due(account, notice, contact)
    if (due === undefined || (await carry(tools, due, `${notice}-${contact}`)) === 'refused') return 'over'
    await tools.holderNotices.sent(account, notice, contact, tools.clock.now())
    return 'delivered'
  }
}

async function carry({ mailer, sms }: Tools, due: Due, id: string): Promise<'taken' | 'refused'> {
  if (due.channel === 'email') {
    await mailer.send({ id, to: due.to, ...mailOf(due) })
    return 'taken'
  }
  const language = due.language ?? 'vi'
  return sms === undefined ? 'refused' : sms.send({ id, to: due.to, language, text: smsOf(due, language) })
}

/** Plain text without a link: whoever gets it opens our pages by themselves, and quotes the reference. In both languages where none was chosen. */
function mailOf(due: Due): Omit<Mail, 'to' | 'id'> {
  const languages: readonly Language[] = due.language === undefined ? ['vi', 'en'] : [due.language]
  const language = languages[0] ?? 'vi'
  return { language, subject: textsOf(language).notices.occasions[due.occasion.of].subject, text: languages.map((one) => wordsOf(due, one)).join('\n\n--\n\n') }
}

function wordsOf({ occasion, at, reference, office }: Due, language: Language): string {
  const t = textsOf(language).notices
  const todo = mayBeAnothers(occasion) ? t.mail.notYou(occasion.of === 'recovered') : t.mail.ask[office]
  return t.mail.text({ at: formatTime(at), what: whatHappened(occasion, language), todo, reference: printedReference(reference) })
}

function smsOf({ occasion, at, reference, office }: Due, language: Language): string {
  const t = textsOf(language).notices
  const what = { at: formatTime(at), what: t.occasions[occasion.of].subject, reference: printedReference(reference) }
  return mayBeAnothers(occasion) ? t.sms.notYou(what) : t.sms.plain(what, office)
}

/** A sentence on what happened, with what else is to be known. */
export function whatHappened(occasion: Occasion, language: Language): string {
  const t = textsOf(language).notices
  const { text } = t.occasions[occasion.of]
  if ('ground' in occasion) return `${text} ${t.because(t.grounds[occasion.ground])}${occasion.of === 'account-locked' && occasion.byCode ? ` ${t.byCode}` : ''}`
  if ('paper' in occasion) return `${text} ${t.ends(t.papers[occasion.paper], formatDay(startOfDay(occasion.on)))}`
  if ('opensAt' in occasion) return `${text} ${t.opens(formatTime(new Date(occasion.opensAt)))}`
  return 'heldUntil' in occasion ? `${text} ${occasion.alone ? `${t.aside} ` : ''}${t[occasion.waits ? 'waits' : 'held'](formatTime(new Date(occasion.heldUntil)))}` : text
}

/** What the registry, a body or a desk does is nobody's trick, and locking the account is no answer to it. */
function mayBeAnothers(occasion: Occasion): boolean {
  if (ofOrganisations.some((of) => of === occasion.of)) return false
  if (occasion.of === 'contact-removed' || occasion.of === 'paper-ending') return false
  return !('ground' in occasion) || occasion.ground === 'holder-request'
}
