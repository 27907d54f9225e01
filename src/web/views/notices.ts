import { printedReference, type NoticeReference } from '#domain/notice/reference.ts'
import type { Channel } from '#domain/notice/store.ts'
import { html, type Html } from '#web/html.ts'
import { textsOf, type Language } from '#web/i18n/language.ts'
import { csrfField, page, type View } from '#web/page.ts'
import { places } from '#web/place/citizen.ts'
import { errorSummary, field, radioList } from './field.ts'
import { bullets, button, linkButton, notice } from './parts.ts'

export type Checked = { is: 'missing' | 'slip' | 'ours' | 'notOurs'; typed: string }
export type ToldShown = { what: string; at: string; reference: NoticeReference; deliveries: readonly { channel: Channel; sentAt?: string | undefined }[] }

type Shown = { told: readonly ToldShown[]; language?: Language | undefined; checked?: Checked; saved?: boolean }

/** What the holder was told, and a field for what somebody else may have sent in our name. */
export function noticesPage(view: View, { told, language, checked, saved = false }: Shown): Html {
  const { notices: t, myEid } = textsOf(view.language)
  const fault = checked && (checked.is === 'missing' || checked.is === 'slip') ? t.check[checked.is] : undefined
  return page(view, {
    title: t.title,
    failed: fault !== undefined,
    script: fault !== undefined,
    body: html`${errorSummary(fault === undefined ? [] : [{ field: 'reference', message: fault }], view.language)}
<h1>${t.title}</h1>
<p class="lead">${t.lead}</p>
${checked?.is === 'ours' && notice('success', t.check.ours, view.language)}
${checked?.is === 'notOurs' && notice('warning', t.check.notOurs, view.language)}
${saved && notice('success', t.language.saved, view.language)}
<h2>${t.check.title}</h2>
<form method="post" action="${places.checkNotice}" novalidate>${csrfField(view)}
${field({ name: 'reference', label: t.check.label, hint: t.check.hint, language: view.language, autocapitalize: 'characters', autocomplete: 'off', spellcheck: false, value: checked?.typed, error: fault })}
${button(t.check.button)}</form>
<h2>${t.listTitle}</h2>
${told.length === 0 ? html`<p>${t.none}</p>` : bullets(told.map((one) => inWords(one, view.language)))}
<h2>${t.language.title}</h2>
<form method="post" action="${places.noticeLanguage}">${csrfField(view)}
${radioList('language', t.language.legend, (['both', 'vi', 'en'] as const).map((value) => ({ value, label: t.language[value], checked: value === (language ?? 'both') })))}
${button(t.language.button, { look: 'secondary' })}</form>
${linkButton(myEid.back, places.account, 'link')}`,
  })
}

function inWords({ at, what, reference, deliveries }: ToldShown, language: Language): Html {
  const t = textsOf(language).notices
  const lines = deliveries.map(({ channel, sentAt }) => (sentAt === undefined ? t.unsent(t.channels[channel]) : t.sent(t.channels[channel], sentAt)))
  return html`<strong>${at}</strong><br>${what}<br>${t.reference}: <strong>${printedReference(reference)}</strong>${(lines.length === 0 ? [t.hereOnly] : lines).map((line) => html`<br>${line}`)}`
}
