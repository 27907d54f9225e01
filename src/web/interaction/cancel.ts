import type { AuditLog } from '#domain/audit/event.ts'
import { route } from '#web/route.ts'
import { postedAt, sceneOf, type InteractionTools } from './at.ts'

type Tools = InteractionTools & { audit: AuditLog }

/** Back to the service without signing in or sharing: it hears `access_denied`. */
export const cancel = route({
  route: 'POST /interaction/:uid/cancel',
  who: 'anyone',
  form: postedAt,
  act: async (tools: Tools, visit, { uid }) => {
    const { interaction } = await sceneOf(tools, visit, { uid, asks: 'either' })
    await tools.audit.append({ type: 'login.cancelled', client: interaction.client.id })
    return { redirect: await tools.interactions.refused(visit.exchange) }
  },
})
