import { z } from 'zod'
import { dayInVietnam, type Day } from '#kernel/clock.ts'
import { mandateId, organisationId, type OrganisationId, type PersonId } from '#kernel/id.ts'
import { Problem } from '#kernel/problem.ts'
import { levelAt } from '#domain/account/account.ts'
import type { AccountStore } from '#domain/account/store.ts'
import { justNow } from '#domain/assurance/floor.ts'
import { hindranceOf } from '#domain/organisation/account.ts'
import { actAsRepresentative, answerMandate, representativeActs, type OrganisationTools, type RepresentativeAct } from '#domain/organisation/act.ts'
import { isOpen } from '#domain/organisation/application.ts'
import { representing, represents } from '#domain/organisation/organisation.ts'
import type { Known } from '#domain/organisation/store.ts'
import { formatBirthDate as formatDate } from '#web/i18n/format.ts'
import { organisationPath, organisationPlace, places } from '#web/place/citizen.ts'
import { readerOf, type ReaderTools } from '#web/reader.ts'
import { organisationPage, organisationsPage, type OrganisationShown } from '#web/views/organisations.ts'
import { citizenRoute, posted, type CitizenTools, type Scene } from './citizen.ts'
import { shownMandates } from './mandate-words.ts'

export type OrganisationPageTools = CitizenTools & OrganisationTools & ReaderTools & { accounts: Pick<AccountStore, 'find' | 'findNow'> }

/** The person behind the account that is signed in, and whether it is of level 2. */
export async function personOf({ accounts, clock }: OrganisationPageTools, { citizen }: Scene): Promise<{ person: PersonId; level2: boolean; today: Day }> {
  const found = await accounts.find(citizen.account)
  if (found === undefined) throw new Problem('internal')
  const now = clock.now()
  return { person: found.account.person, level2: levelAt(found.account, now) === 2, today: dayInVietnam(now) }
}

/** The organisation, for who represents it today by law; to everybody else it is not there. */
export async function represented(tools: OrganisationPageTools, scene: Scene, id: OrganisationId): Promise<Known> {
  const { person, today } = await personOf(tools, scene)
  const known = await tools.organisations.find(id)
  if (known === undefined || !represents(known.representatives, person, today)) throw new Problem('request.not-found')
  return known
}

const showOrganisations = citizenRoute({
  route: `GET ${places.organisations}`,
  form: z.strictObject({}),
  act: async (tools: OrganisationPageTools, scene) => {
    const { person, level2, today } = await personOf(tools, scene)
    const { organisations } = tools
    const [ids, mandates] = await Promise.all([organisations.representedBy(person), organisations.mandatesFor(person)])
    const all = (await Promise.all(ids.map((id) => organisations.find(id)))).flatMap((known) => known ?? [])
    const own = all.filter(({ representatives }) => represents(representatives, person, today))
    return { page: organisationsPage(scene.view, { represented: own.filter((known) => concerns(known, person)).map(shown), mandates: await shownMandates(tools, mandates, scene.view), level2, reader: await readerOf(tools, scene.citizen.account) }) }
  },
})

/** What somebody else declared and what came to nothing is no organisation of theirs. */
const concerns = ({ declared, application }: Known, person: PersonId): boolean =>
  declared?.pending !== true || application?.applicant.person === person || (application?.state !== 'declined' && application?.state !== 'withdrawn')

/** How it stands with an organisation, in the words of the pages. */
export function shown({ organisation: { id, name, code, state }, account, application, declared }: Known): OrganisationShown {
  return {
    id, name, code,
    pending: declared?.pending === true,
    hindrance: hindranceOf({ state, account }),
    application: account === undefined && application ? { state: application.state, reference: application.reference, due: application.dueOn && formatDate(application.dueOn), refusal: application.refusal } : undefined,
  }
}

const showOrganisation = citizenRoute({
  route: `GET ${organisationPath}`,
  asks: true,
  form: z.strictObject({ id: organisationId, da: z.literal('gui').optional() }),
  act: async (tools: OrganisationPageTools, scene, { id, da }) => {
    const known = await represented(tools, scene, id)
    const { person, today, level2 } = await personOf(tools, scene)
    const usable = hindranceOf({ state: known.organisation.state, account: known.account }) === undefined
    const mandates = usable ? await shownMandates(tools, await tools.organisations.mandatesOf(id, 200), scene.view) : undefined
    const representatives = representing(known.representatives, today).map((one) => ({ name: one.name, agreed: one.person !== undefined && known.application?.agreed.includes(one.person) === true }))
    return { page: organisationPage(scene.view, { ...shown(known), address: known.organisation.address, representatives, acts: level2 ? actsNow(known, person) : [], mandates: level2 ? mandates : undefined, sent: da === 'gui', level2, reader: await readerOf(tools, scene.citizen.account) }) }
  },
})

/** What a legal representative may do as things stand; the store judges it anew when it is done. */
function actsNow({ organisation: { state }, account, application, declared }: Known, person: PersonId): readonly RepresentativeAct[] {
  if (state === 'dissolved' || account?.state === 'dissolved') return []
  if (account === undefined) {
    if (application === undefined || !isOpen(application)) return state === 'operating' && declared?.pending !== true ? ['apply'] : []
    if (application.applicant.person === person) return ['withdraw']
    return application.state === 'consenting' && !application.agreed.includes(person) ? ['agree', 'decline'] : []
  }
  const first = account.state === 'issued' ? (['activate'] as const) : []
  return [...first, account.locks.includes('representative-request') ? 'unlock' : 'lock']
}

/** Every act is one with a passkey that was shown moments ago, of an account of level 2 (Decree 69/2024 Art 12). */
export const actOnOrganisation = citizenRoute({
  route: `POST ${organisationPath}`,
  floor: justNow,
  form: posted.extend({ id: organisationId, act: z.enum([...representativeActs, 'end']), mandate: mandateId.optional() }),
  act: async (tools: OrganisationPageTools, scene, { id, act, mandate }) => {
    await represented(tools, scene, id)
    const { account } = scene.citizen
    if (act !== 'end') await actAsRepresentative(tools, { account, organisation: id, act })
    else if (mandate === undefined) throw new Problem('request.malformed')
    else await answerMandate(tools, { account, mandate, act })
    return { redirect: organisationPlace(id) }
  },
})

export const organisationRoutes = [showOrganisations, showOrganisation, actOnOrganisation] as const
