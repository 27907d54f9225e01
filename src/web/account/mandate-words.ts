import { dayInVietnam } from '#kernel/clock.ts'
import type { OrganisationId } from '#kernel/id.ts'
import type { OrganisationTools } from '#domain/organisation/act.ts'
import { mandateFault, roleNamed, type Mandate } from '#domain/organisation/mandate.ts'
import type { Known, OpenService } from '#domain/organisation/store.ts'
import { maskedNumber } from '#domain/registry/personal-number.ts'
import { formatBirthDate as formatDate } from '#web/i18n/format.ts'
import { textsOf, type Language } from '#web/i18n/language.ts'
import type { MandateShown } from '#web/views/mandates.ts'

type Tools = Pick<OrganisationTools, 'organisations' | 'clock'>

/** Mandates as people read them. */
export async function shownMandates({ organisations, clock }: Tools, mandates: readonly Mandate[], { language }: { language: Language }): Promise<readonly MandateShown[]> {
  if (mandates.length === 0) return []
  const ids = [...new Set(mandates.map(({ organisation }) => organisation))]
  const [services, found] = await Promise.all([organisations.services(), Promise.all(ids.map((id) => organisations.find(id)))])
  const known = new Map<OrganisationId, Known>(found.flatMap((one) => (one === undefined ? [] : [[one.organisation.id, one]])))
  const today = dayInVietnam(clock.now())
  return mandates.flatMap((mandate) => {
    const whose = known.get(mandate.organisation)
    return whose === undefined ? [] : [inWords(mandate, { language, services, organisation: whose.organisation.name, fault: mandateFault(mandate, whose, today) })]
  })
}

type Words = { language: Language; services: readonly OpenService[]; organisation: string; fault: MandateShown['fault'] }

function inWords({ id, named, role, scope, startsOn, endsOn, state }: Mandate, { language, services, organisation, fault }: Words): MandateShown {
  const { mandates: t } = textsOf(language).organisation
  const legalName = (of: string) => services.find(({ sector }) => sector === of)?.legalName[language] ?? of
  return {
    id, organisation, who: named.name, number: maskedNumber(named.number), role: roleNamed(role)?.label[language] ?? role,
    scope: [...scope.sectors.map((of) => t.all(legalName(of))), ...scope.services.map((one) => services.find(({ client }) => client === one)?.name ?? one)],
    from: formatDate(startsOn), until: formatDate(endsOn), state, fault, open: state === 'offered' || state === 'accepted',
  }
}
