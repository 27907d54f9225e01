import type { KeyObject } from 'node:crypto'
import { z } from 'zod'
import type { Html } from './html.ts'
import { languages } from './i18n/language.ts'
import type { View } from './page.ts'
import { places } from './place/citizen.ts'
import { rememberLanguage, viewOf } from './request/visit.ts'
import { route, type Route } from './route.ts'
import { accessibilityPage, devHomePage, helpPage, privacyPage } from './views/papers.ts'
import { styleguidePage } from './views/styleguide.ts'

type Tools = { csrfKey: KeyObject; issuer: string; demoPortal: string | undefined }

/** A page that belongs to no interaction and asks nothing. */
function paper(at: `/${string}`, draw: (view: View, tools: Tools) => Html): Route<Tools> {
  return route({
    route: `GET ${at}`,
    who: 'anyone',
    form: z.strictObject({}),
    act: async (tools: Tools, visit) => ({ page: draw(viewOf(tools, visit), tools) }),
  })
}

export const papers = [
  paper(places.home, (view, { demoPortal: portal }) => (portal === undefined ? helpPage(view) : devHomePage(view, { portal }))),
  paper(places.help, helpPage),
  paper(places.privacy, privacyPage),
  paper(places.accessibility, accessibilityPage),
]

/** Only outside production. */
export const showStyleguide = paper(places.styleguide, styleguidePage)

/** Comes back to the page it was used on; for a while the choice outweighs the wish of the service. */
export const chooseLanguage = route({
  route: `POST ${places.language}`,
  who: 'anyone',
  form: z.strictObject({ csrf: z.string().max(64), language: z.enum(languages), return: z.string().max(8192) }),
  act: async (tools: Tools, visit, { language, return: back }) => {
    // Only a path of this site: an address of another host would make this an open redirector (RFC 9700 §4.11).
    const target = URL.canParse(back, tools.issuer) ? new URL(back, tools.issuer) : new URL(tools.issuer)
    // A path that begins with two slashes is an address of another host to a browser.
    const ours = target.origin === tools.issuer && back.startsWith('/') && !target.pathname.startsWith('//')
    const path = ours ? target.pathname + target.search : places.home
    rememberLanguage(visit, { language, secure: tools.issuer.startsWith('https:') })
    return { redirect: path }
  },
})
