import { faultNames, type Fault } from '#domain/sandbox/fault.ts'
import { kinds, type DeveloperClient, type Kind } from '#domain/sandbox/developer-client.ts'
import { html, type Html } from '#web/html.ts'
import { textsOf } from '#web/i18n/language.ts'
import { csrfField, page, type View } from '#web/page.ts'
import { developerClientPlaces, developerPlaces, selfTestPlace } from '#web/place/developer.ts'
import type { Code } from '#web/developer/samples.ts'
import { errorSummary, field, radioList } from '#web/views/field.ts'
import { button, details, linkButton, notice, summaryList } from '#web/views/parts.ts'
import { registrationSection } from './registration.ts'

export type ClientForm = { name: string; redirectUri: string }
export type FormFault = 'name' | 'uri' | 'key' | 'full'

type Faulty = { fault?: FormFault | undefined; /** As the protocol says it, in English. */ reason?: string | undefined }

/** Name and address, with what is wrong with them. */
function fields(view: View, { name, redirectUri }: ClientForm, { fault }: Faulty): Html {
  const { language } = view
  const t = textsOf(language).developer
  return html`${field({ name: 'name', label: t.name, hint: t.nameHint, error: fault === 'name' ? t.nameError : undefined, value: name, maxlength: 60, autocomplete: 'off', language })}
${field({ name: 'redirectUri', label: t.uri, hint: t.uriHint, error: fault === 'uri' ? t.uriError : undefined, value: redirectUri, maxlength: 2000, autocomplete: 'off', inputmode: 'text', spellcheck: false, language })}`
}

function faultsOf(view: View, { fault, reason }: Faulty): Html {
  const t = textsOf(view.language).developer
  const told: Record<FormFault, { field: string; message: string }> = {
    name: { field: 'name', message: t.nameError }, uri: { field: 'redirectUri', message: t.uriError }, key: { field: 'kind-key', message: t.keyError }, full: { field: 'name', message: t.full },
  }
  return html`${fault && errorSummary([told[fault]], view.language)}
${reason !== undefined && html`<p class="quiet" lang="en">${reason}</p>`}`
}

type Home = Faulty & { mine: readonly DeveloperClient[]; form: ClientForm & { kind: Kind } }

/** `/nha-phat-trien`: what there is, and the form of the next. */
export function developerHome(view: View, { mine, form, ...faulty }: Home): Html {
  const t = textsOf(view.language).developer
  const cards = mine.map(({ id, name, redirectUri }) => html`<li><a href="${developerClientPlaces(id).start}"><strong lang="vi">${name}</strong><span>${id} · ${redirectUri}</span></a></li>`)
  return page(view, {
    work: true,
    title: t.title,
    failed: faulty.fault !== undefined,
    script: 'developer',
    body: html`${faultsOf(view, faulty)}
<h1>${t.title}</h1>
<p class="lead">${t.lead}</p>
${mine.length > 0 && html`<h2>${t.mine}</h2><ul class="cards">${cards}</ul>`}
<h2>${t.fresh}</h2>
<form id="new-client" method="post" action="${developerPlaces.start}" novalidate>${csrfField(view)}<input type="hidden" name="key" value="">
${fields(view, form, faulty)}
${radioList('kind', t.kind, kinds.map((kind) => ({ value: kind, label: t.kinds[kind], hint: t.kindHints[kind], checked: kind === form.kind })))}
<noscript><p class="notice warning">${t.noScript}</p></noscript>
${button(t.create)}</form>
${registrationSection(view)}`,
  })
}

type Shown = {
  client: DeveloperClient
  issuer: string
  codes: readonly Code[]
  secret?: string | undefined
  fault?: { fault: Fault; until: string } | undefined
}

/** One client: who it is, its key, code to copy, a try, and faults. */
export function clientPage(view: View, { client, issuer, codes, secret, fault }: Shown): Html {
  const { developer: t } = textsOf(view.language)
  const at = developerClientPlaces(client.id)
  const discovery = `${issuer}/.well-known/openid-configuration`
  return page(view, {
    work: true,
    title: client.name,
    wide: true,
    script: 'developer',
    body: html`<p><a href="${developerPlaces.start}">${t.back}</a></p>
<h1><span lang="vi">${client.name}</span></h1>
${secret !== undefined && html`<section class="notice warning"><h2>${t.client.secretTitle}</h2><p>${t.client.secretText}</p><p><code class="mono">${secret}</code></p></section>`}
${client.key !== undefined && html`<section class="notice warning" id="own-key" data-kid="${client.key}" hidden><h2>${t.client.keyTitle}</h2><p>${t.client.keyText}</p>
<p><a class="btn secondary" href="#own-key"><span>${t.client.keyDownload}</span></a></p></section>`}
${summaryList([
      { label: t.client.id, value: html`<code class="mono">${client.id}</code>` },
      { label: t.client.issuer, value: html`<code class="mono">${issuer}</code>` },
      { label: t.client.discovery, value: html`<a class="mono" href="${discovery}">${discovery}</a>` },
      { label: t.client.uri, value: html`<code class="mono">${client.redirectUri}</code>` },
      { label: t.client.kind, value: t.kinds[client.kind] },
    ])}
<form method="post" action="${at.trial}">${csrfField(view)}<p class="quiet">${t.client.trialHint}</p>${button(t.client.trial)}</form>
<section><h2>${t.client.code}</h2>
${codes.map((code) => details(t.client.codeOf(code.language), codeIn(view, code)))}</section>
${faultSection(view, client, fault)}
<section><h2>${t.client.next}</h2><p class="quiet">${t.client.nextHint}</p>
<p>${linkButton(t.client.selfTest, selfTestPlace(client.id), 'secondary')}</p>
<form method="post" action="${developerPlaces.connections}">${csrfField(view)}<input type="hidden" name="client" value="${client.id}">${button(t.client.connect, { look: 'secondary' })}</form></section>
<p class="ends">${linkButton(t.client.requests, at.requests, 'link')} ${linkButton(t.client.change, at.change, 'link')} ${linkButton(t.client.remove, at.remove, 'link')}</p>
${client.key !== undefined && html`<p class="quiet">${t.client.keyGone}</p>`}`,
  })
}

function codeIn(view: View, { run, files, other }: Code): Html {
  const t = textsOf(view.language).developer.client
  if (other === true) return html`<p>${t.codeOther} <a href="${developerPlaces.start}#new-client">${textsOf(view.language).developer.fresh}</a></p>`
  const block = (name: string, text: string) => html`<p><strong>${name}</strong></p><pre class="mono" lang="en"><code>${text}</code></pre>`
  return html`${files.map(({ name, text }) => block(name, text))}${block(t.codeRun, run)}`
}

function faultSection(view: View, { id }: DeveloperClient, on: Shown['fault']): Html {
  const t = textsOf(view.language).developer.fault
  const at = developerClientPlaces(id)
  const now = on && html`${notice('warning', t.on(t.names[on.fault], on.until), view.language)}
<form method="post" action="${at.faultOff}">${csrfField(view)}${button(t.off, { look: 'secondary' })}</form>`
  const choices = faultNames.map((name) => html`<option value="${name}"${on?.fault === name && html` selected`}>${t.names[name]}</option>`)
  return html`<section id="fault"><h2>${t.title}</h2><p class="quiet">${t.text}</p>${now}
<form method="post" action="${at.fault}">${csrfField(view)}<div class="field"><label for="choose">${t.choose}</label>
<select id="choose" name="fault">${choices}</select></div>${button(t.button, { look: 'secondary' })}</form></section>`
}

type Changing = Faulty & { client: DeveloperClient; form: ClientForm }

export function changePage(view: View, { client, form, ...faulty }: Changing): Html {
  const t = textsOf(view.language).developer
  const at = developerClientPlaces(client.id)
  return page(view, {
    work: true,
    title: t.client.change,
    failed: faulty.fault !== undefined,
    script: 'developer',
    body: html`${faultsOf(view, faulty)}
<p class="up"><a href="${at.start}">${t.toClient}</a></p>
<h1>${t.client.change}</h1>
<form method="post" action="${at.change}" novalidate>${csrfField(view)}${fields(view, form, faulty)}${button(t.client.save)}</form>`,
  })
}

export function removePage(view: View, { id, name }: DeveloperClient): Html {
  const t = textsOf(view.language).developer
  const at = developerClientPlaces(id)
  return page(view, {
    work: true,
    title: t.client.removeTitle(name),
    body: html`<h1>${t.client.removeTitle(name)}</h1>
<p class="lead">${t.client.removeText}</p>
<form method="post" action="${at.remove}">${csrfField(view)}${button(t.client.removeButton, { look: 'danger' })}</form>
${linkButton(t.toClient, at.start, 'link')}`,
  })
}
