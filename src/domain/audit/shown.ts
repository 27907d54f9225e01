import { accountId, personId, type AccountId, type PersonId } from '#kernel/id.ts'
import type { Json } from '#kernel/canonical.ts'
import { isMover } from '#domain/account/rules.ts'
import type { AuditEvent } from './event.ts'
import type { Recorded } from './trail.ts'

type Member = Exclude<AuditEvent extends infer Event ? (Event extends unknown ? keyof Event : never) : never, 'type'>

/**
 * What the members of events lead to. `said` is what happened; an `officer` is shown in office; what is a `person`'s leads to somebody, or
 * from one of their events to the next, and is shown in a look-up alone: whoever read it elsewhere could follow a person's whole trail
 * without a case (A04). A member of an older release that does not stand here is not shown either.
 */
const members = {
  account: 'person', person: 'person', passkey: 'person', owner: 'person', grant: 'person', approval: 'person', evidence: 'person', details: 'person', acts: 'person', application: 'person', representative: 'person', mandate: 'person', holder: 'person',
  by: 'officer', proposer: 'officer', subject: 'officer',
  organisation: 'said', client: 'said', tried: 'said', connection: 'said', proposal: 'said', banner: 'said', delivery: 'said', lookup: 'said', kid: 'said', key: 'said',
  kind: 'said', kinds: 'said', act: 'said', role: 'said', permission: 'said', reason: 'said', ground: 'said', case: 'said', purpose: 'said', desk: 'said', commune: 'said', biometrics: 'said', ending: 'said', through: 'said',
  digest: 'said', mark: 'said', level: 'said', acr: 'said', aaguid: 'said', hardwareBound: 'said', claims: 'said', declined: 'said', green: 'said',
  filters: 'said', sought: 'said', exported: 'said', table: 'said', papers: 'said', revealed: 'said',
  count: 'said', inserted: 'said', replaced: 'said', refused: 'said', linked: 'said', locked: 'said', closed: 'said', unknown: 'said', services: 'said', told: 'said',
} as const satisfies Record<Member, 'said' | 'officer' | 'person'>

const isMember = (name: string): name is Member => Object.hasOwn(members, name)

/** What people do for themselves, whoever else they are: nobody acts in office here. */
export const ownActs: readonly AuditEvent['type'][] = ['connection.submitted', 'connection.withdrawn', 'self-test.begun', 'self-test.finished']

/** These are about an office, and whoever holds it is named. */
const ofOffice: readonly AuditEvent['type'][] = ['role.granted', 'role.ended', 'role.bootstrapped']

/** An event without anybody whom it leads to but officers in office. `leads` says whether a look-up would show somebody. */
export type Impersonal = Omit<Recorded, 'account'> & { leads: boolean }

export function withoutPeople(recorded: Recorded, officers: ReadonlySet<string>): Impersonal {
  const { account: _account, actor, ...event } = recorded
  const shown = ([name, value]: [string, Json | undefined]): boolean => {
    if (name === 'account' && ofOffice.some((type) => type === event.type)) return isInOffice(event.type, value, officers)
    if (name === 'subject' && event.data['act'] !== 'role.grant') return true
    if (!isMember(name) || members[name] === 'person') return false
    return members[name] === 'said' || isInOffice(event.type, value, officers)
  }
  return {
    ...event,
    actor: isInOffice(event.type, actor, officers) ? actor : undefined,
    data: Object.fromEntries(Object.entries(event.data).filter(shown)),
    leads: Object.keys(behind(recorded, officers)).length > 0,
  }
}

function isInOffice(type: string, value: Json | undefined, officers: ReadonlySet<string>): boolean {
  return typeof value === 'string' && (isMover(value) || value === 'clock' || (officers.has(value) && !ownActs.some((act) => act === type)))
}

/** Whom an event leads to, for a look-up that begins with it: their account, or their record where only that is known. */
export function behind({ type, account, actor, data }: Recorded, officers: ReadonlySet<string>): { account: AccountId } | { person: PersonId } | Record<string, never> {
  const found = account ?? accountId.safeParse(data['owner']).data ?? (isInOffice(type, actor, officers) ? undefined : actor)
  if (found !== undefined) return { account: found }
  const person = personId.safeParse(data['person']).data
  return person === undefined ? {} : { person }
}
