import { epochSeconds, type Clock } from '#kernel/clock.ts'
import type { AccountId, ClientId, InteractionId } from '#kernel/id.ts'
import { Problem } from '#kernel/problem.ts'
import { secretToken } from '#kernel/random.ts'
import type { Limits } from '#domain/abuse/limits.ts'
import type { AccountStore } from '#domain/account/store.ts'
import type { Evidence } from '#domain/assurance/evidence.ts'
import type { AuditLog } from '#domain/audit/event.ts'
import type { RegistryStore } from '#domain/registry/store.ts'
import type { FaceMatcher, Outcome, Question } from './matcher.ts'

/** A comparison that was asked for in one interaction, on top of the passkey that was shown in it. */
export type Comparison = { id: string; nonce: string; account: AccountId; passkey: string }

export type ComparisonStore = {
  put: (interaction: InteractionId, comparison: Comparison) => Promise<void>
  /** Reads and forgets in one step, so that one answer counts once. */
  take: (interaction: InteractionId) => Promise<Comparison | undefined>
}

/** Where there is none, the levels that need one are offered nowhere. */
type Tools = { faceMatcher?: FaceMatcher | undefined; comparisons: ComparisonStore; audit: AuditLog; clock: Clock }
type Whose = { interaction: InteractionId; client: ClientId; evidence: Evidence; account: AccountId }

type BeginTools = Tools & { accounts: Pick<AccountStore, 'find'>; registry: Pick<RegistryStore, 'find'>; limits: Limits }

/**
 * Sends the holder of an account, who has shown a passkey in this interaction, to the authority. Answers where the browser goes. Throws
 * `limit.exceeded` and `service.unavailable`.
 */
export async function beginComparison(tools: BeginTools, { interaction, account, evidence }: Whose, asked: Pick<Question, 'returnTo' | 'language'>): Promise<string> {
  const matcher = matcherOf(tools)
  await tools.limits.spend('face-comparisons-per-account', account)
  const found = await tools.accounts.find(account)
  const person = found && (await tools.registry.find(found.account.person))
  if (person === undefined) throw new Problem('interaction.expired')
  const nonce = secretToken()
  const { id, capture } = await matcher.begin({ number: person.number, nonce, ...asked })
  await tools.comparisons.put(interaction, { id, nonce, account, passkey: evidence.passkey })
  return capture
}

type Finished = { outcome: 'match'; evidence: Evidence } | { outcome: Exclude<Outcome, 'match'> | 'none' }

/**
 * What the authority found, on record before anybody is told. Only a match for the account and the passkey of this interaction adds to what was
 * shown; `none` where no comparison waits. A `pending` one may be asked about again.
 */
export async function finishComparison(tools: Tools, { interaction, client, account, evidence }: Whose, code: string): Promise<Finished> {
  const waiting = await tools.comparisons.take(interaction)
  if (waiting === undefined || waiting.account !== account || waiting.passkey !== evidence.passkey) return { outcome: 'none' }
  const outcome = await askedAgain(tools, interaction, { waiting, code })
  if (outcome === 'pending') return { outcome }
  if (outcome === 'elsewhere') {
    await tools.audit.append({ type: 'face.refused', client, account, reason: outcome })
    return { outcome: 'none' }
  }
  if (outcome !== 'match') {
    await tools.audit.append({ type: 'face.refused', client, account, reason: outcome })
    return { outcome }
  }
  const shown = { ...evidence, face: epochSeconds(tools.clock.now()) }
  await tools.audit.append({ type: 'face.matched', client, account, passkey: evidence.passkey, level: 3, evidence: shown })
  return { outcome, evidence: shown }
}

/** The question stands as long as it has no answer. */
async function askedAgain(tools: Tools, interaction: InteractionId, { waiting, code }: { waiting: Comparison; code: string }): Promise<Outcome | 'elsewhere'> {
  try {
    const outcome = await matcherOf(tools).outcome(waiting.id, { nonce: waiting.nonce, code })
    if (outcome === 'pending') await tools.comparisons.put(interaction, waiting)
    return outcome
  } catch (error) {
    await tools.comparisons.put(interaction, waiting)
    throw error
  }
}

function matcherOf({ faceMatcher }: Tools): FaceMatcher {
  if (faceMatcher === undefined) throw new Problem('service.unavailable', { detail: { face: 'none' } })
  return faceMatcher
}
