import { z } from 'zod'
import type { AccountId, OrganisationId } from '#kernel/id.ts'
import { Problem } from '#kernel/problem.ts'
import { choicesAt, choose, organisationChoice, type ActingTools, type Choice } from '#domain/acting/act.ts'
import type { ProvenStore } from '#domain/acting/store.ts'
import type { Evidence } from '#domain/assurance/evidence.ts'
import type { InName } from '#domain/organisation/offices.ts'
import { roleNamed } from '#domain/organisation/mandate.ts'
import { byLaw } from '#domain/organisation/rules.ts'
import type { OrganisationStore } from '#domain/organisation/store.ts'
import { interactionPaths, interactionPlaces } from '#web/place/interaction.ts'
import type { Answer } from '#web/route.ts'
import { textsOf, type Language } from '#web/i18n/language.ts'
import { forWhomPage, type ForWhom } from '#web/views/acting.ts'
import { atInteraction, interactionRoute, postedAt, type InteractionTools, type Scene } from './at.ts'

type Tools = InteractionTools & ActingTools & { proven: ProvenStore; organisations: Pick<OrganisationStore, 'lastChoice'> }

const askedBy = ({ client, organisation }: Scene['interaction']) => ({ client, organisation })

/** On from a good passkey: to the service, or first to the question for whom, where this service takes that and there is a choice. */
export async function afterPasskey(tools: Tools, scene: Scene, { account, evidence }: { account: AccountId; evidence: Evidence }): Promise<Answer> {
  const { uid, interaction, visit } = scene
  if ((await choicesAt(tools, askedBy(interaction), account)).length === 0) return { redirect: await tools.interactions.signedIn(visit.exchange, account, evidence) }
  await tools.proven.put(uid, { account, evidence })
  return { redirect: interactionPlaces(uid).forWhom }
}

/** Whoever has not just shown a passkey here is asked for one. */
export const showForWhom = interactionRoute({
  route: `GET ${interactionPaths.forWhom}`,
  asks: 'login',
  form: atInteraction,
  act: async (tools: Tools, { uid, service, view, interaction }) => {
    const proven = await tools.proven.find(uid)
    const choices = proven === undefined ? [] : await choicesAt(tools, askedBy(interaction), proven.account)
    const self = proven && (await tools.accounts.find(proven.account))
    const person = self && (await tools.registry.find(self.account.person))
    if (person === undefined) return { redirect: interactionPlaces(uid).start }
    const last = interaction.organisation !== undefined && proven ? await tools.organisations.lastChoice(proven.account, interaction.client.id) : undefined
    const only = interaction.organisation?.only === true
    // What they could act for is over meanwhile: with their passkey they are told so.
    if (only && choices.length === 0) return { redirect: interactionPlaces(uid).start }
    return { page: forWhomPage(view, { service, uid, self: only ? undefined : person.name, choices: lastFirst(choices, last).map((choice) => shown(choice, view)), selfFirst: last === undefined || last === null }) }
  },
})

export const chooseForWhom = interactionRoute({
  route: `POST ${interactionPaths.forWhom}`,
  asks: 'login',
  form: postedAt.extend({ choice: z.union([z.literal('self'), z.uuid(), z.string().regex(/^organisation:[0-9a-f-]{36}$/)]) }),
  act: async (tools: Tools & Parameters<typeof choose>[0], { uid, interaction, visit }, { choice }) => {
    try {
      const { account, evidence } = await choose(tools, { interaction: uid, ...askedBy(interaction), choice })
      return { redirect: await tools.interactions.signedIn(visit.exchange, account, evidence) }
    } catch (error) {
      // Thought about for too long, or answered before: the next try begins with the passkey.
      if (error instanceof Problem && error.code === 'passkey.challenge-spent') return { redirect: interactionPlaces(uid).start }
      throw error
    }
  },
})

/** Whose name it was last time stands first; it is asked all the same. */
export function lastFirst<One extends Choice>(choices: readonly One[], last: OrganisationId | null | undefined): readonly One[] {
  const isLast = (choice: One) => 'organisation' in choice && choice.organisation === last
  return [...choices.filter(isLast), ...choices.filter((choice) => !isLast(choice))]
}

function shown(choice: Choice, { language }: Scene['view']): ForWhom['choices'][number] {
  if (!('organisation' in choice)) return { value: choice.account, name: choice.name, as: textsOf(language).acting.ties[choice.tie] }
  return officeShown(choice, language)
}

/** An organisation among what is chosen from. */
export function officeShown({ code, role, name, organisation }: InName, language: Language): ForWhom['choices'][number] & { code: string } {
  return { value: organisationChoice(organisation), name, as: role === byLaw ? textsOf(language).organisation.byLaw : (roleNamed(role)?.label[language] ?? role), code }
}
