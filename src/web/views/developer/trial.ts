import type { Check, Trial } from '#domain/sandbox/trial.ts'
import { html, type Html } from '#web/html.ts'
import { textsOf } from '#web/i18n/language.ts'
import { csrfField, page, type View } from '#web/page.ts'
import { developerClientPlaces, developerPlaces } from '#web/place/developer.ts'
import { button, details, linkButton, notice, table } from '#web/views/parts.ts'

const json = (value: object) => html`<pre class="mono" lang="en"><code>${JSON.stringify(value, null, 2)}</code></pre>`

/** One try: whether a program might go on, why not, and everything that was said. `twin` is who we were in it. */
export function trialPage(view: View, { client, messages, idToken, checks }: Trial, twin: string): Html {
  const { developer } = textsOf(view.language)
  const t = developer.trial
  const failed = checks.filter(({ passed }) => !passed).length
  const at = developerClientPlaces(client)
  return page(view, {
    work: true,
    title: t.title,
    wide: true,
    body: html`<p class="up"><a href="${at.start}">${developer.toClient}</a></p>
<h1>${t.title}</h1>
${failed === 0 ? notice('success', t.good, view.language) : notice('error', t.bad(failed), view.language)}
<p class="quiet">${t.twin(twin)}</p>
${table(t.checksTitle, t.head, checks.map((check) => row(view, check)))}
<form method="post" action="${at.trial}">${csrfField(view)}${button(t.again)}</form>
${idToken && html`<section><h2>${t.idToken}</h2>${json(idToken.header)}${json(idToken.payload)}</section>`}
<section><h2>${t.stepsTitle}</h2>${messages.map(({ step, to, status, content }) =>
      details(t.steps[step], html`<p class="mono" lang="en">${to} ${status}</p>${json(content)}`))}</section>`,
  })
}

function row(view: View, { name, passed, found, wanted }: Check): readonly Html[] {
  const t = textsOf(view.language).developer.trial
  const said = (text: string | undefined) => html`<span class="mono" lang="en">${text ?? '–'}</span>`
  return [html`${t.checks[name]}`, html`<strong class="${passed ? 'pass' : 'fail'}">${passed ? t.passed : t.failed}</strong>`, said(found), said(passed ? undefined : wanted)]
}

export function trialOverPage(view: View): Html {
  const t = textsOf(view.language).developer
  return page(view, { work: true, title: t.trial.over, failed: true, body: html`<h1>${t.trial.over}</h1>${linkButton(t.back, developerPlaces.start)}` })
}
