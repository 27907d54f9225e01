import type { AccountId, ApprovalId, ClientId } from '#kernel/id.ts'
import type { Want } from '#domain/assurance/verdict.ts'
import type { Item } from '#domain/consent/decision.ts'
import type { Detail } from '#domain/consent/details.ts'
import type { NameAsked } from '#domain/organisation/name-asked.ts'

/**
 * A service asks from its own counter or call centre, and the person answers on our pages (OpenID CIBA Core 1.0). What it asks
 * is settled when it asks; nothing of it is read again from the service.
 */
export type Approval = {
  id: ApprovalId
  account: AccountId
  /** Who answers in the place of its holder, who may not act alone: any of these. */
  representatives?: readonly AccountId[] | undefined
  client: ClientId
  /** How the service asks in the name of which organisation the person acts, if it does. */
  organisation?: NameAsked | undefined
  /** The service's name for it (`auth_req_id`): a secret between the service and us, on no page. */
  request: string
  /** What the service shows or reads out (`binding_message`), and what it stands among on our page. */
  code: string
  choices: readonly string[]
  want: Want
  scope: string
  /** What a yes shares and lets the service do, and what it confirms in detail (RFC 9396): as the person reads it. */
  items: readonly Item[]
  details: readonly Detail[]
  /** Scopes by the API they are of. */
  resources: Readonly<Record<string, string>>
  /** Under which names a grant would hold what was asked for, also what this service may not have. */
  asked: readonly string[]
  /** Epoch seconds. */
  askedAt: number
  endsAt: number
}

/** How it ended. `answering` is what another answer finds until the first is through; `failed` is a yes that we could not pass on. */
export type Outcome = 'answering' | 'approved' | 'declined' | 'mismatched' | 'failed'

export type ApprovalStore = {
  /** Puts it before the person; `false`, and nothing is put, when one of this service waits for them already, or as many of all as we allow. */
  open: (approval: Approval) => Promise<boolean>
  /** What waits for the answer of whoever holds this account, for themself or for somebody else, oldest first. */
  waitingFor: (account: AccountId) => Promise<readonly Approval[]>
  find: (id: ApprovalId) => Promise<Approval | undefined>
  /** Begins the one answer: of racing answers exactly one hears `true`. */
  begin: (id: ApprovalId) => Promise<boolean>
  /** Takes the beginning back: it was not answered after all. For whoever began it. */
  release: (id: ApprovalId) => Promise<void>
  /** Ends it, and makes room for another. */
  end: (approval: Approval, outcome: Exclude<Outcome, 'answering'>) => Promise<void>
  outcome: (id: ApprovalId) => Promise<Outcome | undefined>
  /** In this session the right code was picked. */
  match: (id: ApprovalId, session: string) => Promise<void>
  matchedIn: (id: ApprovalId) => Promise<string | undefined>
}

/** Whether whoever holds this account answers it. */
export function isAnsweredBy({ account, representatives }: Pick<Approval, 'account' | 'representatives'>, who: AccountId): boolean {
  return representatives === undefined ? account === who : representatives.includes(who)
}
