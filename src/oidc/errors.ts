import { errors, type Adapter } from 'oidc-provider'
import { Problem, type ProblemCode } from '#kernel/problem.ts'
import type { ErrorCode } from '#oidc/explained/catalogue.ts'

/** What relying parties are told (RFC 6749 §4.1.2.1, §5.2; OIDC Core §3.1.2.6). In English, and never more than the reason. */
export type OAuthError = { error: ErrorCode; description: string; status: number }

const busy = {
  error: 'temporarily_unavailable', description: 'the service cannot answer right now, try again shortly', status: 503,
} as const
const denied = (description: string) => ({ error: 'access_denied', description, status: 400 }) as const
const malformed = (description: string, status = 400) => ({ error: 'invalid_request', description, status }) as const
const broken = { error: 'server_error', description: 'an internal error occurred and was recorded', status: 500 } as const

export const oauthErrors = {
  'account.locked': denied('the account is not usable'),
  'account.expired': denied('the account is not usable'),
  'account.deceased': denied('the account is not usable'),
  'account.not-activated': denied('the account is not usable'),
  'account.held': denied('the account is not usable'),
  'account.represented': denied('the account is not usable'),
  'acting.not-allowed': denied('the account is not usable'),
  'assurance.unreachable': {
    error: 'unmet_authentication_requirements',
    description: 'the requested assurance cannot be reached by this person',
    status: 400,
  },
  'interaction.expired': malformed('the interaction has expired'),
  'approval.over': denied('the request was answered already, or is over'),
  'passkey.challenge-spent': denied('the sign-in was not completed'),
  'passkey.not-recognised': denied('the sign-in was not completed'),
  'passkey.removed': denied('the sign-in was not completed'),
  'passkey.counter-stale': denied('the sign-in was not completed'),
  'passkey.not-verified': denied('the sign-in was not completed'),
  'passkey.not-asked-for': denied('the sign-in was not completed'),
  'registration.out-of-order': denied('the sign-in was not completed'),
  'registration.code-wrong': denied('the sign-in was not completed'),
  'registration.code-spent': denied('the sign-in was not completed'),
  'registration.refused': denied('the sign-in was not completed'),
  'officer.not-allowed': denied('this is not among what these roles may do'),
  'officer.level': denied('whoever works for the system has an account of level 2'),
  'audit.own': denied('nobody looks themself up in the log of record'),
  'proposal.own': denied('a proposal is decided by another person'),
  'proposal.over': denied('the proposal was decided already'),
  'proposal.stale': denied('what the proposal changes has moved on'),
  'proposal.faulty': malformed('what is proposed cannot be done', 422),
  'proposal.too-many': malformed('too many proposals of this person wait for a decision: withdraw one', 409),
  'connection.over': denied('the request to connect has moved on'),
  'reason.personal': malformed('a reason holds no personal number, telephone number or mail address: name the case', 422),
  'api.unauthorized': { error: 'invalid_token', description: 'the access token or its proof of possession is not valid, or was used before', status: 401 },
  'reader.not-paired': { error: 'invalid_token', description: 'the code of this reader is not valid, is over or was used: an officer makes another at the desk', status: 401 },
  'api.scope-missing': { error: 'insufficient_scope', description: 'the access token does not have the scope for this', status: 403 },
  'api.call-unnamed': malformed('a call that changes something has a name in the header Idempotency-Key: 1 to 128 printable characters'),
  'api.call-under-way': malformed('a call with this Idempotency-Key is being answered', 409),
  'api.call-name-taken': malformed('this Idempotency-Key stands for another call', 422),
  'limit.exceeded': { error: 'temporarily_unavailable', description: 'too many requests, try again later', status: 429 },
  'request.malformed': malformed('the request is malformed'),
  'request.too-large': malformed('the request is too large', 413),
  'request.too-long': malformed('the request is longer than 8,192 characters: push it (RFC 9126) and name its request_uri', 414),
  'request.forged': malformed('the request did not come from where it must'),
  'request.not-found': malformed('there is nothing here', 404),
  'request.method': malformed('this method is not for this address', 405),
  'sealed.unreadable': broken,
  'service.unavailable': busy,
  'service.busy': busy,
  'service.crowded': busy,
  internal: broken,
} satisfies Record<ProblemCode, OAuthError>

/** A request in an organisation's name alone, and whoever came acts for none that it takes. */
export const noOrganisation = denied('the person acts for no organisation that was asked for')

/** A problem of ours as the library's error, so that it reaches the client in the protocol's words. */
export function toProviderError(problem: Problem): errors.OIDCProviderError {
  const { error, description, status } = oauthErrors[problem.code]
  const told = new errors.CustomOIDCProviderError(error, description)
  return Object.assign(told, { status, statusCode: status, cause: problem })
}

/** The way back: a problem of our stores is what it was, also where it went through the library. */
export function problemOf(error: unknown): Problem | undefined {
  const found: unknown = error instanceof errors.OIDCProviderError ? error.cause : error
  return found instanceof Problem ? found : undefined
}

export function untranslated(error: unknown): never {
  throw problemOf(error) ?? error
}

const translate = (error: unknown): never => {
  throw error instanceof Problem ? toProviderError(error) : error
}

/** An act of ours that the library calls: its problems reach the client in the protocol's words; bugs pass as they are. */
export function translated<Given extends readonly unknown[], Result>(
  act: (...given: Given) => Promise<Result>,
): (...given: Given) => Promise<Result> {
  return (...given) => act(...given).catch(translate)
}

/** An adapter whose problems arrive translated; bugs pass as they are. */
export function guarded(adapter: Adapter): Adapter {
  return {
    find: (id) => Promise.resolve(adapter.find(id)).catch(translate),
    findByUid: (uid) => Promise.resolve(adapter.findByUid(uid)).catch(translate),
    findByUserCode: (code) => Promise.resolve(adapter.findByUserCode(code)).catch(translate),
    upsert: (id, payload, ttl) => Promise.resolve(adapter.upsert(id, payload, ttl)).catch(translate),
    consume: (id) => Promise.resolve(adapter.consume(id)).catch(translate),
    destroy: (id) => Promise.resolve(adapter.destroy(id)).catch(translate),
    revokeByGrantId: (grant) => Promise.resolve(adapter.revokeByGrantId(grant)).catch(translate),
  }
}
