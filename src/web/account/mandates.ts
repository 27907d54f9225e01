import { z } from 'zod'
import type { Day } from '#kernel/clock.ts'
import { mandateId, organisationId, type MandateId } from '#kernel/id.ts'
import { Problem } from '#kernel/problem.ts'
import { justNow } from '#domain/assurance/floor.ts'
import { answerMandate, giveMandate, mandateActs, type Giving } from '#domain/organisation/act.ts'
import { mandateScope, termFault, type MandateScope } from '#domain/organisation/mandate.ts'
import { organisationRules } from '#domain/organisation/rules.ts'
import type { Known, OpenService } from '#domain/organisation/store.ts'
import { parsePersonalNumber } from '#domain/registry/personal-number.ts'
import { textsOf, type Language } from '#web/i18n/language.ts'
import type { Texts } from '#web/i18n/vi.ts'
import type { View } from '#web/page.ts'
import { givePath, mandatePath, organisationPlace, places } from '#web/place/citizen.ts'
import type { Answer } from '#web/route.ts'
import type { Choice, FieldFault } from '#web/views/field.ts'
import { givePage, mandatePage } from '#web/views/mandates.ts'
import { citizenRoute, posted, type Scene } from './citizen.ts'
import { shownMandates } from './mandate-words.ts'
import { personOf, represented, type OrganisationPageTools } from './organisations.ts'

const typedGiving = posted.extend({
  id: organisationId, number: z.string().max(40).default(''), name: z.string().trim().max(200).default(''), role: z.string().max(40).default(''),
  scope: z.union([z.string().max(200), z.array(z.string().max(200)).max(150)]).default([]), from: z.string().max(10).default(''), until: z.string().max(10).default(''),
})
type Typed = z.output<typeof typedGiving>

const askToGive = citizenRoute({
  route: `GET ${givePath}`,
  form: z.strictObject({ id: organisationId }),
  act: async (tools: OrganisationPageTools, scene, { id }) => {
    const known = await represented(tools, scene, id)
    const { today } = await personOf(tools, scene)
    return form(tools, scene, { known, typed: { from: today, until: inAYear(today) } })
  },
})

type Shown = { known: Known; typed: Partial<Typed> & { from: string; until: string }; faults?: readonly FieldFault[] }

async function form(tools: OrganisationPageTools, { view }: Scene, { known, typed, faults = [] }: Shown): Promise<Answer> {
  const { organisation } = known
  const chosen = [typed.scope ?? []].flat()
  const scopes = choicesOf(await tools.organisations.services(), view).map((choice) => ({ ...choice, checked: chosen.includes(choice.value) }))
  const roles = organisationRules.roles.map(({ id, label }) => ({ id, label: label[view.language] }))
  const { number, name, role, from, until } = typed
  return { page: givePage(view, { organisation, roles, scopes, typed: { from, until, ...(number !== undefined && { number }), ...(name !== undefined && { name }), ...(role !== undefined && { role }) }, faults }), status: faults.length > 0 ? 422 : 200 }
}

/** How a box is called: a name that is good as an id in HTML too, whatever a client is called. */
export const scopeBox = (kind: 'service' | 'sector', name: string): string => `${kind}-${Buffer.from(name).toString('base64url')}`

/** One box for each service, and one for all that a legal entity has where that is more than one. */
function choicesOf(services: readonly OpenService[], { language }: Pick<View, 'language'>): readonly Choice[] {
  const { mandates: t } = textsOf(language).organisation
  const bySector = Map.groupBy(services, ({ sector }) => sector)
  return [...bySector].flatMap(([sector, of]): readonly Choice[] => [
    ...of.map(({ client, name }) => ({ value: scopeBox('service', client), label: name })),
    ...(of.length > 1 ? [{ value: scopeBox('sector', sector), label: t.all(of[0]?.legalName[language] ?? sector) }] : []),
  ])
}

/** What was typed comes back with its faults; whether anybody has this number is not among them (W10). */
export const give = citizenRoute({
  route: `POST ${givePath}`,
  floor: justNow,
  form: typedGiving,
  act: async (tools: OrganisationPageTools, scene, typed) => {
    const known = await represented(tools, scene, typed.id)
    const { today } = await personOf(tools, scene)
    const read = readGiving(typed, { services: await tools.organisations.services(), today, language: scene.view.language })
    if ('faults' in read) return form(tools, scene, { known, typed, faults: read.faults })
    await giveMandate(tools, scene.citizen.account, read.giving)
    return { redirect: `${organisationPlace(typed.id)}?da=gui` }
  },
})

type Reading = { services: readonly OpenService[]; today: Day; language: Language }

function readGiving(typed: Typed, { services, today, language }: Reading): { giving: Giving } | { faults: readonly FieldFault[] } {
  const { faults: t } = textsOf(language).organisation.giving
  const number = parsePersonalNumber(typed.number)
  const role = organisationRules.roles.find(({ id }) => id === typed.role)
  const scope = readScope([typed.scope].flat(), services)
  const term = readTerm(typed, today, t)
  const faults: readonly (FieldFault | false)[] = [
    number === undefined && { field: 'number', message: t.number },
    typed.name === '' && { field: 'name', message: t.name },
    role === undefined && { field: `role-${organisationRules.roles[0]?.id ?? ''}`, message: t.role },
    scope === undefined && { field: `scope-${scopeBox('service', services[0]?.client ?? '')}`, message: t.scope },
    'faults' in term && term.faults,
  ].flat()
  const said = faults.filter((fault) => fault !== false)
  if (number === undefined || role === undefined || scope === undefined || 'faults' in term || said.length > 0) return { faults: said }
  return { giving: { organisation: typed.id, role: role.id, scope, ...term, named: { number, name: typed.name } } }
}

function readTerm({ from, until }: Pick<Typed, 'from' | 'until'>, today: Day, t: Texts['organisation']['giving']['faults']): Pick<Giving, 'startsOn' | 'endsOn'> | { faults: readonly FieldFault[] } {
  const [startsOn, endsOn] = [z.iso.date().safeParse(from).data, z.iso.date().safeParse(until).data]
  if (startsOn === undefined || endsOn === undefined) {
    const missing = [...(startsOn === undefined ? ['from'] : []), ...(endsOn === undefined ? ['until'] : [])]
    return { faults: missing.map((field) => ({ field, message: t.day })) }
  }
  const fault = termFault({ startsOn, endsOn }, today)
  return fault === undefined ? { startsOn, endsOn } : { faults: [{ field: 'until', message: t.term[fault] }] }
}

/** Only what is offered is taken: whatever else a browser sends is nothing that was chosen. */
function readScope(chosen: readonly string[], services: readonly OpenService[]): MandateScope | undefined {
  const known = services.filter(({ client }) => chosen.includes(scopeBox('service', client))).map(({ client }) => client)
  const sectors = [...new Set(services.map(({ sector }) => sector))].filter((sector) => chosen.includes(scopeBox('sector', sector)))
  return mandateScope.safeParse({ services: known, sectors }).data
}

function inAYear(day: Day): Day {
  return new Date(Date.parse(`${day}T00:00Z`) + (organisationRules.mandate.longestDays - 1) * 86_400_000).toISOString().slice(0, 10)
}

/** A mandate that names whoever looks; to everybody else it is not there. */
async function theirs(tools: OrganisationPageTools, scene: Scene, id: MandateId) {
  const { person } = await personOf(tools, scene)
  const [shown] = await shownMandates(tools, (await tools.organisations.mandatesFor(person)).filter((mandate) => mandate.id === id), scene.view)
  if (shown === undefined) throw new Problem('request.not-found')
  return shown
}

const showMandate = citizenRoute({
  route: `GET ${mandatePath}`,
  form: z.strictObject({ id: mandateId }),
  act: async (tools: OrganisationPageTools, scene, { id }) => ({ page: mandatePage(scene.view, await theirs(tools, scene, id)) }),
})

export const answerOffer = citizenRoute({
  route: `POST ${mandatePath}`,
  floor: justNow,
  form: posted.extend({ id: mandateId, act: z.enum(mandateActs) }),
  act: async (tools: OrganisationPageTools, scene, { id, act }) => {
    await theirs(tools, scene, id)
    await answerMandate(tools, { account: scene.citizen.account, mandate: id, act })
    return { redirect: places.organisations }
  },
})

export const mandateRoutes = [askToGive, give, showMandate, answerOffer] as const
