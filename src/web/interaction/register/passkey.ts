import { z } from 'zod'
import { Problem, type ProblemCode } from '#kernel/problem.ts'
import { admit } from '#domain/account/sign-in.ts'
import { beginPasskey, due, finishPasskey } from '#domain/enrolment/registration.ts'
import { attestation, readResponse } from '#domain/passkey/response.ts'
import { atInteraction, interactionRoute, postedAt, whereOf, type InteractionTools, type Scene } from '#web/interaction/at.ts'
import { forCreation } from '#web/interaction/options.ts'
import { interactionPaths } from '#web/place/interaction.ts'
import type { Answer } from '#web/route.ts'
import { registerDonePage, registerPasskeyPage } from '#web/views/registration-end.ts'
import { unsupportedPage } from '#web/views/sign-in-elsewhere.ts'
import { onwards } from './step.ts'

type PasskeyTools = InteractionTools & Parameters<typeof finishPasskey>[0]

export const showNewPasskey = interactionRoute({
  route: `GET ${interactionPaths.newPasskey}`,
  asks: 'login',
  form: atInteraction,
  act: async (tools: PasskeyTools, scene) => newPasskey(tools, scene),
})

/** Failures after which the next try is one tap away; all others get a page of their own. */
const again: ReadonlySet<ProblemCode> = new Set(['passkey.challenge-spent', 'passkey.not-verified'])

export const takeNewPasskey = interactionRoute({
  route: `POST ${interactionPaths.newPasskey}`,
  asks: 'login',
  form: postedAt.extend({ attestation: z.string().max(65_536) }),
  act: async (tools: PasskeyTools, scene, { attestation: text }) => {
    const { view, service, uid } = scene
    // Without a script the form arrives empty, and the person is told what is missing.
    if (text === '') return { page: unsupportedPage(view, { service, uid }) }
    const answer = readResponse(attestation, text)
    if (answer === undefined) throw new Problem('request.malformed')
    try {
      await finishPasskey(tools, whereOf(scene), answer)
      return onwards(scene, 'finish')
    } catch (error) {
      if (!(error instanceof Problem && again.has(error.code))) throw error
      return newPasskey(tools, scene, 'failed')
    }
  },
})

async function newPasskey(tools: PasskeyTools, { view, service, uid }: Scene, note?: 'failed'): Promise<Answer> {
  const options = forCreation(await beginPasskey(tools, uid))
  return { page: registerPasskeyPage(view, { service, uid, options, ...(note && { note }) }) }
}

export const showDone = interactionRoute({
  route: `GET ${interactionPaths.finish}`,
  asks: 'login',
  form: atInteraction,
  act: async (tools: PasskeyTools, { view, service, uid }) => {
    const { account, evidence, foreign } = await due(tools, uid, ['finished'])
    const userId = Buffer.from(account).toString('base64url')
    const accepted = { rpId: tools.rp.id, userId, allAcceptedCredentialIds: [evidence.passkey] }
    return { page: registerDonePage(view, { service, uid, accepted, foreign }) }
  },
})

type FinishTools = InteractionTools & Parameters<typeof due>[0] & Parameters<typeof admit>[0]

/** Making the passkey was a sign-in: the same user verification, moments ago. */
export const finishRegistering = interactionRoute({
  route: `POST ${interactionPaths.finish}`,
  asks: 'login',
  form: postedAt,
  act: async (tools: FinishTools, scene) => {
    const { account, evidence } = await due(tools, scene.uid, ['finished'])
    await admit(tools, { ...whereOf(scene), account, evidence })
    return { redirect: await tools.interactions.signedIn(scene.visit.exchange, account, evidence) }
  },
})
