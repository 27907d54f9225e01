import { html, jsonBlock, type Html } from '#web/html.ts'
import { textsOf } from '#web/i18n/language.ts'
import { csrfField, page, type View } from '#web/page.ts'
import { errorSummary, field } from './field.ts'
import { button, notice, withService, type Service } from './parts.ts'
import { passkeyForm, passkeyNotes, type PasskeyNote } from './passkey-form.ts'
import { places } from '#web/place/citizen.ts'
import { interactionPlaces } from '#web/place/interaction.ts'

export type SignIn = {
  service: Service
  uid: string
  /** The challenge and, after narrowing, `allowCredentials`: in the page, so that no request is needed. */
  options: PublicKeyCredentialRequestOptionsJSON
  note?: PasskeyNote
  /** What stands in the field for the personal number: typed before, or supposed by the service. */
  number?: string
  /** The choice was narrowed to the passkeys of that number. */
  narrowed?: boolean
  numberError?: 'missing' | 'format'
  canRegister: boolean
  /** The service takes only a key in attested hardware. */
  hardwareKey?: boolean
  /** A credential the server does not know: the browser is told to stop offering it (WebAuthn L3 §5.1.10.2). */
  unknown?: { rpId: string; credentialId: string }
  /** Another way in, which only the sandbox has. */
  offer?: Html
}

function otherWays(view: View, { service, uid, canRegister }: SignIn): Html {
  const t = textsOf(view.language)
  const at = interactionPlaces(uid)
  return html`<nav class="ways" aria-label="${t.signIn.moreLabel}"><ul>
<li><a href="${at.otherPhone}">${t.signIn.otherPhone}</a></li>
<li><a href="${interactionPlaces(uid).recover}">${t.signIn.lostPhone}</a></li>
<li><a href="${places.lost}">${t.lost.link}</a></li>
${canRegister && html`<li><a href="${at.register}">${t.signIn.register}</a></li>`}
</ul></nav>
${backToService(view, service, uid)}`
}

/** Ends the interaction at the service with `access_denied`; a POST, for it changes state. */
export function backToService(view: View, service: Service, uid: string): Html {
  return html`<form method="post" action="${interactionPlaces(uid).cancel}">${csrfField(view)}${
    button(withService(textsOf(view.language).frame.backTo, service), { look: 'link' })
  }</form>`
}

function numberForm(view: View, { uid, number, numberError }: SignIn): Html {
  const t = textsOf(view.language)
  return html`<form method="post" action="${interactionPlaces(uid).narrow}" novalidate>${csrfField(view)}
${field({
    name: 'number',
    label: t.signIn.numberLabel,
    hint: t.signIn.numberHint,
    error: numberError && t.signIn.numberErrors[numberError],
    value: number,
    language: view.language,
    inputmode: 'numeric',
    autocomplete: 'username webauthn',
    look: 'number',
    maxlength: 20,
    spellcheck: false,
  })}
${button(t.frame.continue, { look: 'secondary' })}</form>`
}

/** Sign-in at `/interaction/:uid`: one button, and the same passkeys as suggestions of the number field. */
export function signInPage(view: View, props: SignIn): Html {
  const t = textsOf(view.language)
  const { service, uid, options, note, numberError, narrowed = false, hardwareKey = false, unknown, offer } = props
  const at = interactionPlaces(uid)
  return page(view, {
    title: t.signIn.title(service.name),
    failed: numberError !== undefined,
    script: true,
    body: html`${numberError && errorSummary([{ field: 'number', message: t.signIn.numberErrors[numberError] }], view.language)}
<h1>${withService(t.signIn.title, service)}</h1>
<p class="lead">${t.signIn.lead}</p>
${narrowed && notice('info', t.signIn.narrowed, view.language)}
${hardwareKey && notice('info', t.signIn.hardwareKey, view.language)}
${offer}
${passkeyForm(view, { action: at.passkey, act: 'get', none: at.none, label: hardwareKey ? t.signIn.buttonHardware : t.signIn.button })}
${passkeyNotes(view, service, note)}
<p class="or"><span>${t.signIn.or}</span></p>
${numberForm(view, props)}
${otherWays(view, props)}
${jsonBlock('passkey-options', options)}
${unknown && jsonBlock('passkey-unknown', unknown)}`,
  })
}
