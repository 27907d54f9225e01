import type { AccountId } from '#kernel/id.ts'
import type { AccountStore } from '#domain/account/store.ts'
import type { Letter } from '#domain/signal/letter.ts'
import type { Mail, Mailer } from '#domain/signal/mail.ts'
import { formatBirthDate as formatDate, formatTime } from './i18n/format.ts'
import { textsOf, type Language } from './i18n/language.ts'

type Tools = { mailer: Mailer; accounts: Pick<AccountStore, 'contacts'> }

/**
 * Writes to a person at each of their addresses; who is reached at one of them has been told. In which language somebody reads is not
 * known of an account, so the letter is in both.
 */
export function makeLetters({ mailer, accounts }: Tools) {
  return async (account: AccountId, letter: Letter): Promise<'delivered' | 'over'> => {
    const contacts = await accounts.contacts(account)
    if (contacts.length === 0) return 'over'
    await Promise.any(contacts.map(({ value }) => mailer.send({ to: value, ...mailOf(letter) }))).catch(firstOf)
    return 'delivered'
  }
}

/** One address that failed says as much as all of them. */
function firstOf(error: unknown): never {
  throw error instanceof AggregateError ? error.errors[0] : error
}

const both = ['vi', 'en'] as const satisfies readonly Language[]

/** Plain text without a link: whoever gets it opens our pages by themselves, and quotes the reference. */
function mailOf(letter: Letter): Omit<Mail, 'to'> {
  const [vi, en] = both.map((language) => wordsOf(letter, language))
  return { language: 'vi', subject: vi?.subject ?? '', text: `${vi?.text ?? ''}\n\n--\n\n${en?.text ?? ''}` }
}

function wordsOf(letter: Letter, language: Language): { subject: string; text: string } {
  const t = textsOf(language).letters
  if (letter.about === 'alarm') return wordAlarm(letter, language)
  if (letter.about === 'connection') return { subject: t[letter.is].subject, text: t[letter.is].text(letter.connection) }
  const { what, on, days, client, connection } = letter
  return { subject: t.expiry.subject(days), text: t.expiry.text({ what: t.expiry.whats[what], on: formatDate(on), client, reference: connection }) }
}

function wordAlarm({ alarm, at }: Extract<Letter, { about: 'alarm' }>, language: Language): { subject: string; text: string } {
  const { kinds, mail: { subject, text } } = textsOf(language).audit.alarms
  return { subject, text: text(kinds[alarm], formatTime(new Date(at))) }
}
