import type { Day } from '#kernel/clock.ts'
import type { ClientId, MandateId, PersonId, Sector } from '#kernel/id.ts'
import { hindranceOf } from './account.ts'
import { covers, mandateFault, roleNamed, type Around, type Mandate } from './mandate.ts'
import { represents } from './organisation.ts'
import { byLaw } from './rules.ts'

/** As what somebody acts in the name of an organisation; `mandate` where that is not the law's own word. */
export type Office = { role: string; mandate?: MandateId | undefined }

type Asked = { person: PersonId; mandates: readonly Mandate[]; client: { id: ClientId; sector: Sector }; /** By this alone: what the law or a mandate opened ends with it, whatever else they hold. Absent where something is opened now. */ ground?: Ground | undefined }

/** By what something was opened in the name of an organisation: the law's own word, or one mandate. */
export type Ground = MandateId | 'law'

/**
 * As what this person may act in the name of an organisation at this service on this day, or `undefined`: as a legal representative, at every
 * service, or by a mandate of theirs that is in force and covers it. It is asked anew at each use, so nothing has to be taken back.
 */
export function officeIn(around: Around, { person, mandates, client, ground }: Asked, today: Day): Office | undefined {
  if (hindranceOf({ state: around.organisation.state, account: around.account }) !== undefined) return undefined
  if ((ground ?? 'law') === 'law' && represents(around.representatives, person, today)) return { role: byLaw }
  const held = mandates.find((mandate) =>
    (ground === undefined || mandate.id === ground) && mandate.holder?.person === person && mandateFault(mandate, around, today) === undefined && covers(mandate, client) && roleNamed(mandate.role) !== undefined)
  return held && { role: held.role, mandate: held.id }
}
