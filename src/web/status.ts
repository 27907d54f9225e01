import type { KeyObject } from 'node:crypto'
import { z } from 'zod'
import type { Standing } from '#domain/statistic/standing.ts'
import { places } from '#web/places.ts'
import { viewOf } from '#web/request/visit.ts'
import { route } from '#web/route.ts'
import { statusPage } from '#web/views/status.ts'

type Tools = { standing: () => Promise<Standing>; csrfKey: KeyObject }

/** Whether it works, for people. It says so too when it does not. */
const showStatus = route({
  route: `GET ${places.status}`,
  who: 'anyone',
  form: z.strictObject({}),
  act: async ({ standing, csrfKey }: Tools, visit) => ({ page: statusPage(viewOf({ csrfKey }, visit), await standing()) }),
})

/** The same for programs of relying parties, which may ask often: caches between keep it for ten seconds. */
const tellStatus = route({
  route: `GET ${places.statusData}`,
  who: 'anyone',
  form: z.strictObject({}),
  act: async ({ standing }: Tools) => {
    const { at, signIn, registry, hours } = await standing()
    const told = {
      status: signIn && registry ? 'up' : 'down',
      checked_at: at.toISOString(),
      parts: { sign_in: signIn, registry },
      sign_in_success: hours?.map(({ hour, success }) => ({ hour: hour.toISOString(), percent: success ?? null })) ?? null,
    }
    return { data: JSON.stringify(told), type: 'application/json' as const, fresh: 10 }
  },
})

export const statusRoutes = [showStatus, tellStatus] as const
