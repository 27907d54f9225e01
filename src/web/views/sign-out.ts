import { html, type Html } from '#web/html.ts'
import { formatCount } from '#web/i18n/format.ts'
import { textsOf } from '#web/i18n/language.ts'
import { page, type View } from '#web/page.ts'
import { places } from '#web/place/citizen.ts'
import { radioList } from './field.ts'
import { button, linkButton, withService, type Service } from './parts.ts'

export type SignOut = {
  action: string
  /** The provider's own token against forged sign-outs; this form carries no other. */
  xsrf: string
  service?: Service
  /** How many services the session is signed in to. */
  count?: number
  /** The service has proven whose session it ends, so nobody is asked: the script presses the button. */
  proven?: boolean
}

/**
 * Asks before signing out (OpenID RP-Initiated Logout 1.0 §2). Posts `xsrf` and `logout`: `yes` ends the session, empty
 * leaves only the one service. Whoever came from nowhere, or has one service only, is not asked which.
 */
export function signOutPage(view: View, { action, xsrf, service, count, proven = false }: SignOut): Html {
  const t = textsOf(view.language).signOut
  const several = !proven && service !== undefined && count !== undefined && count > 1
  return page(view, {
    title: t.title,
    script: proven,
    body: html`<h1>${t.title}</h1>
${several ? html`<p class="lead">${t.count(formatCount(count, view.language))}</p>` : html`<p class="lead">${t.allText}</p>`}
<form method="post" action="${action}"${proven && html` data-now`}><input type="hidden" name="xsrf" value="${xsrf}">
${
  several
    ? radioList('logout', t.legend, [
        { value: '', label: withService(t.only, service), checked: true },
        { value: 'yes', label: t.all },
      ])
    : html`<input type="hidden" name="logout" value="yes">`
}
${button(t.button)}</form>
${!proven && wayBack(view, service)}`,
  })
}

/** For whoever came here by mistake. */
function wayBack({ language }: View, service: Service | undefined): Html | false {
  const t = textsOf(language)
  if (service === undefined) return linkButton(t.myEid.back, places.account, 'link')
  return service.uri !== undefined && linkButton(withService(t.frame.backTo, service), service.uri, 'link')
}

/** The end of the session. `back` leads to the service, when it is known and trusted. */
export function signedOutPage(view: View, { service, back }: { service?: Service; back?: string } = {}): Html {
  const t = textsOf(view.language)
  return page(view, {
    title: t.signOut.done,
    body: html`<h1>${t.signOut.done}</h1>
<p class="lead">${t.signOut.doneText}</p>
${service && back !== undefined && linkButton(withService(t.frame.backTo, service), back, 'secondary')}`,
  })
}
