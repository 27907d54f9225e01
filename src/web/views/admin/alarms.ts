import type { Alarm } from '#domain/audit/alarm.ts'
import { html, type Html, type Part } from '#web/html.ts'
import { formatCount, formatTime } from '#web/i18n/format.ts'
import { textsOf } from '#web/i18n/language.ts'
import type { View } from '#web/page.ts'
import { consolePlaces } from '#web/place/console.ts'
import { notice, table } from '#web/views/parts.ts'
import type { Named } from './audit.ts'

export type AlarmShown = Pick<Alarm, 'kind' | 'at'> & { by: Named | 'operator' | 'clock' | 'nobody in office' }

/** `unsent`: letters that all tries could not deliver. */
export type AlarmsShown = { alarms: readonly AlarmShown[]; unsent: number }

/** Alarms, with the way to what the officer did; nothing where there are none. */
export function alarmList({ language }: View, { alarms, unsent }: AlarmsShown): Html {
  const { alarms: t, at } = textsOf(language).audit
  const [newest] = alarms
  const lost = unsent > 0 && notice('warning', html`${t.unsent(formatCount(unsent, language))} <a href="${consolePlaces.audit}?type=signal.undelivered">${t.unsentLink}</a>`, language)
  if (newest === undefined) return html`${lost}`
  const who = ({ by }: AlarmShown): Part => {
    if (by === 'operator' || by === 'clock') return t[by]
    return by === 'nobody in office' ? t.stranger : html`<a href="${consolePlaces.audit}?by=${by.account}">${by.name}</a>`
  }
  return html`${lost}${notice('warning', t.kinds[newest.kind], language)}
${table(t.title, [at, t.kind, t.by], alarms.map((alarm) => [formatTime(alarm.at), t.kinds[alarm.kind], who(alarm)]))}`
}
