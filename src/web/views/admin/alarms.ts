import type { Alarm } from '#domain/audit/alarm.ts'
import { html, type Html } from '#web/html.ts'
import { formatTime } from '#web/i18n/format.ts'
import { textsOf } from '#web/i18n/language.ts'
import type { View } from '#web/page.ts'
import { places } from '#web/places.ts'
import { notice, table } from '#web/views/parts.ts'

export type AlarmShown = Alarm & { /** By name. */ who: string }

/** Alarms, with the way to what the officer did; nothing where there are none. */
export function alarmList({ language }: View, alarms: readonly AlarmShown[]): Html | false {
  const { alarms: t, at } = textsOf(language).audit
  const [newest] = alarms
  if (newest === undefined) return false
  const who = ({ by, who: name }: AlarmShown) => (by === 'operator' ? t.operator : html`<a href="${places.audit}?by=${by}">${name}</a>`)
  return html`${notice('warning', t.kinds[newest.kind], language)}
${table(t.title, [at, t.kind, t.by], alarms.map((alarm) => [formatTime(alarm.at), t.kinds[alarm.kind], who(alarm)]))}`
}
