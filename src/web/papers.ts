import type { KeyObject } from 'node:crypto'
import { z } from 'zod'
import { route } from './route.ts'
import { styleguidePage } from './views/styleguide.ts'
import { rememberLanguage, viewOf } from './request/visit.ts'
import { accessibilityPage, devHomePage, helpPage, privacyPage } from './views/papers.ts'
import { languages } from './i18n/language.ts'

/** Pages that belong to no interaction. */
type Tools = { csrfKey: KeyObject; issuer: string; demoPortal: string | undefined }

const nothing = z.strictObject({})

export const showHome = route({
  route: 'GET /',
  who: 'anyone',
  form: nothing,
  act: async (tools: Tools, visit) => {
    const view = viewOf(tools, visit)
    return { page: tools.demoPortal === undefined ? helpPage(view) : devHomePage(view, { portal: tools.demoPortal }) }
  },
})

export const showHelp = route({ route: 'GET /tro-giup', who: 'anyone', form: nothing, act: async (tools: Tools, visit) => ({ page: helpPage(viewOf(tools, visit)) }) })
export const showPrivacy = route({ route: 'GET /quyen-rieng-tu', who: 'anyone', form: nothing, act: async (tools: Tools, visit) => ({ page: privacyPage(viewOf(tools, visit)) }) })
export const showAccessibility = route({ route: 'GET /tro-nang', who: 'anyone', form: nothing, act: async (tools: Tools, visit) => ({ page: accessibilityPage(viewOf(tools, visit)) }) })
export const showStyleguide = route({ route: 'GET /styleguide', who: 'anyone', form: nothing, act: async (tools: Tools, visit) => ({ page: styleguidePage(viewOf(tools, visit)) }) })

/** Comes back to the page it was used on; for a while the choice outweighs the wish of the service. */
export const chooseLanguage = route({
  route: 'POST /language',
  who: 'anyone',
  form: z.strictObject({ csrf: z.string().max(64), language: z.enum(languages), return: z.string().max(8192) }),
  act: async (tools: Tools, visit, { language, return: back }) => {
    // Only a path of this site: an address of another host would make this an open redirector (RFC 9700 §4.11).
    const target = URL.canParse(back, tools.issuer) ? new URL(back, tools.issuer) : new URL(tools.issuer)
    const path = target.origin === tools.issuer && back.startsWith('/') ? target.pathname + target.search : '/'
    rememberLanguage(visit, { language, secure: tools.issuer.startsWith('https:') })
    return { redirect: path }
  },
})
