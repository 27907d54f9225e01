import { inForce, type GivenRole, type RoleGrant } from '#domain/officer/role.ts'
import type { Offices, OfficerStore } from '#domain/officer/store.ts'
import { isApproved, type TellingTools } from './watch.ts'

type Tools = TellingTools & { officers: Pick<OfficerStore, 'givenTo'> }

/** More than there are officers at work; beyond them all are looked at anew. */
const mostKnown = 10_000

/**
 * Roles as far as they count. The database asks of a role that an approval stands behind it, and cannot tell whether that was signed (migration 0075), so
 * whoever has the console's user of it could write one. Here the approval is verified before the role gives anything (`verdictOn`); one that does not hold
 * gives nothing, and is on record as the hourly look would have it, once. An approval that held is not verified again by this process as long as nothing of it
 * and of its key has changed. A role without one is the operator's, for the database takes such a row from nobody else (migration 0074).
 */
export function offices(tools: Tools): Offices {
  const known = new Set<string>()

  async function counts({ by }: GivenRole): Promise<boolean> {
    if (by === undefined || known.has(by.mark)) return true
    if (!(await isApproved(tools, by.proposal))) return false
    if (known.size >= mostKnown) known.clear()
    known.add(by.mark)
    return true
  }

  return {
    async of(account) {
      const counting: RoleGrant[] = []
      for (const given of await tools.officers.givenTo(account)) {
        if (inForce(given.grant, tools.clock.now()) && (await counts(given))) counting.push(given.grant)
      }
      return counting
    },
  }
}
