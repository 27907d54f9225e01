import { html, type Html } from '#web/html.ts'
import { textsOf } from '#web/i18n/language.ts'
import { csrfField, page, type View } from '#web/page.ts'
import { developerPlaces } from '#web/place/developer.ts'
import { button, linkButton, summaryList } from '#web/views/parts.ts'

/** Below the form of a client: the other way to one. */
export function registrationSection(view: View): Html {
  const t = textsOf(view.language).selfRegistration
  return html`<section><h2>${t.title}</h2><p class="quiet">${t.text}</p>
<form method="post" action="${developerPlaces.initialToken}">${csrfField(view)}${button(t.button, { look: 'secondary' })}</form></section>`
}

type Given = { token: string; until: string; endpoint: string }

export function initialTokenPage(view: View, { token, until, endpoint }: Given): Html {
  const { selfRegistration: t, developer } = textsOf(view.language)
  const code = `import * as client from 'openid-client'

const config = await client.dynamicClientRegistration(
  new URL('${new URL(endpoint).origin}'),
  {
    client_name: 'My program',
    redirect_uris: ['http://localhost:3010/callback'],
    token_endpoint_auth_method: 'client_secret_post',
  },
  undefined,
  { initialAccessToken: '${token}'${endpoint.startsWith('https:') ? '' : ', execute: [client.allowInsecureRequests]'} },
)
console.log(config.clientMetadata())`
  return page(view, {
    title: t.shown,
    body: html`<h1>${t.shown}</h1>
<p class="notice warning">${t.once(until)}</p>
${summaryList([
      { label: t.token, value: html`<code class="mono">${token}</code>` },
      { label: t.endpoint, value: html`<code class="mono">${endpoint}</code>` },
    ])}
<p>${t.how}</p><pre class="mono" lang="en"><code>${code}</code></pre>
${linkButton(developer.back, developerPlaces.start, 'link')}`,
  })
}

export function noRoomPage(view: View): Html {
  const { selfRegistration: t, developer } = textsOf(view.language)
  return page(view, { title: t.title, failed: true, body: html`<h1>${t.title}</h1><p class="lead">${t.noRoom}</p>${linkButton(developer.back, developerPlaces.start, 'link')}` })
}
