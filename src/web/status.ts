import type { KeyObject } from 'node:crypto'
import { z } from 'zod'
import type { ShownBanners } from '#domain/banner/store.ts'
import type { SystemStatus } from '#domain/statistic/system-status.ts'
import { places } from '#web/place/citizen.ts'
import { viewOf } from '#web/request/visit.ts'
import { route } from '#web/route.ts'
import { statusPage } from '#web/views/status.ts'

type Tools = { systemStatus: () => Promise<SystemStatus>; csrfKey: KeyObject; shownBanners: Pick<ShownBanners, 'at' | 'ahead'> }

/** Whether it works, for people. It says so too when it does not. */
const showStatus = route({
  route: `GET ${places.status}`,
  who: 'anyone',
  form: z.strictObject({}),
  act: async (tools: Tools, visit) => ({ page: statusPage(viewOf(tools, visit), await tools.systemStatus()) }),
})

/** The same for programs of relying parties, which may ask often: caches between keep it for ten seconds. */
const tellStatus = route({
  route: `GET ${places.statusData}`,
  who: 'anyone',
  form: z.strictObject({}),
  act: async ({ systemStatus, shownBanners }: Tools) => {
    const { at, signIn, registry, hours } = await systemStatus()
    const told = {
      status: signIn && registry ? 'up' : 'down',
      checked_at: at.toISOString(),
      parts: { sign_in: signIn, registry },
      sign_in_success: hours?.map(({ hour, success }) => ({ hour: hour.toISOString(), percent: success ?? null })) ?? null,
      notices: shownBanners.ahead(at).map(({ kind, text, startsAt, endsAt }) => ({ kind, text, starts_at: startsAt.toISOString(), ends_at: endsAt.toISOString() })),
    }
    return { data: JSON.stringify(told), type: 'application/json' as const, fresh: 10 }
  },
})

export const statusRoutes = [showStatus, tellStatus] as const
