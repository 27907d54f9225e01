import { z } from 'zod'
import { Problem } from '#kernel/problem.ts'
import { due, giveCode, giveContact, isForeign, resendCode, waitForCode, type Registration } from '#domain/enrolment/registration.ts'
import type { Html } from '#web/html.ts'
import { maskEmail } from '#web/i18n/format.ts'
import {
  atInteraction, faultOf, interactionRoute, postedAt, whereOf, type InteractionTools, type Scene,
} from '#web/interaction/at.ts'
import { interactionPaths } from '#web/place/interaction.ts'
import { registerCodePage, registerContactPage } from '#web/views/registration.ts'
import { registerRefusedPage } from '#web/views/registration-end.ts'
import { onceMore, onwards } from './step.ts'

type ContactTools = InteractionTools & Parameters<typeof giveContact>[0]
type CodeTools = ContactTools & Parameters<typeof giveCode>[0]

export const showContact = interactionRoute({
  route: `GET ${interactionPaths.contact}`,
  asks: 'login',
  form: atInteraction,
  act: async (tools: ContactTools, { view, service, uid }) => {
    await due(tools, uid, ['contact', 'code'])
    return { page: registerContactPage(view, { service, uid }) }
  },
})

export const takeContact = interactionRoute({
  route: `POST ${interactionPaths.contact}`,
  asks: 'login',
  form: postedAt.extend({ email: z.string().max(400) }),
  act: async (tools: ContactTools, scene, { email: typed }) => {
    const { view, service, uid } = scene
    const email = z.email().max(254).safeParse(typed.trim())
    if (!email.success) return onceMore(registerContactPage(view, { service, uid, value: typed, error: faultOf(typed) }))
    await giveContact(tools, whereOf(scene), { email: email.data, language: view.language })
    return onwards(scene, 'code')
  },
})

export const showCode = interactionRoute({
  route: `GET ${interactionPaths.code}`,
  asks: 'login',
  form: atInteraction,
  act: async (tools: ContactTools, scene) => ({ page: codePage(tools, scene, await due(tools, scene.uid, ['code'])) }),
})

export const takeCode = interactionRoute({
  route: `POST ${interactionPaths.code}`,
  asks: 'login',
  form: postedAt.extend({ code: z.string().max(40) }),
  act: async (tools: CodeTools, scene, { code: typed }) => {
    const { view, service, uid } = scene
    const code = typed.replaceAll(/\s/g, '')
    const sent = await due(tools, uid, ['code'])
    // What cannot be a code of ours is no guess at one.
    const couldBe = /^\d+$/.test(code) && code.length === tools.rules.contactCode.digits
    if (!couldBe) return onceMore(codePage(tools, scene, sent, { error: { is: faultOf(code) } }))
    try {
      const outcome = await giveCode(tools, whereOf(scene), code)
      return outcome === 'passkey' ? onwards(scene, 'newPasskey') : { page: registerRefusedPage(view, { service, uid, foreign: isForeign(sent) }) }
    } catch (cause) {
      const error = cause instanceof Problem ? errorOf(cause) : undefined
      if (error === undefined) throw cause
      return onceMore(codePage(tools, scene, sent, { error }))
    }
  },
})

export const sendCodeAgain = interactionRoute({
  route: `POST ${interactionPaths.resend}`,
  asks: 'login',
  form: postedAt,
  act: async (tools: ContactTools, scene) => {
    const sent = await due(tools, scene.uid, ['code'])
    // Too soon: the page says itself how long to wait. With a script its button is still for as long.
    if (waitForCode(tools, sent) > 0) return { page: codePage(tools, scene, sent) }
    await resendCode(tools, whereOf(scene), scene.view.language)
    return { page: codePage(tools, scene, await due(tools, scene.uid, ['code']), { resent: true }) }
  },
})

type Shown = Pick<Parameters<typeof registerCodePage>[1], 'error' | 'resent'>
type CodeSent = Extract<Registration, { at: 'code' }>

function codePage(tools: ContactTools, { view, service, uid }: Scene, sent: CodeSent, shown: Shown = {}): Html {
  const { digits, lifeMinutes: minutes } = tools.rules.contactCode
  const known = { service, uid, address: maskEmail(sent.email), rules: { digits, minutes } }
  return registerCodePage(view, { ...known, resendIn: waitForCode(tools, sent), ...shown })
}

function errorOf({ code, detail }: Problem): Shown['error'] {
  if (code === 'registration.code-spent') return { is: 'spent' }
  if (code === 'registration.code-wrong') return { is: 'wrong', left: Number(detail['left'] ?? 0) }
  return undefined
}
