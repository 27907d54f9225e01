import type { AuditLog } from '#domain/audit/event.ts'
import { interactionPaths } from '#web/places.ts'
import { interactionRoute, postedAt, type InteractionTools } from './at.ts'

type Tools = InteractionTools & { audit: AuditLog }

/** Back to the service without signing in or sharing: it hears `access_denied`. */
export const cancel = interactionRoute({
  route: `POST ${interactionPaths.cancel}`,
  asks: 'either',
  form: postedAt,
  act: async (tools: Tools, { interaction, visit }) => {
    await tools.audit.append({ type: 'login.cancelled', client: interaction.client.id })
    return { redirect: await tools.interactions.refused(visit.exchange) }
  },
})
