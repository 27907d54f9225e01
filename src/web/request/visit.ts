import { createHmac, timingSafeEqual, type KeyObject } from 'node:crypto'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { cookieIn } from '#kernel/cookie.ts'
import { epochSeconds } from '#kernel/clock.ts'
import { Problem } from '#kernel/problem.ts'
import type { ShownBanners } from '#domain/banner/store.ts'
import type { Officer } from '#domain/officer/officer.ts'
import type { SignedIn } from '#oidc/sessions.ts'
import type { View } from '#web/page.ts'
import { pickLanguage, type Language } from '#web/i18n/language.ts'

/** One request to a page, as routes see it. */
export type Visit = {
  exchange: { req: IncomingMessage; res: ServerResponse }
  /** Where the request came from, as the outermost trusted proxy saw it. */
  address: string
  reference: string
  path: string
  /** What the forms of this page are bound to: an interaction, a session, or nothing in particular. */
  bound: string
  /** Set for routes that are for a `citizen`, before anything else is done. */
  citizen?: SignedIn
  /** Set for routes of officers: the citizen at work, with the roles they have now. */
  officer?: Officer
  at: Date
}

/** `trying`: this is the sandbox, and every page says so. */
type Seal = { csrfKey: KeyObject; shownBanners?: Pick<ShownBanners, 'at'>; trying?: boolean | undefined }

export function csrfToken({ csrfKey }: Seal, bound: string): string {
  return createHmac('sha256', csrfKey).update(bound).digest('base64url')
}

/** Throws `request.forged` unless the form carries the token of this very interaction (S06). */
export function checkCsrf(seal: Seal, bound: string, given: unknown): void {
  const expected = Buffer.from(csrfToken(seal, bound))
  const shown = Buffer.from(typeof given === 'string' ? given : '')
  if (shown.length !== expected.length || !timingSafeEqual(shown, expected)) throw new Problem('request.forged')
}

/**
 * A form comes from a page of ours. Browsers say so in `Sec-Fetch-Site`, older ones in `Origin`; whoever says neither is
 * refused (S06, default deny).
 */
export function checkSameOrigin(headers: IncomingMessage['headers'], issuer: string): void {
  const site = headers['sec-fetch-site']
  const own = site === undefined ? headers.origin === issuer : site === 'same-origin'
  if (!own) throw new Problem('request.forged')
}

const languageCookie = 'eid-language'

/** A sign-in and its consent are interactions of their own; within this time they are one visit to the person. */
const chosenSeconds = 3600

/**
 * The cookie remembers the language, and when it was chosen: for an hour it outweighs the wish of a service, so that a
 * choice on the sign-in page still holds on the consent page.
 */
export function languageOf(visit: Pick<Visit, 'exchange' | 'at'>, uiLocales?: string): Language {
  const { language, fresh } = keptLanguage(visit)
  const acceptLanguage = visit.exchange.req.headers['accept-language']
  return pickLanguage({ chosen: fresh ? language : undefined, uiLocales, cookie: language, acceptLanguage })
}

function keptLanguage({ exchange: { req: { headers } }, at }: Pick<Visit, 'exchange' | 'at'>): { language: string | undefined; fresh: boolean } {
  const [language, chosenAt] = cookieIn(headers, languageCookie)?.split('.') ?? []
  return { language, fresh: Number(chosenAt) + chosenSeconds > epochSeconds(at) }
}

/** Whether the person has used the switch during this visit. */
export const hasChosenLanguage = (visit: Pick<Visit, 'exchange' | 'at'>): boolean => keptLanguage(visit).fresh

type Choice = { language: Language; secure: boolean }

export function rememberLanguage({ exchange: { res }, at }: Visit, { language, secure }: Choice): void {
  const attributes = ['Path=/', 'Max-Age=31536000', 'HttpOnly', 'SameSite=Lax', ...(secure ? ['Secure'] : [])]
  res.appendHeader('Set-Cookie', [`${languageCookie}=${language}.${epochSeconds(at)}`, ...attributes].join('; '))
}

export function viewOf(seal: Seal, visit: Visit, uiLocales?: string): View {
  // The language is chosen at an address of its own, which knows no session.
  const languageCsrf = visit.citizen && csrfToken(seal, '')
  return {
    language: languageOf(visit, uiLocales), csrf: csrfToken(seal, visit.bound), here: visit.path,
    ...(languageCsrf !== undefined && { languageCsrf }),
    banners: seal.shownBanners?.at(visit.at) ?? [],
    ...(seal.trying === true && { trying: true }),
  }
}
