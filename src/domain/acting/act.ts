import { accountId, type AccountId, type InteractionId } from '#kernel/id.ts'
import { Problem } from '#kernel/problem.ts'
import type { Evidence } from '#domain/assurance/evidence.ts'
import type { AuditLog } from '#domain/audit/event.ts'
import type { Client } from '#domain/client/client.ts'
import type { ProvenStore } from './store.ts'
import { takesWards, tieOf, wardsOf, type WardTools } from './ward.ts'

/** Those for whom somebody who has just signed in may act at this client, and who have an account. */
export async function choicesAt(tools: WardTools, client: Client, account: AccountId): Promise<readonly { account: AccountId; name: string; tie: 'parent' | 'guardian' }[]> {
  if (!takesWards(client)) return []
  const wards = await wardsOf(tools, account)
  return wards.flatMap(({ person, account: theirs, tie }) => (theirs === undefined ? [] : [{ account: theirs.id, name: person.name, tie: tie.as }]))
}

type Tools = WardTools & { proven: Pick<ProvenStore, 'take'>; audit: AuditLog }

/**
 * The answer to "for whom?", once for each passkey that was shown: for themself, or for somebody whom the register lets them act for at this
 * very moment. What a browser sends is not believed. Throws `passkey.challenge-spent` where the proof was used or is too old, and
 * `acting.not-allowed`, which is recorded.
 */
export async function choose(
  tools: Tools, { interaction, client, choice }: { interaction: InteractionId; client: Client; choice: string },
): Promise<{ account: AccountId; evidence: Evidence }> {
  const proven = await tools.proven.take(interaction)
  if (proven === undefined) throw new Problem('passkey.challenge-spent')
  if (choice === 'self') return proven
  const ward = accountId.safeParse(choice).data
  if (ward === undefined) throw new Problem('request.malformed')
  const { account: representative, evidence } = proven
  const tie = takesWards(client) ? await tieOf(tools, { by: representative, account: ward }) : undefined
  if (tie === undefined) {
    await tools.audit.append({ type: 'acting.refused', client: client.id, account: ward, representative })
    throw new Problem('acting.not-allowed')
  }
  await tools.audit.append({ type: 'acting.begun', client: client.id, account: ward, representative, ground: tie.ground, passkey: evidence.passkey })
  return { account: ward, evidence: { ...evidence, by: representative } }
}
