import type { Clock } from '#kernel/clock.ts'
import type { AccountId } from '#kernel/id.ts'
import { Problem } from '#kernel/problem.ts'
import type { AuditLog } from '#domain/audit/event.ts'
import type { AuthenticatorRules } from '#domain/passkey/authenticators.ts'
import type { ChallengeStore, Passkey, PasskeyStore, RelyingParty } from '#domain/passkey/passkey.ts'
import { beginRegistration, finishRegistration, type KeyOccasion, type OwnKeyKind, type RegisterOptions } from '#domain/passkey/registration.ts'
import type { Attestation } from '#domain/passkey/response.ts'

/** Somebody who is signed in, and has just shown it. */
type Holder = { session: string; account: AccountId }

type Tools = {
  passkeys: Pick<PasskeyStore, 'ofAccount' | 'add'>
  challenges: ChallengeStore
  rp: RelyingParty
  authenticators: AuthenticatorRules
}

const occasionOf = ({ session, account }: Holder, kind: OwnKeyKind): KeyOccasion => ({ kind, holder: `${session}.${account}` })

/** What the browser is to ask for; `full` where the account has as many as it may. */
export async function beginOwnKey(tools: Tools, holder: Holder, { kind, label }: { kind: OwnKeyKind; label: string }): Promise<RegisterOptions | 'full'> {
  const known = await tools.passkeys.ofAccount(holder.account)
  if (known.length >= tools.authenticators.passkeysPerAccount) return 'full'
  return beginRegistration(tools, occasionOf(holder, kind), { account: holder.account, label, known })
}

type FinishTools = Tools & {
  audit: AuditLog
  clock: Clock
}

export type Added = { is: 'added'; hardwareBound: boolean } | { is: 'taken' | 'full' }

/**
 * One more key for this account, recorded before anybody is told (L01); its holder hears of it, for it may not have been
 * them (W09). Throws the problems of `finishRegistration`.
 */
export async function addOwnKey(tools: FinishTools, holder: Holder, { kind, answer }: { kind: OwnKeyKind; answer: Attestation }): Promise<Added> {
  const { account } = holder
  const { anchors, passkeysPerAccount: most } = tools.authenticators
  const made = await orRecorded(tools, account, () => finishRegistration(tools, occasionOf(holder, kind), { account, answer, anchors }))
  const { id: passkey, aaguid, hardwareBound } = made
  const outcome = await tools.passkeys.add(made, { most, event: { type: 'passkey.added', account, passkey, aaguid, hardwareBound } })
  if (outcome !== 'added') {
    await tools.audit.append({ type: 'passkey.not-added', account, reason: outcome })
    return { is: outcome }
  }
  return { is: 'added', hardwareBound }
}

async function orRecorded({ audit }: Pick<FinishTools, 'audit'>, account: AccountId, make: () => Promise<Passkey>): Promise<Passkey> {
  try {
    return await make()
  } catch (error) {
    // Without its stores nothing can be recorded, and nothing was decided either.
    if (error instanceof Problem && error.code !== 'service.unavailable') {
      await audit.append({ type: 'passkey.not-added', account, reason: error.code })
    }
    throw error
  }
}
