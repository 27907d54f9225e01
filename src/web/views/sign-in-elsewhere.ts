import { html, jsonBlock, type Html } from '#web/html.ts'
import { textsOf } from '#web/i18n/language.ts'
import { page, type View } from '#web/page.ts'
import { bullets, linkButton, notice, servicePlate, type Service } from './parts.ts'
import { passkeyForm, passkeyNotes, type PasskeyNote } from './passkey-form.ts'
import { interactionPlaces } from '#web/place/interaction.ts'
import { backToService } from './sign-in.ts'

type Elsewhere = { service: Service; uid: string }

/** Where the immediate chooser found nothing: three ways on, said in the person's words. */
export function noPasskeyPage(view: View, { service, uid, canRegister }: Elsewhere & { canRegister: boolean }): Html {
  const t = textsOf(view.language).signIn.none
  const at = interactionPlaces(uid)
  const way = (href: string, label: string, hint: string) =>
    html`<li><a href="${href}"><strong>${label}</strong><span>${hint}</span></a></li>`
  return page(view, {
    title: t.title,
    body: html`${servicePlate(service)}
<h1>${t.title}</h1>
<p class="lead">${t.lead}</p>
<ul class="cards">${way(at.otherPhone, t.otherPhone, t.otherPhoneHint)}
${canRegister && way(at.register, t.register, t.registerHint)}
${way(at.recover, t.lost, t.lostHint)}
${way(at.start, t.again, t.againHint)}</ul>
${backToService(view, service, uid)}`,
  })
}

type OtherPhone = Elsewhere & { options: PublicKeyCredentialRequestOptionsJSON; note?: PasskeyNote }

/** Before the browser's own QR code. The options should carry `hints: ['hybrid']`; the script adds it. */
export function otherPhonePage(view: View, { service, uid, options, note }: OtherPhone): Html {
  const t = textsOf(view.language).signIn.other
  const at = interactionPlaces(uid)
  return page(view, {
    title: t.title,
    script: true,
    body: html`${servicePlate(service)}
<h1>${t.title}</h1>
<p class="lead">${t.lead}</p>
${bullets(t.steps, 'steps')}
${passkeyForm(view, { action: at.passkey, act: 'hybrid', label: t.button })}
${passkeyNotes(view, service, note)}
${notice('warning', t.caution, view.language)}
${linkButton(t.back, at.start, 'link')}
${jsonBlock('passkey-options', options)}`,
  })
}

/** The answer to an empty passkey form: no script, or a browser that knows no passkeys. */
export function unsupportedPage(view: View, { service, uid }: Elsewhere): Html {
  const t = textsOf(view.language).signIn.unsupported
  return page(view, {
    title: t.title,
    failed: true,
    body: html`<h1>${t.title}</h1>
<p class="lead">${t.lead}</p>
${bullets(t.list)}
${linkButton(t.again, interactionPlaces(uid).start)}
${backToService(view, service, uid)}`,
  })
}
