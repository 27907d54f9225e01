import { html, jsonBlock, type Html } from '#web/html.ts'
import { formatCount } from '#web/i18n/format.ts'
import { textsOf } from '#web/i18n/language.ts'
import { page, type View } from '#web/page.ts'
import { places } from '#web/place/citizen.ts'
import type { OwnKeyKind } from '#domain/passkey/registration.ts'
import { bullets, linkButton } from './parts.ts'
import { inAppNotice, passkeyForm } from './passkey-form.ts'

type NewKey = {
  kind: OwnKeyKind
  place: string
  options: PublicKeyCredentialCreationOptionsJSON
  note?: 'cancelled' | 'exists' | 'failed'
}

/** The script posts `attestation` (JSON) to the page itself. */
export function newKeyPage(view: View, { kind, place, options, note }: NewKey): Html {
  const t = textsOf(view.language)
  const { own, add } = t.myEid.keys
  const { title, lead, steps, button, notes } = kind === 'security-key' ? add : own
  return page(view, {
    title,
    script: true,
    body: html`<h1>${title}</h1>
<p class="lead">${lead}</p>
${bullets(steps, 'steps')}
${passkeyForm(view, { action: place, act: 'create', label: button })}
<p class="note" id="note" role="status" data-cancelled="${notes.cancelled}" data-failed="${notes.failed}" data-exists="${notes.exists}">${note && notes[note]}</p>
${inAppNotice(view, {})}
<noscript><p class="notice warning">${add.noScript}</p></noscript>
${linkButton(t.myEid.back, places.account, 'link')}
${jsonBlock('passkey-options', options)}`,
  })
}

export function keysFullPage(view: View, most: number): Html {
  const { full } = textsOf(view.language).myEid.keys
  return ended(view, full.title, full.text(formatCount(most, view.language)))
}

export function keyInOfficePage(view: View): Html {
  const { inOffice } = textsOf(view.language).myEid.keys
  return ended(view, inOffice.title, inOffice.text, inOffice.how)
}

/** Says in words whether the key counts as hardware, for the key itself looks the same. */
export function keyAddedPage(view: View, kind: 'hardware' | 'any'): Html {
  const { title, text } = textsOf(view.language).myEid.keys.done[kind]
  return ended(view, title, text, textsOf(view.language).myEid.keys.done.told)
}

function ended(view: View, title: string, text: string, more?: string): Html {
  return page(view, {
    title,
    body: html`<h1>${title}</h1>
<p class="lead">${text}</p>
${more !== undefined && html`<p>${more}</p>`}
${linkButton(textsOf(view.language).myEid.back, places.account, 'secondary')}`,
  })
}
