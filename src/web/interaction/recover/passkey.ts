import { z } from 'zod'
import { Problem, type ProblemCode } from '#kernel/problem.ts'
import type { AccountStore } from '#domain/account/store.ts'
import { admit } from '#domain/account/sign-in.ts'
import { attestation, readResponse } from '#domain/passkey/response.ts'
import { beginRecoveredPasskey, due, finishRecoveredPasskey } from '#domain/recovery/recovery.ts'
import type { RecoveryRules } from '#domain/recovery/rules.ts'
import { atInteraction, interactionRoute, postedAt, whereOf, type InteractionTools, type Scene } from '#web/interaction/at.ts'
import { forCreation } from '#web/interaction/options.ts'
import { formatTime } from '#web/i18n/format.ts'
import { interactionPaths, interactionPlaces } from '#web/place/interaction.ts'
import { readerOf, type ReaderTools } from '#web/reader.ts'
import type { Answer } from '#web/route.ts'
import { recoverDonePage, recoverPasskeyPage, recoverWaitsPage } from '#web/views/recovery.ts'
import { unsupportedPage } from '#web/views/sign-in-elsewhere.ts'

type Tools = InteractionTools & Omit<Parameters<typeof finishRecoveredPasskey>[0], 'rules'> & { recoveryRules: RecoveryRules }

export const showRecoverPasskey = interactionRoute({
  route: `GET ${interactionPaths.recoverPasskey}`,
  asks: 'login',
  form: atInteraction,
  act: async (tools: Tools, scene) => newPasskey(tools, scene),
})

/** Failures after which the next try is one tap away; all others get a page of their own. */
const again: ReadonlySet<ProblemCode> = new Set(['passkey.challenge-spent', 'passkey.not-verified'])

export const takeRecoverPasskey = interactionRoute({
  route: `POST ${interactionPaths.recoverPasskey}`,
  asks: 'login',
  form: postedAt.extend({ attestation: z.string().max(65_536) }),
  act: async (tools: Tools, scene, { attestation: text }) => {
    const { view, service, uid } = scene
    // Without a script the form arrives empty, and the person is told what is missing.
    if (text === '') return { page: unsupportedPage(view, { service, uid }) }
    const answer = readResponse(attestation, text)
    if (answer === undefined) throw new Problem('request.malformed')
    try {
      await finishRecoveredPasskey({ ...tools, rules: tools.recoveryRules }, whereOf(scene), answer)
      return { redirect: interactionPlaces(uid).recovered }
    } catch (error) {
      if (!(error instanceof Problem && again.has(error.code))) throw error
      return newPasskey(tools, scene, 'failed')
    }
  },
})

async function newPasskey(tools: Tools, { view, service, uid }: Scene, note?: 'failed'): Promise<Answer> {
  const options = forCreation(await beginRecoveredPasskey(tools, uid))
  return { page: recoverPasskeyPage(view, { service, uid, options, ...(note && { note }) }) }
}

export const showRecovered = interactionRoute({
  route: `GET ${interactionPaths.recovered}`,
  asks: 'login',
  form: atInteraction,
  act: async (tools: Tools & ReaderTools, { view, service, uid }) => {
    const { account, alone, opensAt } = await due(tools, uid, 'finished')
    const reader = await readerOf(tools, account)
    if (opensAt !== undefined) return { page: recoverWaitsPage(view, { service, uid, reader, opensAt: formatTime(new Date(opensAt)), alone }) }
    return { page: recoverDonePage(view, { service, uid, reader, hours: tools.recoveryRules.holdHours }) }
  },
})

/** Making the passkey was a sign-in: the same user verification, moments ago. */
export const finishRecovering = interactionRoute({
  route: `POST ${interactionPaths.recovered}`,
  asks: 'login',
  form: postedAt,
  act: async (tools: InteractionTools & Parameters<typeof due>[0] & Parameters<typeof admit>[0] & { accounts: Pick<AccountStore, 'findNow'> }, scene) => {
    const { account, evidence } = await due(tools, scene.uid, 'finished')
    // As it is now: what another node brought back is not remembered here.
    await admit({ ...tools, accounts: { find: tools.accounts.findNow } }, { ...whereOf(scene), account, evidence })
    return { redirect: await tools.interactions.signedIn(scene.visit.exchange, account, evidence) }
  },
})
