import type { Clock } from '#kernel/clock.ts'
import type { AccountId, ClientId } from '#kernel/id.ts'
import type { AuditLog } from '#domain/audit/event.ts'
import { answerOf, type Item } from './decision.ts'
import type { ConsentStore } from './store.ts'

/** Who is asked by whom to share what. */
type Question = { account: AccountId; client: ClientId; items: readonly Item[] }

type GiveTools = { consents: Pick<ConsentStore, 'record'>; clock: Clock }

/**
 * Agrees to all that was asked but the optional attributes left unticked (by their ids). The answer and its audit event are
 * durable before anything is shared (L01; Law 91/2025 Art 9).
 */
export async function giveConsent(tools: GiveTools, { account, client, items }: Question, ticked: ReadonlySet<string>): Promise<void> {
  const consent = answerOf(items, ticked, tools.clock.now())
  const isDeclined = ({ attribute }: Item) => Object.hasOwn(consent.declined, attribute.id)
  const event = {
    type: 'consent.given', client, account,
    claims: claimsOf(items.filter((item) => !isDeclined(item))),
    declined: claimsOf(items.filter(isDeclined)),
  } as const
  await tools.consents.record({ account, client, consent, event })
}

/** Shares nothing. It is recorded and not remembered: the next sign-in asks again. */
export async function declineConsent({ audit }: { audit: AuditLog }, { account, client, items }: Question): Promise<void> {
  await audit.append({ type: 'consent.declined', client, account, claims: claimsOf(items) })
}

function claimsOf(items: readonly Item[]): readonly string[] {
  return items.flatMap(({ claims }) => claims)
}
