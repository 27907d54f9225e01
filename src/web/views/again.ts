import { html, jsonBlock, type Html } from '#web/html.ts'
import { textsOf } from '#web/i18n/language.ts'
import { page, type View } from '#web/page.ts'
import { interactionPlaces } from '#web/place/interaction.ts'
import { useAnother, whoPlate, type Who } from './account.ts'
import { confirmedDetails, type ConfirmedDetail } from './consent.ts'
import { withService, type Service } from './parts.ts'
import { passkeyForm, passkeyNotes, type PasskeyNote } from './passkey-form.ts'
import { backToService } from './sign-in.ts'

export type Again = {
  service: Service
  uid: string
  who: Who
  /** Only a key in attested hardware will do. */
  hardwareKey: boolean
  /** What the service wants confirmed (RFC 9396), so that it is known why one is asked again. */
  details?: readonly ConfirmedDetail[]
  /** Carries the passkeys of this person, and no others. */
  options: PublicKeyCredentialRequestOptionsJSON
  note?: PasskeyNote
  unknown?: { rpId: string; credentialId: string }
}

/** Step-up (RFC 9470): somebody is signed in and has only to confirm once more. */
export function againPage(view: View, { service, uid, who, hardwareKey, details = [], options, note, unknown }: Again): Html {
  const t = textsOf(view.language).account.again
  const at = interactionPlaces(uid)
  const { title, lead } = details.length > 0 ? { title: t.titleDetails, lead: t.leadDetails } : t
  return page(view, {
    title: title(service.name),
    script: true,
    body: html`<h1>${withService(title, service)}</h1>
<p class="lead">${hardwareKey ? t.leadHardware : lead}</p>
${whoPlate(who)}
${confirmedDetails(details)}
${passkeyForm(view, { action: at.passkey, act: 'get', label: hardwareKey ? t.buttonHardware : t.button })}
${passkeyNotes(view, service, note)}
${!hardwareKey && html`<nav class="ways" aria-label="${textsOf(view.language).signIn.moreLabel}"><ul>
<li><a href="${at.otherPhone}">${textsOf(view.language).signIn.otherPhone}</a></li></ul></nav>`}
${useAnother(view, { uid })}
${backToService(view, service, uid)}
${jsonBlock('passkey-options', options)}
${unknown && jsonBlock('passkey-unknown', unknown)}`,
  })
}
