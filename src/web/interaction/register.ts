import { z } from 'zod'
import { epochSeconds } from '#kernel/clock.ts'
import { Problem } from '#kernel/problem.ts'
import type { AuditLog } from '#domain/audit/event.ts'
import {
  beginPasskey, due, finishPasskey, giveCode, giveContact, giveIdentity, giveNumber, resendCode, type Registration,
} from '#domain/enrolment/registration.ts'
import { levelOf } from '#domain/assurance/evidence.ts'
import { attestation, readResponse } from '#domain/passkey/response.ts'
import { normalName } from '#domain/registry/name.ts'
import { parsePersonalNumber } from '#domain/registry/personal-number.ts'
import { maskEmail } from '#web/i18n/format.ts'
import { route, type Answer } from '#web/route.ts'
import { readBirthDate } from '#web/views/date-field.ts'
import { interactionPlaces } from '#web/places.ts'
import { registerCodePage, registerContactPage, registerIdentityPage, registerNumberPage } from '#web/views/registration.ts'
import { registerDonePage, registerPasskeyPage, registerRefusedPage } from '#web/views/registration-end.ts'
import { unsupportedPage } from '#web/views/sign-in-elsewhere.ts'
import { atInteraction, postedAt, sceneOf, type InteractionTools, type Scene } from './at.ts'

type Tools = InteractionTools & Parameters<typeof giveNumber>[0] & Parameters<typeof giveContact>[0] & Parameters<typeof giveCode>[0]
  & Parameters<typeof finishPasskey>[0] & { audit: AuditLog }

const scene = (tools: Tools, visit: Parameters<typeof sceneOf>[1], uid: string) => sceneOf(tools, visit, { uid, asks: 'login' })
const where = ({ interaction, visit }: Scene) => ({ interaction: interaction.id, client: interaction.client.id, address: visit.address })

/** Every step is a page of its own; after a form the browser is sent to the next one, so reloading repeats nothing. */
const onwards = (uid: string, step: 'identity' | 'contact' | 'code' | 'newPasskey' | 'finish'): Answer => ({ redirect: interactionPlaces(uid)[step] })

export const showNumber = route({
  route: 'GET /interaction/:uid/register',
  who: 'anyone',
  form: atInteraction,
  act: async (tools: Tools, visit, { uid }) => {
    const { view, service, formsTo } = await scene(tools, visit, uid)
    return { page: registerNumberPage(view, { service, uid }), formsTo }
  },
})

export const takeNumber = route({
  route: 'POST /interaction/:uid/register',
  who: 'anyone',
  form: postedAt.extend({ number: z.string().max(40) }),
  act: async (tools: Tools, visit, { uid, number: typed }) => {
    const at = await scene(tools, visit, uid)
    const number = parsePersonalNumber(typed)
    if (number === undefined) {
      const error = typed.trim() === '' ? 'missing' : 'format'
      return { page: registerNumberPage(at.view, { service: at.service, uid, value: typed, error }), status: 422, formsTo: at.formsTo }
    }
    await giveNumber(tools, where(at), number)
    return onwards(uid, 'identity')
  },
})

export const showIdentity = route({
  route: 'GET /interaction/:uid/register/identity',
  who: 'anyone',
  form: atInteraction,
  act: async (tools: Tools, visit, { uid }) => {
    const { view, service, interaction, formsTo } = await scene(tools, visit, uid)
    await due(tools, interaction.id, ['identity', 'contact', 'code'])
    return { page: registerIdentityPage(view, { service, uid }), formsTo }
  },
})

const identityForm = postedAt.extend({
  name: z.string().max(400),
  birthDay: z.string().max(4),
  birthMonth: z.string().max(4),
  birthYear: z.string().max(6),
})

export const takeIdentity = route({
  route: 'POST /interaction/:uid/register/identity',
  who: 'anyone',
  form: identityForm,
  act: async (tools: Tools, visit, { uid, ...typed }) => {
    const { view, service, interaction, formsTo } = await scene(tools, visit, uid)
    const parts = { day: typed.birthDay, month: typed.birthMonth, year: typed.birthYear }
    const name = normalName(typed.name)
    const born = readBirthDate(parts)
    const nameFault = faultOfName(name)
    if (nameFault !== undefined || 'fault' in born) {
      const errors = { ...(nameFault === undefined ? {} : { name: nameFault }), ...('fault' in born ? { birthDate: born.fault } : {}) }
      return { page: registerIdentityPage(view, { service, uid, values: { name: typed.name, ...parts }, errors }), status: 422, formsTo }
    }
    await giveIdentity(tools, interaction.id, { name, birthDate: born.date })
    return onwards(uid, 'contact')
  },
})

function faultOfName(name: string): 'nameMissing' | 'nameLong' | undefined {
  if (name === '') return 'nameMissing'
  return name.length > 200 ? 'nameLong' : undefined
}

export const showContact = route({
  route: 'GET /interaction/:uid/register/contact',
  who: 'anyone',
  form: atInteraction,
  act: async (tools: Tools, visit, { uid }) => {
    const { view, service, interaction, formsTo } = await scene(tools, visit, uid)
    await due(tools, interaction.id, ['contact', 'code'])
    return { page: registerContactPage(view, { service, uid }), formsTo }
  },
})

export const takeContact = route({
  route: 'POST /interaction/:uid/register/contact',
  who: 'anyone',
  form: postedAt.extend({ email: z.string().max(400) }),
  act: async (tools: Tools, visit, { uid, email: typed }) => {
    const at = await scene(tools, visit, uid)
    const { view, service, formsTo } = at
    const email = z.email().max(254).safeParse(typed.trim())
    if (!email.success) {
      const error = typed.trim() === '' ? 'missing' : 'format'
      return { page: registerContactPage(view, { service, uid, value: typed, error }), status: 422, formsTo }
    }
    await giveContact(tools, where(at), { email: email.data, language: view.language })
    return onwards(uid, 'code')
  },
})

export const showCode = route({
  route: 'GET /interaction/:uid/register/code',
  who: 'anyone',
  form: atInteraction,
  act: async (tools: Tools, visit, { uid }) => {
    const at = await scene(tools, visit, uid)
    return { page: codePage(tools, at, await due(tools, at.interaction.id, ['code'])), formsTo: at.formsTo }
  },
})

export const takeCode = route({
  route: 'POST /interaction/:uid/register/code',
  who: 'anyone',
  form: postedAt.extend({ code: z.string().max(40) }),
  act: async (tools: Tools, visit, { uid, code: typed }) => {
    const at = await scene(tools, visit, uid)
    const code = typed.replaceAll(/\s/g, '')
    const registration = await due(tools, at.interaction.id, ['code'])
    if (!/^\d+$/.test(code)) return { page: codePage(tools, at, registration, { error: { is: code === '' ? 'missing' : 'format' } }), status: 422, formsTo: at.formsTo }
    try {
      const outcome = await giveCode(tools, where(at), code)
      if (outcome === 'passkey') return onwards(uid, 'newPasskey')
      return { page: registerRefusedPage(at.view, { service: at.service, uid }), formsTo: at.formsTo }
    } catch (error) {
      const told = error instanceof Problem ? codeError(error) : undefined
      if (told === undefined) throw error
      return { page: codePage(tools, at, registration, { error: told }), status: 422, formsTo: at.formsTo }
    }
  },
})

export const sendCodeAgain = route({
  route: 'POST /interaction/:uid/register/resend',
  who: 'anyone',
  form: postedAt,
  act: async (tools: Tools, visit, { uid }) => {
    const at = await scene(tools, visit, uid)
    const registration = await due(tools, at.interaction.id, ['code'])
    // Too soon: the page says itself how long to wait. With a script its button is still for as long.
    if (waitOf(tools, registration) > 0) return { page: codePage(tools, at, registration), formsTo: at.formsTo }
    await resendCode(tools, where(at), at.view.language)
    return { page: codePage(tools, at, await due(tools, at.interaction.id, ['code']), { resent: true }), formsTo: at.formsTo }
  },
})

type CodeProps = Pick<Parameters<typeof registerCodePage>[1], 'error' | 'resent'>

type CodeSent = Extract<Registration, { at: 'code' }>

function codePage(tools: Tools, { view, service, interaction }: Scene, registration: CodeSent, props: CodeProps = {}) {
  const address = maskEmail(registration.email)
  return registerCodePage(view, { service, uid: interaction.id, address, resendIn: waitOf(tools, registration), ...props })
}

/** Seconds until a new code may be asked for. */
function waitOf({ rules, clock }: Pick<Tools, 'rules' | 'clock'>, { sentAt }: CodeSent): number {
  return Math.max(0, sentAt + rules.contactCode.resendAfterSeconds - epochSeconds(clock.now()))
}

function codeError({ code, detail }: Problem): CodeProps['error'] {
  if (code === 'registration.code-spent') return { is: 'spent' }
  if (code === 'registration.code-wrong') return { is: 'wrong', left: Number(detail['left'] ?? 0) }
  return undefined
}

export const showNewPasskey = route({
  route: 'GET /interaction/:uid/register/passkey',
  who: 'anyone',
  form: atInteraction,
  act: async (tools: Tools, visit, { uid }) => newPasskey(tools, await scene(tools, visit, uid)),
})

async function newPasskey(tools: Tools, { view, service, interaction, formsTo }: Scene, note?: 'failed'): Promise<Answer> {
  const made = await beginPasskey(tools, interaction.id)
  const options = {
    ...made,
    pubKeyCredParams: [...made.pubKeyCredParams],
    excludeCredentials: made.excludeCredentials.map(({ id, type }) => ({ id, type })),
  }
  return { page: registerPasskeyPage(view, { service, uid: interaction.id, options, ...(note && { note }) }), formsTo }
}

export const takeNewPasskey = route({
  route: 'POST /interaction/:uid/register/passkey',
  who: 'anyone',
  form: postedAt.extend({ attestation: z.string().max(65_536) }),
  act: async (tools: Tools, visit, { uid, attestation: text }) => {
    const at = await scene(tools, visit, uid)
    if (text === '') return { page: unsupportedPage(at.view, { service: at.service, uid }), formsTo: at.formsTo }
    const answer = readResponse(attestation, text)
    if (answer === undefined) throw new Problem('request.malformed')
    try {
      await finishPasskey(tools, where(at), answer)
      return onwards(uid, 'finish')
    } catch (error) {
      const again = error instanceof Problem && (error.code === 'passkey.challenge-spent' || error.code === 'passkey.not-verified')
      if (!again) throw error
      return newPasskey(tools, at, 'failed')
    }
  },
})

export const showDone = route({
  route: 'GET /interaction/:uid/register/finish',
  who: 'anyone',
  form: atInteraction,
  act: async (tools: Tools, visit, { uid }) => {
    const { view, service, interaction, formsTo } = await scene(tools, visit, uid)
    const { account, evidence } = await due(tools, interaction.id, ['finished'])
    const accepted = { rpId: tools.rp.id, userId: Buffer.from(account).toString('base64url'), allAcceptedCredentialIds: [evidence.passkey] }
    return { page: registerDonePage(view, { service, uid, accepted }), formsTo }
  },
})

/** Making the passkey was a sign-in: the same user verification, moments ago. */
export const finishRegistering = route({
  route: 'POST /interaction/:uid/register/finish',
  who: 'anyone',
  form: postedAt,
  act: async (tools: Tools, visit, { uid }) => {
    const { interaction } = await scene(tools, visit, uid)
    const { account, evidence } = await due(tools, interaction.id, ['finished'])
    await tools.audit.append({ type: 'login.finished', client: interaction.client.id, account, passkey: evidence.passkey, level: levelOf(evidence), evidence })
    return { redirect: await tools.interactions.signedIn(visit.exchange, account, evidence) }
  },
})
