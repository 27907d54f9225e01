import type { IncomingMessage } from 'node:http'
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

type Tools = { cookieSigner: Pick<CookieSigner, 'verify'>; cookieName: CookieName; issuer: string }

/**
 * Which sign-in a browser is in the middle of, by the signature of the cookie that it was given when that began, and by no store: whether it
 * is still open is another question. Nothing where the path is of no sign-in, or of another.
 */
export function signInShown({ cookieSigner, cookieName, issuer }: Tools): (request: Pick<IncomingMessage, 'headers'>, path: string) => string | undefined {
  const names = cookieNames(cookieName, issuer.startsWith('https:'))
  const roots = [[`${interactionRoot}/`, names.interaction], [`${protocolRoutes.authorization}/`, names.resume]] as const
  return ({ headers }, path) => {
    const [root, name] = roots.find(([start]) => path.startsWith(start)) ?? []
    if (root === undefined || name === undefined) return undefined
    const uid = path.slice(root.length).split('/')[0] ?? ''
    const isOurs = uid !== '' && cookieIn(headers, name) === uid && cookieSigner.verify(`${name}=${uid}`, cookieIn(headers, `${name}.sig`) ?? '')
    return isOurs ? uid : undefined
  }
}
