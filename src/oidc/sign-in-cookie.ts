import type { IncomingMessage, ServerResponse } from 'node:http'
import { epochSeconds, type Clock } from '#kernel/clock.ts'
import { cookieIn } from '#kernel/cookie.ts'
import type { CookieSigner } from '#keys/cookies.ts'
import { interactionRoot, protocolRoutes } from './routes.ts'

export type CookieName = 'eid' | 'eid-sandbox'

/**
 * `__Host-` binds the session cookie to this very host (S03). The two short ones are bound to the path of one
 * interaction, so that two open tabs do not disturb each other; that rules `__Host-` out, which wants the path `/`.
 */
export function cookieNames(name: CookieName, secure: boolean) {
  return {
    session: `${secure ? '__Host-' : ''}${name}-session`,
    interaction: `${secure ? '__Secure-' : ''}${name}-interaction`,
    resume: `${secure ? '__Secure-' : ''}${name}-resume`,
  } as const
}

type Tools = { cookieName: CookieName; issuer: string; clock: Clock }

/** Until when a browser is in the middle of a sign-in, by our signature: the cookies of the library are good for ever to whoever keeps them. */
const nameOf = ({ cookieName, issuer }: Pick<Tools, 'cookieName' | 'issuer'>) => `${issuer.startsWith('https:') ? '__Secure-' : ''}${cookieName}-under-way`
const shape = /^(\d{1,12})\.([\w-]{43})$/
const signed = (uid: string, until: string) => `under-way=${uid}.${until}`

/** Given as a sign-in begins, for as long as it may last, at all addresses of that one (`paths`). */
export function showSignIn({ cookieSigner, clock, ttl, ...names }: Tools & { cookieSigner: Pick<CookieSigner, 'sign'>; ttl: { interaction: number } }) {
  return (response: ServerResponse, uid: string, paths: readonly string[]): void => {
    const until = String(epochSeconds(clock.now()) + ttl.interaction)
    const attributes = [`Max-Age=${ttl.interaction}`, 'HttpOnly', 'SameSite=Lax', ...(names.issuer.startsWith('https:') ? ['Secure'] : [])]
    for (const path of paths) response.appendHeader('Set-Cookie', [`${nameOf(names)}=${until}.${cookieSigner.sign(signed(uid, until))}`, `Path=${path}`, ...attributes].join('; '))
  }
}

const roots = [interactionRoot, protocolRoutes.authorization, protocolRoutes.code_verification]

/**
 * Which sign-in a browser is in the middle of, by the signature of the cookie that it was given when that began, and by no store: whether it
 * is still open is another question. Nothing where the path is of no sign-in, or of another, or where none could have lasted so long.
 */
export function signInShown({ cookieSigner, clock, ...names }: Tools & { cookieSigner: Pick<CookieSigner, 'verify'> }): (request: Pick<IncomingMessage, 'headers'>, path: string) => string | undefined {
  const name = nameOf(names)
  return ({ headers }, path) => {
    const root = roots.find((one) => path.startsWith(`${one}/`))
    const uid = root === undefined ? '' : path.slice(root.length + 1).split('/')[0] ?? ''
    const [, until, signature] = shape.exec(cookieIn(headers, name) ?? '') ?? []
    if (uid === '' || until === undefined || signature === undefined || Number(until) <= epochSeconds(clock.now())) return undefined
    return cookieSigner.verify(signed(uid, until), signature) ? uid : undefined
  }
}
