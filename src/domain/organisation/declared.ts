import { z } from 'zod'
import { dayInVietnam, type Day } from '#kernel/clock.ts'
import { personalNumber } from '#domain/registry/person.ts'
import { dueAfter, dueOn } from '#domain/desk/clock.ts'
import { organisationCode } from './organisation.ts'
import { organisationRules, type OrganisationRules } from './rules.ts'

/** What has an account and stands in no business registration (Decree 69/2024/NĐ-CP Art 7, 12). */
export const declaredKinds = ['state-body', 'public-service', 'association', 'foreign-office', 'other'] as const
export type DeclaredKind = (typeof declaredKinds)[number]

/** So many other representatives fit on the form. */
export const mostOthers = 3

const text = (most: number) => z.string().trim().min(1).max(most).transform((value) => value.normalize('NFC'))

/** The decision by which it was established, or the certificate of its registration. */
const papers = z.strictObject({ number: text(100), issuer: text(200), issuedOn: z.iso.date() })

/** What a legal representative says of an organisation that no register knows. Nothing of it is true before an officer has seen the papers. */
export const declaration = z.strictObject({
  code: organisationCode,
  name: text(300),
  kind: z.enum(declaredKinds),
  address: text(300),
  papers,
  /** The other legal representatives, as the applicant wrote them. */
  others: z.array(z.strictObject({ number: personalNumber, name: text(200) })).max(mostOthers),
})
export type Declaration = z.infer<typeof declaration>

/** What was declared of an organisation. `pending` until its account is issued: so long it is no established organisation, and its number is not taken. */
export type Declared = Pick<Declaration, 'kind' | 'papers'> & { pending: boolean }

/** By when the authority answers a file that was complete on this day: working days where a register tells, else days, for papers have to be looked into (Art 13). */
export function answerDue(complete: Day, declared: Pick<Declared, 'pending'> | undefined, { clock }: Pick<OrganisationRules, 'clock'> = organisationRules): Day {
  return declared?.pending === true ? dueAfter(complete, clock.toVerify.days) : dueOn(complete, clock.workingDays)
}

/** Papers of tomorrow establish nothing. */
export const isIssued = (issuedOn: Day, now: Date): boolean => issuedOn <= dayInVietnam(now)
