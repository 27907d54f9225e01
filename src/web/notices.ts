import type { Clock } from '#kernel/clock.ts'
import type { SmsSender } from '#domain/notice/sms.ts'
import { newId } from '#kernel/id.ts'
import type { Mailer } from '#domain/signal/mail.ts'
import type { Notices } from '#domain/signal/notice.ts'
import { formatTime } from './i18n/format.ts'
import { textsOf } from './i18n/language.ts'

/** Our letters, in the words that stand with the pages. */
export function makeNotices({ mailer, sms, clock }: { mailer: Mailer; /** Where there is a gateway. */ sms?: SmsSender | undefined; clock: Clock }): Notices {
  return {
    async contactCode(to, { code, minutes, language }) {
      if (to.startsWith('+')) return void (await sms?.send({ id: newId(), to, language, text: textsOf(language).ownContact.sms(code, minutes) }))
      const { subject, text } = textsOf(language).mail.code
      await mailer.send({ to, language, subject: subject(code), text: text(code, minutes) })
    },
    async registrationTried(to, office) {
      // In which language its holder reads is not known of an account; Vietnamese is the source, and a foreigner has both.
      const at = formatTime(clock.now())
      const [vi, en] = [textsOf('vi').mail.attempt, textsOf('en').mail.attempt]
      const texts = [vi.text(at, office), ...(office === 'immigration' ? [en.text(at, office)] : [])]
      await mailer.send({ to, language: 'vi', subject: vi.subject(office), text: texts.join('\n\n--\n\n') })
    },
  }
}
