import { z } from 'zod'
import { Problem } from '#kernel/problem.ts'
import type { Client } from '#domain/client/client.ts'
import type { Interactions, OpenInteraction } from '#oidc/interactions.ts'
import type { View } from '#web/page.ts'
import { viewOf, type Visit } from '#web/request/visit.ts'
import type { Service } from '#web/views/parts.ts'
import type { KeyObject } from 'node:crypto'

/** The parameters every route of an interaction has; `csrf` stands in each of its forms. */
export const atInteraction = z.strictObject({ uid: z.string().max(64) })
export const postedAt = atInteraction.extend({ csrf: z.string().max(64) })

export type InteractionTools = { interactions: Interactions; csrfKey: KeyObject }

/**
 * An open interaction with what its pages need. Every page of it has a way back to the service, so every answer carries
 * `formsTo`: without it Chromium keeps people here (CSP `form-action` holds for redirects too).
 */
export type Scene = { interaction: OpenInteraction; view: View; service: Service; visit: Visit; formsTo: readonly string[] }

/** Opens the interaction this path names. Throws `interaction.expired`, also for a step that is not the one being asked. */
export async function sceneOf(tools: InteractionTools, visit: Visit, { uid, asks }: { uid: string; asks: OpenInteraction['asks'] | 'either' }): Promise<Scene> {
  const interaction = await tools.interactions.open(visit.exchange, uid)
  if (asks !== 'either' && interaction.asks !== asks) throw new Problem('interaction.expired')
  const view = viewOf(tools, visit, interaction.uiLocales)
  return { interaction, view, service: serviceOf(interaction.client, view), visit, formsTo: [interaction.returnsTo] }
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
