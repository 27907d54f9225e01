import { html, type Html } from '#web/html.ts'
import { textsOf } from '#web/i18n/language.ts'
import { page, type View } from '#web/page.ts'
import { errorSummary, field } from './field.ts'
import { button, notice, summaryList, withService, type Service } from './parts.ts'

export type DeviceFault = 'missing' | 'unknown' | 'spent' | 'failed'

/** Where the form goes, with the provider's own token against forgery; these forms carry no other. */
type DeviceForm = { action: string; xsrf: string }

/** A code that came with the link is only filled in: the person still reads this page, and the next (RFC 8628 §3.3.1, §5.4). */
export function deviceCodePage(view: View, { action, xsrf, code, fault }: DeviceForm & { code?: string; fault?: DeviceFault }): Html {
  const t = textsOf(view.language)
  const { enter } = t.device
  const message = fault && enter.errors[fault]
  return page(view, {
    title: enter.title,
    failed: fault !== undefined,
    script: fault !== undefined,
    body: html`${message !== undefined && errorSummary([{ field: 'user_code', message }], view.language)}
<h1>${enter.title}</h1>
<p class="lead">${enter.lead}</p>
${notice('warning', t.device.caution, view.language)}
<form method="post" action="${action}" novalidate><input type="hidden" name="xsrf" value="${xsrf}">
${field({
      name: 'user_code', label: enter.label, hint: enter.hint, error: message, value: code, language: view.language,
      autocomplete: 'off', autocapitalize: 'characters', look: 'number', maxlength: 20, spellcheck: false,
    })}
${button(t.frame.continue)}</form>`,
  })
}

export type DeviceConfirmation = DeviceForm & { service: Service; organisation: string; code: string; askedAt: string }

/** The last stop before the sign-in: whose device it is, and is it in front of this person? Posts `confirm` or `abort`. */
export function deviceConfirmPage(view: View, { action, xsrf, service, organisation, code, askedAt }: DeviceConfirmation): Html {
  const t = textsOf(view.language).device
  return page(view, {
    title: t.confirm.title(service.name),
    body: html`<h1>${withService(t.confirm.title, service)}</h1>
<p class="lead">${t.confirm.lead}</p>
${summaryList([
      { label: t.confirm.code, value: html`<span class="mono big">${code}</span>` },
      { label: t.confirm.organisation, value: organisation },
      { label: t.confirm.asked, value: askedAt },
    ])}
${notice('warning', t.caution, view.language)}
<form method="post" action="${action}"><input type="hidden" name="xsrf" value="${xsrf}"><input type="hidden" name="user_code" value="${code}">
<div class="pair">${button(t.confirm.yes, { name: 'confirm', value: 'yes' })}${
      button(t.confirm.no, { name: 'abort', value: 'yes', look: 'secondary' })
    }</div></form>`,
  })
}

/** The end, either way. */
export function deviceEndPage(view: View, how: 'done' | 'refused'): Html {
  const { title, text } = textsOf(view.language).device[how]
  return page(view, { title, body: html`<h1>${title}</h1>\n<p class="lead">${text}</p>` })
}
