import { html, type Html } from '#web/html.ts'
import { formatCount, formatTime } from '#web/i18n/format.ts'
import { textsOf } from '#web/i18n/language.ts'
import { clientPlaces } from '#web/place/console.ts'
import { linkButton, notice, summaryList } from '#web/views/parts.ts'
import { askPage, type Asking } from './client-question.ts'
import { adminPage, backTo, type AdminView } from './frame.ts'

export function firstSecretPage(view: AdminView, asking: Asking): Html {
  const t = textsOf(view.language).clientSecrets
  return askPage(view, { ...asking, title: t.title(asking.name), text: html`<p class="lead">${t.text}</p>`, action: clientPlaces(asking.id).secret, submit: t.button, look: 'primary' })
}

export function replaceSecretPage(view: AdminView, { days, ...asking }: Asking & { days: number }): Html {
  const t = textsOf(view.language).clientSecrets
  return askPage(view, {
    ...asking,
    title: t.replaceTitle(asking.name),
    text: html`<p class="lead">${t.replaceText}</p><p>${t.overlap(formatCount(days, view.language))}</p>`,
    action: clientPlaces(asking.id).secret,
    submit: t.replaceButton,
    look: 'primary',
  })
}

export function collectPage(view: AdminView, asking: Asking): Html {
  const t = textsOf(view.language).clientSecrets
  return askPage(view, {
    ...asking,
    title: t.collectTitle(asking.name),
    text: html`<p class="lead">${t.text}</p><p>${t.collectText}</p>`,
    action: clientPlaces(asking.id).newSecret,
    submit: t.collectButton,
    look: 'primary',
  })
}

export function endFormerPage(view: AdminView, asking: Asking): Html {
  const t = textsOf(view.language).clientSecrets
  return askPage(view, {
    ...asking, title: t.formerTitle(asking.name), text: html`<p class="lead">${t.formerText}</p>`, action: clientPlaces(asking.id).formerSecret, submit: t.formerButton, look: 'danger',
  })
}

/** The only time that anybody sees it. */
export function newSecretPage(view: AdminView, { id, secret }: { id: string; secret: string }): Html {
  const { clientSecrets: t, clients: { members } } = textsOf(view.language)
  return adminPage(view, {
    title: t.doneTitle,
    body: html`${notice('warning', t.done, view.language)}
${summaryList([{ label: members.client_id, value: html`<span class="mono">${id}</span>` }, { label: t.label, value: html`<span class="mono" id="secret">${secret}</span>` }])}
${backTo(view, clientPlaces(id).start)}`,
  })
}

/** On the page of a client: a new secret that waits for this officer, and how long the one before is good. */
export function secretNotices(view: AdminView, { id, collects, formerUntil }: { id: string; collects: boolean; formerUntil?: Date | undefined }): Html {
  const [t, at] = [textsOf(view.language).clientSecrets, clientPlaces(id)]
  return html`${collects && html`${notice('info', t.waits, view.language)}${linkButton(t.collectButton, at.newSecret)}`}
${formerUntil && html`${notice('info', t.formerGood(formatTime(formerUntil)), view.language)}<p><a href="${at.formerSecret}">${t.formerButton}</a></p>`}`
}
