import { z } from 'zod'
import { Problem } from '#kernel/problem.ts'
import { beginComparison, finishComparison } from '#domain/face/comparison.ts'
import { interactionPaths, interactionPlaces } from '#web/place/interaction.ts'
import type { Answer } from '#web/route.ts'
import { facePage, facePendingPage, type FaceNote } from '#web/views/face.ts'
import { whoIs, type WhoTools } from './account.ts'
import { atInteraction, interactionRoute, postedAt, whereOf, type InteractionTools, type Scene } from './at.ts'

type Tools = InteractionTools & WhoTools & Parameters<typeof beginComparison>[0] & { issuer: string }

/** A passkey of theirs was shown for this request, and the face is all that is missing. Whoever acts for somebody has another face. */
export function needsFace({ interaction: { missing, given } }: Scene): boolean {
  return given !== undefined && given.by === undefined && missing.every((one) => one === 'biometric') && missing.length > 0
}

export async function showFace(tools: WhoTools & Pick<Tools, 'faceMatcher'>, scene: Scene, note?: FaceNote): Promise<Answer> {
  const { view, service, uid } = scene
  const { origin } = tools.faceMatcher ?? {}
  return { page: facePage(view, { service, uid, who: await whoIs(tools, scene), ...(note && { note }) }), ...(origin !== undefined && { formsTo: [origin] }) }
}

/** Throws `interaction.expired` unless a passkey was shown for this request and a face is what is missing. */
function atFace(scene: Scene) {
  const { interaction: { account, given } } = scene
  if (account === undefined || given === undefined || !needsFace(scene)) throw new Problem('interaction.expired')
  return { ...whereOf(scene), account, evidence: given }
}

export const beginFace = interactionRoute({
  route: `POST ${interactionPaths.face}`,
  asks: 'login',
  form: postedAt,
  act: async (tools: Tools, scene) => {
    const returnTo = `${tools.issuer}${interactionPlaces(scene.uid).faceDone}`
    return { redirect: await beginComparison(tools, atFace(scene), { returnTo, language: scene.view.language }) }
  },
})

/** Where the authority sends the browser back to; what it found is asked of it directly and not taken from the browser. */
export const finishFace = interactionRoute({
  route: `GET ${interactionPaths.faceDone}`,
  asks: 'login',
  query: true,
  form: atInteraction.extend({ code: z.string().max(256).default('') }),
  act: async (tools: Tools, scene, { code }) => {
    const at = atFace(scene)
    const done = await finishComparison(tools, at, code)
    if (done.outcome === 'match') return { redirect: await tools.interactions.signedIn(scene.visit.exchange, at.account, done.evidence) }
    if (done.outcome === 'pending') return { page: facePendingPage(scene.view, scene) }
    return showFace(tools, scene, done.outcome)
  },
})
