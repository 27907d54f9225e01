import { randomBytes } from 'node:crypto'
import type { IncomingMessage } from 'node:http'
import type { Language } from './words.ts'

/** One sign-in under way: what its answer must match (OpenID Connect Core §3.1.2.1, RFC 7636). */
export type Pending = { state: string; nonce: string; verifier: string }

export type SignedIn = {
  idToken: string
  /** Claims of the verified ID token. */
  token: Readonly<Record<string, unknown>>
  /** Claims of the UserInfo answer. */
  userinfo: Readonly<Record<string, unknown>>
}

export type Session = { language: Language; pending: readonly Pending[]; signedIn?: SignedIn }

export type Sessions = {
  of: (request: IncomingMessage) => Session | undefined
  /** Keeps it under a new name and forgets the old one, so that a name known before sign-in is worth nothing after. */
  keep: (request: IncomingMessage, session: Session) => { cookie: string }
}

const mostSessions = 1000

/** Sessions in memory, the oldest forgotten first. Cookies of one host are shared by its ports, so each site names its own. */
export function makeSessions(site: string): Sessions {
  const kept = new Map<string, Session>()
  const name = `${site}_session`
  const idOf = (request: IncomingMessage) => cookieOf(request, name)
  return {
    of: (request) => kept.get(idOf(request) ?? ''),
    keep: (request, session) => {
      kept.delete(idOf(request) ?? '')
      const [oldest] = kept.keys()
      if (kept.size >= mostSessions && oldest !== undefined) kept.delete(oldest)
      const id = randomBytes(32).toString('base64url')
      kept.set(id, session)
      return { cookie: `${name}=${id}; Path=/; HttpOnly; SameSite=Lax` }
    },
  }
}

function cookieOf(request: IncomingMessage, name: string): string | undefined {
  const found = (request.headers.cookie ?? '').split(/; */).find((pair) => pair.startsWith(`${name}=`))
  return found?.slice(name.length + 1)
}
