import { Problem, type ProblemCode, type ProblemDetail } from '#kernel/problem.ts'
import { protocolRoutes } from '#oidc/routes.ts'
import type { Html } from '#web/html.ts'
import { textsOf } from '#web/i18n/language.ts'
import { wordProblem } from '#web/i18n/problem.ts'
import type { View } from '#web/page.ts'
import { errorPage, type ErrorProps } from '#web/views/error.ts'

type Rule = { status: number; log: 'debug' | 'info' | 'warn' | 'error' }

/** How the world is told. A new code does not compile until it says both here. */
export const rules = {
  'account.locked': { status: 403, log: 'info' },
  'account.expired': { status: 403, log: 'info' },
  'account.deceased': { status: 403, log: 'info' },
  'account.not-activated': { status: 403, log: 'info' },
  'account.held': { status: 403, log: 'info' },
  'account.represented': { status: 403, log: 'info' },
  'acting.not-allowed': { status: 403, log: 'warn' },
  'assurance.unreachable': { status: 403, log: 'info' },
  'interaction.expired': { status: 400, log: 'info' },
  'approval.over': { status: 404, log: 'info' },
  'passkey.challenge-spent': { status: 400, log: 'info' },
  'passkey.not-recognised': { status: 403, log: 'info' },
  'passkey.removed': { status: 403, log: 'info' },
  'passkey.counter-stale': { status: 403, log: 'error' },
  'passkey.not-verified': { status: 403, log: 'warn' },
  'passkey.not-asked-for': { status: 403, log: 'info' },
  'registration.out-of-order': { status: 409, log: 'info' },
  'registration.code-wrong': { status: 400, log: 'info' },
  'registration.code-spent': { status: 400, log: 'info' },
  'registration.refused': { status: 403, log: 'info' },
  'officer.not-allowed': { status: 403, log: 'warn' },
  'officer.level': { status: 403, log: 'warn' },
  'audit.own': { status: 403, log: 'warn' },
  'proposal.own': { status: 403, log: 'warn' },
  'proposal.over': { status: 409, log: 'info' },
  'proposal.stale': { status: 409, log: 'info' },
  'proposal.faulty': { status: 422, log: 'info' },
  'proposal.too-many': { status: 409, log: 'warn' },
  'connection.over': { status: 409, log: 'info' },
  'reason.personal': { status: 422, log: 'info' },
  'api.unauthorized': { status: 401, log: 'info' },
  'reader.not-paired': { status: 401, log: 'info' },
  'api.scope-missing': { status: 403, log: 'info' },
  'api.call-unnamed': { status: 400, log: 'info' },
  'api.call-under-way': { status: 409, log: 'info' },
  'api.call-name-taken': { status: 422, log: 'info' },
  'limit.exceeded': { status: 429, log: 'warn' },
  'request.malformed': { status: 400, log: 'info' },
  'request.too-large': { status: 413, log: 'info' },
  'request.too-long': { status: 414, log: 'info' },
  'request.forged': { status: 403, log: 'warn' },
  'request.not-found': { status: 404, log: 'info' },
  'request.method': { status: 405, log: 'info' },
  'sealed.unreadable': { status: 500, log: 'error' },
  'service.unavailable': { status: 503, log: 'error' },
  'service.busy': { status: 503, log: 'warn' },
  // Thousands in a second where it is crowded: the figures count them (`eid_work_refused_total`).
  'service.crowded': { status: 503, log: 'debug' },
  internal: { status: 500, log: 'error' },
} satisfies Record<ProblemCode, Rule>

export type Told = { code: ProblemCode; detail: ProblemDetail; rule: Rule }

/** A problem is told as what it is; anything else that was thrown is a bug and tells nothing. */
export function tellOf(error: unknown): Told {
  const problem = error instanceof Problem ? error : new Problem('internal', { cause: error })
  return { code: problem.code, detail: problem.detail, rule: rules[problem.code] }
}

type Besides = Pick<ErrorProps, 'reference' | 'back' | 'technical'>

/** Where another code can be typed, once there was an end to one. */
export function backToDevice({ language }: View): NonNullable<Besides['back']> {
  return { href: protocolRoutes.code_verification, label: textsOf(language).device.back }
}

export function problemPage(view: View, { code, detail }: Told, besides: Besides): Html {
  const { title, sentence, todo } = wordProblem(code, detail, view.language)
  return errorPage(view, { title, sentence, whatToDo: todo, ...besides })
}
