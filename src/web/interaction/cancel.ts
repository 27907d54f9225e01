import type { AuditLog } from '#domain/audit/event.ts'
import { interactionPaths } from '#web/place/interaction.ts'
import { interactionRoute, postedAt, type InteractionTools } from './at.ts'

type Tools = InteractionTools & { audit: AuditLog }

/**
 * Back to the service without signing in or sharing: it hears `access_denied`, or, from the page that turns people back, what
 * cannot be reached.
 */
export const cancel = interactionRoute({
  route: `POST ${interactionPaths.cancel}`,
  asks: 'either',
  form: postedAt,
  act: async (tools: Tools, { interaction, visit }) => {
    const { account, client, because } = interaction
    if (interaction.asks === 'turn-back') {
      await tools.audit.append({ type: 'login.refused', client: client.id, ...(account && { account }), reason: because === 'organisation' ? 'acting.not-allowed' : 'assurance.unreachable' })
      return { redirect: await tools.interactions.turnedBack(visit.exchange, because) }
    }
    await tools.audit.append({ type: 'login.cancelled', client: client.id })
    return { redirect: await tools.interactions.refused(visit.exchange) }
  },
})
