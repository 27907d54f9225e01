import type { AccountLevel } from '#domain/assurance/level.ts'
import { levelProven, provenBy } from '#domain/desk/proofing.ts'
import { deskRules, type EvidenceKind, type SeenKind } from '#domain/desk/rules.ts'
import type { Passkey } from '#domain/passkey/passkey.ts'
import type { Person } from '#domain/registry/person.ts'

type Candidate = { level: AccountLevel; who: Pick<Person, 'kind'>; keys: readonly Pick<Passkey, 'hardwareBound'>[] }

/** `attested`: only a key in attested hardware lets anybody into the console, and there are makers whose keys count. */
type Asked = { seen: readonly SeenKind[]; level2: boolean; attested: boolean }

/** `proven`: what is on record from now on, and makes the account level 2; nothing where it is so already, or nobody has seen anything. */
export type First = { is: 'ready'; proven: readonly EvidenceKind[] } | { is: 'unready'; because: 'level'; needs: readonly EvidenceKind[] } | { is: 'unready'; because: 'key' }

/**
 * Whether somebody can be one of the first administrators (A06). Staff have an account of level 2 like whoever was at a desk, and desks are run by staff: so
 * whoever runs the server sees the first ones, with what a desk would have seen (Decree 69/2024/NĐ-CP Art 10.2). Their keys are named with the
 * role and none later, so the right one must be there before.
 */
export function firstOfficer({ level, who, keys }: Candidate, { seen, level2, attested }: Asked): First {
  const proven = level === 2 || seen.length === 0 ? [] : [...seen, ...(keys.length > 0 ? (['passkey'] as const) : [])]
  const reached = level === 2 || levelProven(proven, who) === 2
  if (!reached && (level2 || seen.length > 0)) return { is: 'unready', because: 'level', needs: provenBy(who, deskRules) }
  return attested && !keys.some(({ hardwareBound }) => hardwareBound) ? { is: 'unready', because: 'key' } : { is: 'ready', proven }
}
