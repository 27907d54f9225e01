import { z } from 'zod'
import { dayInVietnam, type Clock } from '#kernel/clock.ts'
import type { AccountId } from '#kernel/id.ts'
import { Problem } from '#kernel/problem.ts'
import type { AccountStore } from '#domain/account/store.ts'
import { isAccess, saysHowLong } from '#domain/consent/access.ts'
import { declineConsent, giveConsent } from '#domain/consent/answer.ts'
import type { Item } from '#domain/consent/decision.ts'
import { disclose, type Subject } from '#domain/consent/disclosure.ts'
import { residentOf } from '#domain/consent/place-question.ts'
import { verificationOf } from '#domain/consent/verification.ts'
import type { OrganisationStore } from '#domain/organisation/store.ts'
import type { DeskStore } from '#domain/desk/application.ts'
import type { RegistryStore } from '#domain/registry/store.ts'
import { formatCount } from '#web/i18n/format.ts'
import { textsOf, type Language } from '#web/i18n/language.ts'
import { interactionPaths } from '#web/place/interaction.ts'
import type { Answer } from '#web/route.ts'
import { consentPage, type ConsentGroup, type ConsentItem } from '#web/views/consent.ts'
import { interactionRoute, postedAt, type InteractionTools, type Scene } from './at.ts'
import { inWords, languageIn } from './claim-words.ts'
import { allInDetail, type PlacesReader } from './detail-words.ts'
import { verificationInWords } from './verification-words.ts'

export type ClaimsReader = { accounts: Pick<AccountStore, 'find' | 'contacts'>; registry: Pick<RegistryStore, 'find'>; desk: Pick<DeskStore, 'inPerson'>; clock: Clock }

type PageTools = ClaimsReader & PlacesReader & { organisations: Pick<OrganisationStore, 'find'>; monthsRemembered: number }

type Tools = InteractionTools & Parameters<typeof giveConsent>[0] & Parameters<typeof declineConsent>[0]

export async function showConsent(tools: PageTools, scene: Scene): Promise<Answer> {
  const { interaction, view, service, uid } = scene
  const groups = await groupsInWords(tools, { account: whose(scene), items: interaction.items }, { ...view, lasts: lastingOf(tools, scene) })
  const details = await allInDetail(tools, interaction.details, view.language)
  const inNameOf = interaction.given?.by && (await nameOf(tools, whose(scene)))
  const organisation = interaction.given?.organisation && (await tools.organisations.find(interaction.given.organisation))?.organisation.name
  return { page: consentPage(view, { service, uid, basis: interaction.basis, groups, details, inNameOf, organisation }) }
}

type Sharing = { account: AccountId; items: readonly Item[] }

/** What is shared with a service, as the person reads it; `lasts` says how long an answer counts. */
export async function groupsInWords(
  tools: ClaimsReader, { account, items: all }: Sharing, { language, lasts }: { language: Language; lasts: string },
): Promise<readonly ConsentGroup[]> {
  const subject = await subjectOf(tools, account, { verified: all.some(({ extent }) => extent !== undefined) })
  const values = { ...disclose(subject, all.flatMap(({ claims }) => claims)), ...answersOf(subject, all) }
  return groupsOf(all).map(({ purpose, reference, basis, items }) => ({
    purpose: purpose?.[language],
    reference: reference?.[language],
    basis,
    lasts: basis === 'consent' && !items.some(saysHowLong) ? lasts : undefined,
    items: items.map((item): ConsentItem => ({
      attribute: item.attribute.id,
      label: item.attribute.label[language],
      value: item.extent ? verificationInWords({ verification: verificationOf(subject, { numbers: false }), extent: item.extent, language }) : inWords(item.attribute, values, language),
      language: languageIn(item.attribute),
      essential: item.essential || item.basis === 'law',
      sensitive: item.attribute.sensitive,
      access: isAccess(item),
    })),
  }))
}

export const answerConsent = interactionRoute({
  route: `POST ${interactionPaths.consent}`,
  asks: 'consent',
  form: postedAt.extend({ choice: z.enum(['allow', 'deny']), optional: z.union([z.string(), z.array(z.string())]).default([]) }),
  act: async (tools: Tools, scene, { choice, optional }) => {
    const { interaction: { client, items, details }, visit } = scene
    const question = { account: whose(scene), by: scene.interaction.given?.by, client: client.id, items, details }
    if (choice === 'deny') {
      await declineConsent(tools, question)
      return { redirect: await tools.interactions.refused(visit.exchange) }
    }
    await giveConsent(tools, question, new Set([optional].flat()))
    return { redirect: await tools.interactions.consented(visit.exchange, question) }
  },
})

/** State bodies' answers are remembered, those to others are for one sign-in (Decree 69/2024 Art 19.3). */
function lastingOf({ monthsRemembered }: PageTools, { interaction: { client }, view: { language } }: Scene): string {
  const { lastsMonths, lastsOnce } = textsOf(language).consent
  return client.own.relying_party_class === 'A' ? lastsMonths(formatCount(monthsRemembered, language)) : lastsOnce
}

function whose({ interaction }: Scene): AccountId {
  if (interaction.account === undefined) throw new Problem('interaction.expired')
  return interaction.account
}

/** Whose name stands on a page that is answered for them. */
export async function nameOf({ accounts, registry }: { accounts: Pick<AccountStore, 'find'>; registry: Pick<RegistryStore, 'find'> }, id: AccountId): Promise<string | undefined> {
  const found = await accounts.find(id)
  return found && (await registry.find(found.account.person))?.name
}

/** Everything that could be sent about a person, as it is now. */
async function subjectOf({ accounts, registry, desk, clock }: ClaimsReader, id: AccountId, { verified }: { verified: boolean }): Promise<Subject> {
  const [found, contacts, inPerson] = await Promise.all([accounts.find(id), accounts.contacts(id), verified ? desk.inPerson(id) : undefined])
  const person = found && (await registry.find(found.account.person))
  if (found === undefined || person === undefined) throw new Problem('interaction.expired')
  const { level, createdAt: openedAt } = found.account
  return { person, contacts, level, openedAt, inPerson, today: dayInVietnam(clock.now()) }
}

/** What the service will know of each place it asks about, one by one, for it may ask for them one by one. */
function answersOf(subject: Subject, items: readonly Item[]) {
  const places = items.flatMap((item) => item.places ?? [])
  return places.length === 0 ? {} : { [residentOf]: places.map((place) => [place, disclose(subject, [residentOf], [place])[residentOf]]) }
}

/** One group for each purpose and ground, in the order of the items. */
function groupsOf(items: readonly Item[]) {
  const byTerms = Map.groupBy(items, ({ basis, purpose, reference }) => JSON.stringify([basis, purpose, reference]))
  return [...byTerms.values()].flatMap((members) => {
    const [first] = members
    return first === undefined ? [] : [{ purpose: first.purpose, reference: first.reference, basis: first.basis, items: members }]
  })
}
