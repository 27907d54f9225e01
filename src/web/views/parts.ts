import { html, type Html, type Part } from '#web/html.ts'
import { textsOf, type Language } from '#web/i18n/language.ts'
import type { AccountLevel } from '#domain/assurance/level.ts'

/** A relying party as people know it: its legal name, in the language that name is written in. */
export type Service = {
  name: string
  language?: Language
  /** Its front page, to start again from. */
  uri?: string
}

export type ButtonLook = 'primary' | 'secondary' | 'danger' | 'link'

export type ButtonOptions = { look?: ButtonLook; name?: string; value?: string; disabled?: boolean }

export function button(label: Part, options: ButtonOptions = {}): Html {
  const { look = 'primary', name, value, disabled = false } = options
  return html`<button class="btn ${look}"${disabled && html` disabled`}${
    name !== undefined && html` name="${name}" value="${value ?? ''}"`
  }><span>${label}</span></button>`
}

export function linkButton(label: Part, href: string, look: ButtonLook = 'primary'): Html {
  return html`<a class="btn ${look}" href="${href}"><span>${label}</span></a>`
}

/** The only h1, of something that has a name of its own: a long one is smaller, so that what is asked is seen on a phone. */
export function nameHeading(content: Part, text: string): Html {
  return html`<h1>${text.length > 48 ? html`<span class="long">${content}</span>` : content}</h1>`
}

export type NoticeKind = 'info' | 'success' | 'warning' | 'error'

/** A box that must be noticed. Its kind is said in words too, never by colour alone (WCAG 1.4.1). */
export function notice(kind: NoticeKind, content: Part, language: Language): Html {
  return html`<div class="notice ${kind}"><p><strong>${textsOf(language).frame.notice[kind]}.</strong> ${content}</p></div>`
}

export function progress(step: number, of: number, language: Language): Html {
  const dots = Array.from({ length: of }, (_, index) => html`<i class="${index < step ? 'on' : 'off'}"></i>`)
  const words = textsOf(language).frame.step(step, of)
  return html`<p class="progress"><span>${words}</span><span class="dots" aria-hidden="true">${dots}</span></p>`
}

export function levelBadge(level: AccountLevel, language: Language): Html {
  return html`<span class="badge level${level}">${textsOf(language).frame.level(level)}</span>`
}

export type SummaryRow = { label: Part; value: Part }

/** Question and answer, one under the other on a phone. */
export function summaryList(rows: readonly SummaryRow[]): Html {
  return html`<dl class="summary">${rows.map(({ label, value }) => html`<div><dt>${label}</dt><dd>${value}</dd></div>`)}</dl>`
}

export function bullets(items: readonly Part[], kind: 'plain' | 'yes' | 'steps' = 'plain'): Html {
  const rows = items.map((item) => html`<li>${item}</li>`)
  return kind === 'steps' ? html`<ol class="steps">${rows}</ol>` : html`<ul class="list ${kind}">${rows}</ul>`
}

export function details(summary: Part, content: Part): Html {
  return html`<details><summary>${summary}</summary><div>${content}</div></details>`
}

/** A table whose rows become cards on a phone; each cell carries its column's name for that. */
export function table(caption: string, head: readonly string[], rows: readonly (readonly Part[])[]): Html {
  const cells = (row: readonly Part[]) =>
    row.map((cell, column) =>
      column === 0
        ? html`<th scope="row" data-label="${head[column]}">${cell}</th>`
        : html`<td data-label="${head[column]}">${cell}</td>`,
    )
  return html`<table><caption>${caption}</caption>
<thead><tr>${head.map((name) => html`<th scope="col">${name}</th>`)}</tr></thead>
<tbody>${rows.map((row) => html`<tr>${cells(row)}</tr>`)}</tbody></table>`
}

/** The service that asked, on a plate of its own: a letter stands in for the logo, which we never load from elsewhere. */
export function servicePlate(service: Service): Html {
  const [letter = ''] = service.name.normalize('NFC')
  const logo = html`<span class="logo" aria-hidden="true">${letter.toLocaleUpperCase('vi')}</span>`
  return html`<p class="plate">${logo}${nameOf(service)}</p>`
}

/** A sentence about a service, with its name in its own language; the sentence itself comes from `i18n`. */
export function withService(say: (service: string) => string, service: Service): Html {
  const [before = '', after = ''] = say('\u0000').split('\u0000')
  return html`${before}${nameOf(service)}${after}`
}

/** The legal name, marked with its language so that a screen reader pronounces it (WCAG 3.1.2). */
export function nameOf({ name, language = 'vi' }: Service): Html {
  return html`<span class="name" lang="${language}">${name}</span>`
}
