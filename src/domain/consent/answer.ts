import type { Clock } from '#kernel/clock.ts'
import type { AccountId, ClientId } from '#kernel/id.ts'
import type { AuditLog } from '#domain/audit/event.ts'
import { answerOf, type Item } from './decision.ts'
import { digestOf, type Detail } from './details.ts'
import type { ConsentStore } from './store.ts'

/** Who is asked by whom to share what. */
type Question = { account: AccountId; /** Who answers, where that is not the account's holder. */ by?: AccountId | undefined; client: ClientId; items: readonly Item[]; details?: readonly Detail[] }

type GiveTools = { consents: Pick<ConsentStore, 'record'>; clock: Clock }

/**
 * Agrees to all that was asked but the optional attributes left unticked (by their ids). The answer and its audit event are
 * durable before anything is shared (L01; Law 91/2025 Art 9).
 */
export async function giveConsent(tools: GiveTools, { account, by, client, items, details = [] }: Question, ticked: ReadonlySet<string>): Promise<void> {
  const consent = answerOf(items, ticked, tools.clock.now())
  const isDeclined = ({ attribute }: Item) => Object.hasOwn(consent.declined, attribute.id)
  const event = {
    type: 'consent.given', client, account,
    claims: claimsOf(items.filter((item) => !isDeclined(item))),
    declined: claimsOf(items.filter(isDeclined)),
    ...(details.length > 0 && { details: details.map(digestOf) }),
    ...(by && { representative: by }),
  } as const
  await tools.consents.record({ account, client, by, consent, event })
}

/** Shares nothing. It is recorded and not remembered: the next sign-in asks again. */
export async function declineConsent({ audit }: { audit: AuditLog }, { account, by, client, items }: Question): Promise<void> {
  await audit.append({ type: 'consent.declined', client, account, claims: claimsOf(items), ...(by && { representative: by }) })
}

/** Attributes by their claims, access by its id. */
function claimsOf(items: readonly Item[]): readonly string[] {
  return items.flatMap(({ attribute, claims }) => (claims.length > 0 ? claims : [attribute.id]))
}
