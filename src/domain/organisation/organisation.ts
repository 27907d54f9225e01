import { z } from 'zod'
import type { Day } from '#kernel/clock.ts'
import { organisationId, type PersonId } from '#kernel/id.ts'
import { personalNumber } from '#domain/registry/person.ts'

/**
 * The public number of an organisation, which is its e-ID code: that of an enterprise, cooperative or business household, and with three more
 * digits of a dependent unit (Decision 20/2020/QĐ-TTg Art 5; Decree 69/2024/NĐ-CP Art 6).
 */
export const organisationCode = z.string().regex(/^\d{10}(\d{3})?$/).brand<'OrganisationCode'>()
export type OrganisationCode = z.infer<typeof organisationCode>

export const organisationStates = ['operating', 'suspended', 'dissolved'] as const
export type OrganisationState = (typeof organisationStates)[number]

const text = z.string().trim().min(1).max(300).transform((value) => value.normalize('NFC'))
const day = z.iso.date()

const representative = z.strictObject({
  number: personalNumber,
  name: text,
  since: day,
  /** The first day on which they represent it no longer. */
  until: day.optional(),
})

/** An organisation as the business registration tells of it (Decree 69/2024/NĐ-CP Art 6). The copy names the version of its source. */
export const organisation = z.strictObject({
  id: organisationId,
  code: organisationCode,
  name: text,
  foreignName: text.optional(),
  taxCode: organisationCode.optional(),
  address: text.optional(),
  state: z.enum(organisationStates),
  /** All whom the law makes its representatives (Law 59/2020/QH14 Art 12), also those of before. */
  representatives: z.array(representative).max(50),
  source: z.strictObject({ version: z.int().nonnegative(), confirmedAt: z.iso.datetime() }),
})
export type Organisation = z.infer<typeof organisation>

/** A representative and who that is in the population register, where it knows their number. */
export type Representative = z.infer<typeof representative> & { person?: PersonId | undefined; alive: boolean }

/** Those who represent it on this day. */
export function representing<One extends Pick<Representative, 'since' | 'until'>>(all: readonly One[], today: Day): readonly One[] {
  return all.filter(({ since, until }) => since <= today && (until === undefined || today < until))
}

/** Whether this person represents it on this day. The dead represent nobody. */
export function represents(all: readonly Representative[], person: PersonId, today: Day): boolean {
  return representing(all, today).some((one) => one.person === person && one.alive)
}
