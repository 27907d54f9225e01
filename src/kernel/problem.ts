/**
 * Everything that can end a request on purpose, as a closed list. The code is what code branches on, what logs carry and
 * the key under which `web/i18n` holds the sentence for people; how the world is told (status, page, OAuth error) is
 * decided at the edge, in `web/problem-page.ts` and `oidc/errors.ts`, and both must cover the whole list to compile.
 */
export const problemCodes = [
  'account.locked',
  'account.expired',
  'account.deceased',
  'account.not-activated',
  'account.held',
  'account.represented',
  'acting.not-allowed',
  'assurance.unreachable',
  'interaction.expired',
  'approval.over',
  'passkey.challenge-spent',
  'passkey.not-recognised',
  'passkey.removed',
  'passkey.counter-stale',
  'passkey.not-verified',
  'passkey.not-asked-for',
  'registration.out-of-order',
  'registration.code-wrong',
  'registration.code-spent',
  'registration.refused',
  'officer.not-allowed',
  'officer.level',
  'audit.own',
  'proposal.own',
  'proposal.over',
  'proposal.stale',
  'proposal.faulty',
  'proposal.too-many',
  'connection.over',
  'reason.personal',
  'api.unauthorized',
  'reader.not-paired',
  'api.scope-missing',
  'api.call-unnamed',
  'api.call-under-way',
  'api.call-name-taken',
  'limit.exceeded',
  'request.malformed',
  'request.too-large',
  'request.too-long',
  'request.forged',
  'request.not-found',
  'request.method',
  'sealed.unreadable',
  'service.unavailable',
  'service.busy',
  'service.crowded',
  'internal',
] as const

export type ProblemCode = (typeof problemCodes)[number]

/** What may be said about a problem beyond its code: identifiers, counts and times, never an attribute of a person. */
export type ProblemDetail = Readonly<Record<string, string | number>>

/** The one error class of the house. Anything else that is thrown is a bug and is answered with 500. */
export class Problem extends Error {
  readonly code: ProblemCode
  readonly detail: ProblemDetail

  constructor(code: ProblemCode, options: { cause?: unknown; detail?: ProblemDetail } = {}) {
    super(code, options.cause === undefined ? undefined : { cause: options.cause })
    this.name = 'Problem'
    this.code = code
    this.detail = options.detail ?? {}
  }
}
