import { z } from 'zod'
import type { AccountId } from '#kernel/id.ts'
import { Problem } from '#kernel/problem.ts'
import { choicesAt, choose } from '#domain/acting/act.ts'
import type { ProvenStore } from '#domain/acting/store.ts'
import type { WardTools } from '#domain/acting/ward.ts'
import type { Evidence } from '#domain/assurance/evidence.ts'
import { interactionPaths, interactionPlaces } from '#web/places.ts'
import type { Answer } from '#web/route.ts'
import { forWhomPage } from '#web/views/acting.ts'
import { atInteraction, interactionRoute, postedAt, type InteractionTools, type Scene } from './at.ts'

type Tools = InteractionTools & WardTools & { proven: ProvenStore }

/** On from a good passkey: to the service, or first to the question for whom, where this service takes that and there is a choice. */
export async function afterPasskey(tools: Tools, scene: Scene, { account, evidence }: { account: AccountId; evidence: Evidence }): Promise<Answer> {
  const { uid, interaction: { client }, visit } = scene
  if ((await choicesAt(tools, client, account)).length === 0) return { redirect: await tools.interactions.signedIn(visit.exchange, account, evidence) }
  await tools.proven.put(uid, { account, evidence })
  return { redirect: interactionPlaces(uid).forWhom }
}

/** Whoever has not just shown a passkey here is asked for one. */
export const showForWhom = interactionRoute({
  route: `GET ${interactionPaths.forWhom}`,
  asks: 'login',
  form: atInteraction,
  act: async (tools: Tools, { uid, service, view, interaction: { client } }) => {
    const proven = await tools.proven.find(uid)
    const choices = proven === undefined ? [] : await choicesAt(tools, client, proven.account)
    const self = proven && (await tools.accounts.find(proven.account))
    const person = self && (await tools.registry.find(self.account.person))
    if (person === undefined) return { redirect: interactionPlaces(uid).start }
    return { page: forWhomPage(view, { service, uid, self: person.name, choices }) }
  },
})

export const chooseForWhom = interactionRoute({
  route: `POST ${interactionPaths.forWhom}`,
  asks: 'login',
  form: postedAt.extend({ choice: z.union([z.literal('self'), z.uuid()]) }),
  act: async (tools: Tools & Parameters<typeof choose>[0], { uid, interaction: { client }, visit }, { choice }) => {
    try {
      const { account, evidence } = await choose(tools, { interaction: uid, client, choice })
      return { redirect: await tools.interactions.signedIn(visit.exchange, account, evidence) }
    } catch (error) {
      // Thought about for too long, or answered before: the next try begins with the passkey.
      if (error instanceof Problem && error.code === 'passkey.challenge-spent') return { redirect: interactionPlaces(uid).start }
      throw error
    }
  },
})
