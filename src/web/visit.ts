import { createHmac, timingSafeEqual, type KeyObject } from 'node:crypto'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { Problem } from '#kernel/problem.ts'
import type { View } from './page.ts'
import { pickLanguage, type Language } from './i18n/language.ts'

/** One request to a page, as routes see it. */
export type Visit = {
  exchange: { req: IncomingMessage; res: ServerResponse }
  /** Where the request came from, as the outermost trusted proxy saw it. */
  address: string
  reference: string
  path: string
  /** What the forms of this page are bound to: an interaction, or nothing in particular. */
  bound: string
}

type Seal = { csrfKey: KeyObject }

export function csrfToken({ csrfKey }: Seal, bound: string): string {
  return createHmac('sha256', csrfKey).update(bound).digest('base64url')
}

/** Throws `request.forged` unless the form carries the token of this very interaction (security.md S06). */
export function checkCsrf(seal: Seal, bound: string, given: unknown): void {
  const expected = Buffer.from(csrfToken(seal, bound))
  const shown = Buffer.from(typeof given === 'string' ? given : '')
  if (shown.length !== expected.length || !timingSafeEqual(shown, expected)) throw new Problem('request.forged')
}

/**
 * A form comes from a page of ours. Browsers say so in `Sec-Fetch-Site`, older ones in `Origin`; whoever says neither is
 * refused (security.md S06, default deny).
 */
export function checkSameOrigin(headers: IncomingMessage['headers'], issuer: string): void {
  const site = headers['sec-fetch-site']
  const own = site === undefined ? headers.origin === issuer : site === 'same-origin'
  if (!own) throw new Problem('request.forged')
}

const languageCookie = 'eid-language'

/** The cookie remembers the language, and for which interaction it was chosen: there it outweighs the service's wish. */
export function languageOf({ exchange: { req }, bound }: Pick<Visit, 'exchange' | 'bound'>, uiLocales?: string): Language {
  const cookie = req.headers.cookie?.split(/; */).find((pair) => pair.startsWith(`${languageCookie}=`))
  const [language, chosenAt] = cookie?.slice(languageCookie.length + 1).split('.') ?? []
  return pickLanguage({ chosen: chosenAt === bound ? language : undefined, uiLocales, cookie: language, acceptLanguage: req.headers['accept-language'] })
}

export function rememberLanguage({ exchange: { res } }: Visit, choice: { language: Language; bound: string; secure: boolean }): void {
  const { language, bound, secure } = choice
  res.appendHeader('Set-Cookie', `${languageCookie}=${language}.${bound}; Path=/; Max-Age=31536000; HttpOnly; SameSite=Lax${secure ? '; Secure' : ''}`)
}

export function viewOf(seal: Seal, visit: Visit, uiLocales?: string): View {
  return { language: languageOf(visit, uiLocales), csrf: csrfToken(seal, visit.bound), here: visit.path }
}
