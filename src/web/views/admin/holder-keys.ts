import { html, type Html } from '#web/html.ts'
import { formatTime } from '#web/i18n/format.ts'
import { textsOf } from '#web/i18n/language.ts'
import { notice, table } from '#web/views/parts.ts'
import type { AdminView } from './frame.ts'

/** Of somebody who is to have a role, the keys that would decide as theirs. `late`: added after it was proposed. */
export type HolderKeys = { holder: string; keys: readonly { name?: string | undefined; maker: string; added: Date; attested: boolean; late: boolean }[] }

export function holderKeys({ language }: AdminView, all: readonly HolderKeys[]): Html {
  const { officers: { named: t, standings }, console: { roles } } = textsOf(language)
  const rows = all.flatMap(({ holder, keys }) => (keys.length === 0 ? [[holder, html`<strong>${standings.none}</strong>`, '', '', '']] : keys.map(({ name, maker, added, attested, late }) => [
    holder, name ?? html`<span class="quiet">${t.unnamed}</span>`, maker,
    late ? html`${formatTime(added)}<br><strong>${t.late}</strong>` : formatTime(added),
    attested ? standings.attested : html`<strong>${standings.unattested}</strong>`,
  ])))
  return html`${notice('warning', t.ask, language)}
${table(t.caption, [roles.holder, t.key, t.maker, t.added, t.attested], rows)}`
}
