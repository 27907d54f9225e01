import { z } from 'zod'
import type { Clock } from '#kernel/clock.ts'
import { justNow } from '#domain/assurance/floor.ts'
import type { RecoveryAct } from '#domain/recovery/recovery.ts'
import { places } from '#web/place/citizen.ts'
import { viewOf } from '#web/request/visit.ts'
import { route } from '#web/route.ts'
import { cancelRecoveryPage, recoveryCancelledPage } from '#web/views/cancel-recovery.ts'
import { citizenRoute, posted, type CitizenTools } from './citizen.ts'
import { guardKeys, type GuardTools } from './key-guard.ts'

type Tools = CitizenTools & GuardTools

/** "It wasn't me": whoever shows a passkey from before undoes what came with the code (W09). */
const askToCancel = citizenRoute({
  route: `GET ${places.cancelRecovery}`,
  floor: justNow,
  form: z.strictObject({}),
  act: async (tools: Tools, scene) => (await guardKeys(tools, scene, places.cancelRecovery)) ?? { page: cancelRecoveryPage(scene.view) },
})

export const cancelRecovery = citizenRoute({
  route: `POST ${places.cancelRecovery}`,
  floor: justNow,
  form: posted,
  act: async (tools: Tools & { recovery: Pick<RecoveryAct, 'cancel'>; clock: Clock }, scene) => {
    const guarded = await guardKeys(tools, scene, places.cancelRecovery)
    if (guarded) return guarded
    const outcome = await tools.recovery.cancel(scene.citizen.account, { at: tools.clock.now(), holdHours: tools.recoveryRules.holdHours, through: 'sign-in' })
    return { redirect: outcome === 'cancelled' ? places.recoveryCancelled : places.account }
  },
})

/** Nobody is signed in here any more, so anybody may read it. */
const showRecoveryCancelled = route({
  route: `GET ${places.recoveryCancelled}`,
  who: 'anyone',
  form: z.strictObject({}),
  act: async (tools: CitizenTools, visit) => ({ page: recoveryCancelledPage(viewOf(tools, visit)) }),
})

export const cancelRecoveryRoutes = [askToCancel, cancelRecovery, showRecoveryCancelled]
