import type { KeyObject } from 'node:crypto'
import { z } from 'zod'
import type { ClientId, InteractionId } from '#kernel/id.ts'
import { Problem } from '#kernel/problem.ts'
import type { Client } from '#domain/client/client.ts'
import type { Interactions, OpenInteraction } from '#oidc/interactions.ts'
import type { View } from '#web/page.ts'
import { viewOf, type Visit } from '#web/request/visit.ts'
import { route, type Answer, type Route } from '#web/route.ts'
import type { Service } from '#web/views/parts.ts'

/** The parameters every route of an interaction has; `csrf` stands in each of its forms. */
export const atInteraction = z.strictObject({ uid: z.string().max(64) })
export const postedAt = atInteraction.extend({ csrf: z.string().max(64) })

export type InteractionTools = { interactions: Interactions; csrfKey: KeyObject }

/** An open interaction with what its pages need. */
export type Scene = { uid: InteractionId; interaction: OpenInteraction; view: View; service: Service; visit: Visit }

type Declared<Tools, Form extends z.ZodType<{ uid: string }>> = {
  route: Route<Tools>['route']
  /** The step this route belongs to; at another one the interaction is as good as over. */
  asks: OpenInteraction['asks'] | 'either'
  form: Form
  /** The form holds what stands behind the question mark too. */
  query?: boolean
  act: (tools: Tools, scene: Scene, input: z.output<Form>) => Promise<Answer>
}

/**
 * A route of an interaction. Besides the problems of its act it throws `interaction.expired`. Every page has a way back to
 * the service, so each may end its forms there: without that Chromium keeps people here (CSP `form-action` holds for
 * redirects too).
 */
export function interactionRoute<Tools extends InteractionTools, Form extends z.ZodType<{ uid: string }>>(
  { route: at, asks, form, query = false, act }: Declared<Tools, Form>,
): Route<Tools> {
  return route({
    route: at,
    who: 'anyone',
    form,
    asks: query,
    act: async (tools: Tools, visit, input) => {
      const interaction = await tools.interactions.open(visit.exchange, input.uid)
      if (asks !== 'either' && interaction.asks !== asks) throw new Problem('interaction.expired')
      const view = viewOf(tools, visit, interaction.uiLocales)
      const service = serviceOf(interaction.client, view)
      const answer = await act(tools, { uid: interaction.id, interaction, view, service, visit }, input)
      return 'page' in answer ? { ...answer, formsTo: [interaction.returnsTo, ...(answer.formsTo ?? [])] } : answer
    },
  })
}

/** Which interaction, for whom and from where: what the acts of the domain are told of a scene. */
export function whereOf({ uid, interaction, visit }: Scene): { interaction: InteractionId; client: ClientId; address: string } {
  return { interaction: uid, client: interaction.client.id, address: visit.address }
}

/** What is wrong with a single field that could not be read. */
export function faultOf(typed: string): 'missing' | 'format' {
  return typed.trim() === '' ? 'missing' : 'format'
}

/** The service under its own name in the page's language (RFC 7591 §2.2), else under the name it registered. */
export function serviceOf({ registered }: Client, { language }: Pick<View, 'language'>): Service {
  const translated = registered[`client_name#${language}`]
  const uri = registered['client_uri']
  return {
    name: typeof translated === 'string' ? translated : registered.client_name,
    language: typeof translated === 'string' ? language : 'vi',
    ...(typeof uri === 'string' && { uri }),
  }
}
