import type { Clock } from '#kernel/clock.ts'
import { newId, type ProposalId } from '#kernel/id.ts'
import { Problem } from '#kernel/problem.ts'
import type { AuditLog } from '#domain/audit/event.ts'
import type { ClientStore } from '#domain/client/store.ts'
import type { OfficerStore } from '#domain/officer/store.ts'
import { keyFault, type KeyFault } from '#domain/signing-key/change-fault.ts'
import type { HeldKey, KeyChange } from '#domain/signing-key/key.ts'
import type { KeyRules } from '#domain/signing-key/rules.ts'
import type { KeyChangeStore, SigningKeys } from '#domain/signing-key/store.ts'
import type { EmergencyAct } from './act.ts'
import { plainKey, sealableDays, type SealedKey } from './key.ts'
import type { BreakGlassStore } from './store.ts'

type Opening = { audit: AuditLog; breakGlass: BreakGlassStore; /** Keyed by the server's key file. */ hashOf: (key: string) => Uint8Array; clock: Clock }
type Tools = Opening & {
  clientStore: Pick<ClientStore, 'find' | 'suspend'>
  officers: Pick<OfficerStore, 'rolesOf' | 'end'>
  signingKeys: SigningKeys & Pick<KeyChangeStore, 'decide'>
  keyRules: KeyRules
}

/** An approved proposal to seal a key. */
type Agreed = { id: ProposalId; decidedAt: Date }

/** Makes the key that two people agreed to and remembers its hash; `undefined` where that approval was used already, or is over (`sealableDays`). */
export async function seal({ breakGlass, hashOf, clock }: Omit<Opening, 'audit'>, proposal: Agreed, written: string): Promise<SealedKey | undefined> {
  const at = clock.now()
  if (at.getTime() - proposal.decidedAt.getTime() > sealableDays * 86_400_000) return undefined
  const id = newId(at.getTime())
  const made = await breakGlass.seal({ id, hash: hashOf(plainKey(written)), proposal: proposal.id }, at, { type: 'break-glass.sealed', key: id, proposal: proposal.id, by: 'operator' })
  return made ? { id, sealedAt: at } : undefined
}

/** The key in force, where it was typed; that something else was is on record, and an alarm. Throws `officer.not-allowed`. */
async function open({ audit, breakGlass, hashOf }: Opening, typed: string): Promise<SealedKey> {
  const key = await breakGlass.opened(hashOf(plainKey(typed)))
  if (key !== undefined) return key
  await audit.append({ type: 'break-glass.refused', by: 'operator' })
  throw new Problem('officer.not-allowed')
}

/** Tries the way without going it: file, database, key and letters. The key is not spent. Throws `officer.not-allowed`. */
export async function drill(tools: Opening, typed: string): Promise<void> {
  const key = await open(tools, typed)
  await tools.breakGlass.drill(key.id, tools.clock.now(), { type: 'break-glass.drilled', key: key.id, by: 'operator' })
}

export type EmergencyFault = { act: EmergencyAct; fault: 'not-live' | 'no-roles' | KeyFault }
type Wish = { typed: string; acts: readonly EmergencyAct[]; reason: string }

/**
 * Opens the seal, once, for all that is to be done. What is impossible is said before the key is spent; then the log of record has the whole, with an
 * alarm, before the first of it is done, and each act its own event besides. Throws `officer.not-allowed` for another key.
 */
export async function breakGlass(tools: Tools, { typed, acts, reason }: Wish): Promise<readonly EmergencyFault[]> {
  const key = await open(tools, typed)
  const at = tools.clock.now()
  const faults = (await Promise.all(acts.map((act) => faultOf(tools, act, acts)))).filter((fault) => fault !== undefined)
  if (faults.length > 0) return faults
  const event = { type: 'break-glass.used', key: key.id, acts, reason, by: 'operator' } as const
  if (!(await tools.breakGlass.spend(key.id, { acts, at, event }))) throw new Problem('officer.not-allowed')
  // A moment later, so that each stands after it in the log.
  const after = new Date(at.getTime() + 1)
  for (const act of acts) await bringAbout(tools, act, { key, reason, at: after })
  return []
}

async function faultOf({ clientStore, officers, signingKeys, keyRules, clock }: Tools, act: EmergencyAct, all: readonly EmergencyAct[]): Promise<EmergencyFault | undefined> {
  if (act.act === 'client.suspend') {
    const client = await clientStore.find(act.client)
    return client === undefined || client.state !== undefined ? { act, fault: 'not-live' } : undefined
  }
  if (act.act === 'officer.lock') return (await officers.rolesOf(act.account)).length === 0 ? { act, fault: 'no-roles' } : undefined
  const { held } = signingKeys
  const [changes, lacking, now] = [await signingKeys.list(), await signingKeys.lacking(act.kid, clock.now()), clock.now()]
  // One that is activated beside it takes its place first.
  const before = act.act === 'key.revoke' ? all.flatMap((one): readonly KeyChange[] => (one.act === 'key.activate' ? [changeOf(one, held, { seq: changes.length + 1, key: '', at: now })] : [])) : []
  const alg = algOf(act, held)
  const fault = keyFault({ act: act.act === 'key.activate' ? 'activate' : 'revoke', kid: act.kid, alg }, { held, changes: [...changes, ...before], publishedAt: now, lacking, rules: keyRules, now })
  return fault === undefined ? undefined : { act, fault }
}

type Doing = { key: SealedKey; reason: string; at: Date }
type OfKey = Extract<EmergencyAct, { kid: string }>

async function bringAbout(tools: Tools, act: EmergencyAct, { key, reason, at }: Doing): Promise<void> {
  if (act.act === 'client.suspend') {
    const event = { type: 'client.suspended', client: act.client, by: 'operator', reason } as const
    await tools.clientStore.suspend(act.client, { by: { role: 'break-glass' }, at, event })
    return
  }
  if (act.act === 'officer.lock') {
    for (const { id, role } of await tools.officers.rolesOf(act.account)) await tools.officers.end(id, at, { type: 'role.ended', role, account: act.account, by: 'operator', reason })
    return
  }
  const { held } = tools.signingKeys
  const found = held.find(({ kid }) => kid === act.kid)
  const seq = ((await tools.signingKeys.list()).at(-1)?.seq ?? 0) + 1
  if (found === undefined || !(await tools.signingKeys.decide(changeOf(act, held, { seq, key: key.id, at }), found))) throw new Problem('proposal.stale')
}

function changeOf(act: OfKey, held: readonly HeldKey[], { seq, key, at }: { seq: number; key: string; at: Date }): KeyChange {
  return { seq, act: act.act === 'key.activate' ? 'activate' : 'revoke', kid: act.kid, alg: algOf(act, held), at, decidedAt: at, by: { role: 'break-glass', key } }
}

const algOf = ({ kid }: OfKey, held: readonly HeldKey[]): string => held.find((one) => one.kid === kid)?.alg ?? ''
