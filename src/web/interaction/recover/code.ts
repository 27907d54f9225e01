import { z } from 'zod'
import { readCode } from '#domain/recovery/code.ts'
import { giveRecoveryCode } from '#domain/recovery/recovery.ts'
import { parsePersonalNumber } from '#domain/registry/personal-number.ts'
import { atInteraction, faultOf, interactionRoute, postedAt, whereOf, type InteractionTools } from '#web/interaction/at.ts'
import { interactionPaths, interactionPlaces } from '#web/place/interaction.ts'
import { recoverCodePage, recoverWaysPage, type RecoverFaults } from '#web/views/recovery.ts'

/** "What do you still have?": the ways back, said in the person's words. */
export const showWaysBack = interactionRoute({
  route: `GET ${interactionPaths.recover}`,
  asks: 'login',
  form: atInteraction,
  act: async (_tools: InteractionTools, { view, service, uid }) => ({ page: recoverWaysPage(view, { service, uid }) }),
})

export const showRecoverCode = interactionRoute({
  route: `GET ${interactionPaths.recoverCode}`,
  asks: 'login',
  form: atInteraction,
  act: async (_tools: InteractionTools, { view, service, uid }) => ({ page: recoverCodePage(view, { service, uid }) }),
})

/** Nothing of what is wrong is told but that it is, whichever of the two it was (W10). */
export const takeRecoverCode = interactionRoute({
  route: `POST ${interactionPaths.recoverCode}`,
  asks: 'login',
  form: postedAt.extend({ number: z.string().max(40), code: z.string().max(60) }),
  act: async (tools: InteractionTools & Parameters<typeof giveRecoveryCode>[0], scene, typed) => {
    const { view, service, uid } = scene
    const [number, code] = [parsePersonalNumber(typed.number), readCode(typed.code)]
    const once = (faults: RecoverFaults) => ({ page: recoverCodePage(view, { service, uid, number: typed.number, faults }), status: 422 })
    if (number === undefined || code === undefined) {
      return once({ ...(number === undefined && { number: faultOf(typed.number) }), ...(code === undefined && { code: faultOf(typed.code) }) })
    }
    if ((await giveRecoveryCode(tools, whereOf(scene), { number, code })) === 'refused') return once({ code: 'wrong' })
    return { redirect: interactionPlaces(uid).recoverPasskey }
  },
})
