import { html, jsonBlock, type Html } from '#web/html.ts'
import { textsOf } from '#web/i18n/language.ts'
import { csrfField, page, type View } from '#web/page.ts'
import { bullets, button, levelBadge, linkButton, progress, withService } from './parts.ts'
import { inAppNotice, passkeyForm } from './passkey-form.ts'
import { interactionPlaces } from '#web/place/interaction.ts'
import type { Registering } from './registration.ts'
import { backToService } from './sign-in.ts'

type PasskeyStep = Registering & {
  options: PublicKeyCredentialCreationOptionsJSON
  note?: 'cancelled' | 'exists' | 'failed'
}

/** Step 4: the script posts `attestation` (JSON) to `/register/passkey`. */
export function registerPasskeyPage(view: View, { service, uid, options, note }: PasskeyStep): Html {
  const t = textsOf(view.language)
  const p = t.registration.passkey
  return page(view, {
    title: p.title,
    script: true,
    body: html`${progress(4, 4, view.language)}
<h1>${p.title}</h1>
<p class="lead">${p.lead}</p>
<p>${p.name}</p>
${passkeyForm(view, { action: interactionPlaces(uid).newPasskey, act: 'create', label: p.button })}
<p class="note" id="note" role="status" data-cancelled="${p.notes.cancelled}" data-failed="${p.notes.failed}" data-exists="${
      p.notes.exists
    }">${note && p.notes[note]}</p>
${inAppNotice(view, service)}
<noscript><p class="notice warning">${t.signIn.noScript}</p></noscript>
${backToService(view, service, uid)}
${jsonBlock('passkey-options', options)}`,
  })
}

/**
 * The same for an unknown number, a mismatch and a number already registered: whoever types somebody else's number
 * learns nothing (W10).
 */
export function registerRefusedPage(view: View, { service, uid, foreign = false }: Registering & { foreign?: boolean }): Html {
  const { refused: t, passport } = textsOf(view.language).registration
  const { lead, todo, bring } = foreign ? passport.refused : t
  const at = interactionPlaces(uid)
  return page(view, {
    title: t.title,
    body: html`<h1>${t.title}</h1>
<p class="lead">${lead}</p>
<h2>${todo}</h2>
<p>${t.bringTitle}:</p>
${bullets(bring)}
${linkButton(t.again, foreign ? at.passport : at.register, 'secondary')}
<p>${t.already} <a href="${at.start}">${t.signIn}</a></p>
${backToService(view, service, uid)}`,
  })
}

type Done = Registering & {
  foreign?: boolean | undefined
  /** What the password manager may keep for this account (WebAuthn L3 §5.1.10.3). */
  accepted?: { rpId: string; userId: string; allAcceptedCredentialIds: readonly string[] }
}

/** The end of registration: what works now, what needs level 2, and on to the service (POST `/register/finish`). */
export function registerDonePage(view: View, { service, uid, accepted, foreign }: Done): Html {
  const t = textsOf(view.language)
  const d = t.registration.done
  const finish = interactionPlaces(uid).finish
  return page(view, {
    title: d.title,
    script: accepted !== undefined,
    body: html`<p class="done">${levelBadge(1, view.language)}</p>
<h1>${d.title}</h1>
<p class="lead">${d.lead}</p>
<form method="post" action="${finish}">${csrfField(view)}${button(withService(t.frame.backTo, service))}</form>
<h2>${d.worksTitle}</h2>
${bullets(d.works, 'yes')}
<h2>${d.laterTitle}</h2>
${bullets(foreign ? t.registration.passport.later : d.later)}
${accepted && jsonBlock('passkey-accepted', accepted)}`,
  })
}

