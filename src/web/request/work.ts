import type { Context } from 'koa'
import type { Work } from '#domain/abuse/admission.ts'
import { interactionRoot, protocolRoutes, protocolRule } from '#oidc/routes.ts'
import { places } from '#web/place/citizen.ts'
import { registrationPath } from '#web/place/program.ts'

const { authorization, pushed_authorization_request: par, backchannel_authentication: asking, device_authorization: device, token, userinfo, introspection, revocation, jwks } = protocolRoutes

/** Answered from memory, or by sending the browser on. */
const free: ReadonlySet<string> = new Set([jwks, places.home, places.help, places.privacy, places.accessibility, places.language, '/livez', '/readyz'])

/** How services begin: for somebody whom they send, or whom they ask. */
const sending: ReadonlySet<string> = new Set([par, asking, device])
const beginning: ReadonlySet<string> = new Set([authorization, ...sending, registrationPath])

/** What services do for somebody who is signing in or has signed in. */
const ofServices: ReadonlySet<string> = new Set([token, userinfo, introspection, revocation])

/** What a request shows beside its address: the sign-in whose signed cookie the browser has, and whether it is from where a service has proved itself. */
type Shown = { signIn?: string | undefined; isKnown?: boolean }

/** Which work a request is part of; nothing for what costs nothing and never waits. An address says nothing that everybody could not say. */
export function workOf({ method, path, query }: Pick<Context, 'method' | 'path' | 'query'>, { signIn, isKnown = false }: Shown = {}): Work | undefined {
  if (costsNothing(method, path)) return undefined
  const begun = howItBegins({ method, path, query }, isKnown)
  if (begun !== undefined) return begun
  if (signIn !== undefined || (ofServices.has(path) && isKnown)) return 'finishing'
  return path.startsWith(`${interactionRoot}/`) || path === places.lost || protocolRule(path) !== undefined ? 'claimed' : 'aside'
}

/** Nothing of what begins nothing. */
function howItBegins({ method, path, query }: Pick<Context, 'method' | 'path' | 'query'>, isKnown: boolean): Work | undefined {
  if (path === authorization) return isReference(query['request_uri']) ? 'pushed' : 'beginning'
  if (isKnown && sending.has(path)) return 'sending'
  return beginning.has(path) || beginsToRegister(method, path) ? 'beginning' : undefined
}

/** A request that is posted to the door is sent on by GET, where it is counted. */
function costsNothing(method: string, path: string): boolean {
  return free.has(path) || path.startsWith('/.well-known/') || method === 'OPTIONS' || (path === authorization && method === 'POST')
}

/** With the number or the passport of who registers begins what takes eight more steps. */
function beginsToRegister(method: string, path: string): boolean {
  return method === 'POST' && path.startsWith(`${interactionRoot}/`) && /\/(register|passport)$/.test(path)
}

/** As we make them (RFC 9126 §2.2). Whether it was ever given is known to the store alone. */
function isReference(given: unknown): boolean {
  return typeof given === 'string' && /^urn:ietf:params:oauth:request_uri:[\w-]{43}$/.test(given)
}
