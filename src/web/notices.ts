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
    async registrationTried(to) {
      // In which language its holder reads is not known of an account; Vietnamese is the source.
      const { subject, text } = textsOf('vi').mail.attempt
      await mailer.send({ to, language: 'vi', subject, text: text(formatTime(clock.now())) })
    },
  }
}
