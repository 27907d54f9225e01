import { html, type Html } from '#web/html.ts'
import { textsOf } from '#web/i18n/language.ts'
import { csrfField, type View } from '#web/page.ts'
import { button, type Service } from './parts.ts'

export type PasskeyNote =
  | { is: 'cancelled' }
  | { is: 'unknown' }
  /** `on` as people read it: `22/11/2026`. */
  | { is: 'removed'; on: string }
  | { is: 'expired' }
  | { is: 'failed' }
  /** Somebody else's, or not the kind that is needed. */
  | { is: 'other' }

type PasskeyForm = {
  action: string
  /**
   * `get` signs in, `hybrid` signs in with another device, `create` makes a passkey, `confirm` says yes to something: only by a
   * press of the button, never by a suggestion that was picked elsewhere on the page.
   */
  act: 'get' | 'hybrid' | 'create' | 'confirm'
  label: string
  /** Where to go when this device holds no passkey. */
  none?: string
  /** What else the form holds, above the button. */
  above?: Html
}

/**
 * The one button. The script fills the hidden field (`assertion`, or `attestation` when creating) and submits; without a
 * script the form goes out empty and the server answers with `unsupportedPage`.
 */
export function passkeyForm(view: View, { action, act, label, none, above }: PasskeyForm): Html {
  const field = act === 'create' ? 'attestation' : 'assertion'
  const elsewhere = none !== undefined && html` data-none="${none}"`
  return html`<form id="passkey" method="post" action="${action}" data-act="${act}"${elsewhere}>
${csrfField(view)}<input type="hidden" name="${field}" value="">
${above}
${button(label)}</form>`
}

function sentence(view: View, note: PasskeyNote): string {
  const { notes } = textsOf(view.language).signIn
  return note.is === 'removed' ? notes.removed(note.on) : notes[note.is]
}

/** A calm line under the button, never red; and what to show where passkeys cannot work at all. */
export function passkeyNotes(view: View, service: Pick<Service, 'uri'>, note?: PasskeyNote, toSign = false): Html {
  const t = textsOf(view.language).signIn
  return html`<p class="note" id="note" role="status" data-cancelled="${t.notes.cancelled}" data-failed="${t.notes.failed}">${
    note && sentence(view, note)
  }</p>
${inAppNotice(view, service)}
<noscript><p class="notice warning">${toSign ? t.noScriptToSign : t.noScript}</p></noscript>`
}

/** Shown by the script when there is no `PublicKeyCredential`: in-app browsers above all. */
export function inAppNotice(view: View, { uri }: Pick<Service, 'uri'>): Html {
  const t = textsOf(view.language).signIn.inApp
  const link = uri !== undefined && html` data-link="${uri}"`
  return html`<section class="notice warning" id="in-app"${link} hidden><h2>${t.title}</h2><p>${t.text}</p>
<p><button type="button" class="btn secondary" id="copy-link" data-copied="${t.copied}">${t.copy}</button>
<a class="btn secondary" id="open-chrome" href="#main" hidden>${t.openChrome}</a></p>
<p role="status" id="copied"></p></section>`
}
