import type { AccountId, ClientId } from '#kernel/id.ts'
import type { AccountStore } from '#domain/account/store.ts'
import { contactsOf } from '#domain/client/contact.ts'
import type { ClientStore } from '#domain/client/store.ts'
import type { Letter } from '#domain/signal/letter.ts'
import type { Mail, Mailer } from '#domain/signal/mail.ts'
import { formatBirthDate as formatDate, formatTime } from './i18n/format.ts'
import { textsOf, type Language } from './i18n/language.ts'

type Tools = { mailer: Mailer; accounts: Pick<AccountStore, 'contacts'>; clients: Pick<ClientStore, 'find'> }

/**
 * Writes to a person at each of their addresses; who is reached at one of them has been told. In which language somebody reads is not
 * known of an account, so the letter is in both.
 */
export function makeLetters({ mailer, accounts, clients }: Tools) {
  return {
    async write(account: AccountId, letter: Letter): Promise<'delivered' | 'over'> {
      const contacts = await accounts.contacts(account)
      if (contacts.length === 0) return 'over'
      await Promise.any(contacts.map(({ value }) => mailer.send({ to: value, ...mailOf(letter) }))).catch(firstOf)
      return 'delivered'
    },
    async writeToContact(id: ClientId, contact: string, letter: Letter): Promise<'delivered' | 'over'> {
      const client = await clients.find(id)
      const found = client?.state === 'ended' ? undefined : client && contactsOf(client).find(({ name }) => name === contact)
      if (found === undefined) return 'over'
      await mailer.send({ to: found.address, ...mailOf(letter) })
      return 'delivered'
    },
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
  if (letter.about === 'key-set') return wordKeySet(letter, language)
  if (letter.about === 'desk') return { subject: textsOf(language).desk.mail[letter.is].subject, text: textsOf(language).desk.mail[letter.is].text(letter.reference, formatTime(new Date(letter.at)), letter.office) }
  const { what, on, days, client, connection } = letter
  return { subject: t.expiry.subject(days), text: t.expiry.text({ what: t.expiry.whats[what], on: formatDate(on), client, reference: connection }) }
}

function wordKeySet({ client, kid, published, from, last }: Extract<Letter, { about: 'key-set' }>, language: Language): { subject: string; text: string } {
  const { keySet: { letter: t } } = textsOf(language)
  const time = (at: string) => formatTime(new Date(at))
  return { subject: t.subject(client), text: t.text({ client, kid, published: time(published), from: time(from), seen: last === undefined ? t.never : t.last(time(last)) }) }
}

function wordAlarm({ alarm, at }: Extract<Letter, { about: 'alarm' }>, language: Language): { subject: string; text: string } {
  const { kinds, mail: { subject, text } } = textsOf(language).audit.alarms
  return { subject, text: text(kinds[alarm], formatTime(new Date(at))) }
}
