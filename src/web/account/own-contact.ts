import { z } from 'zod'
import type { ContactStore } from '#domain/account/contact.ts'
import { addressOf, beginContactChange, finishContactChange, readAddress } from '#domain/account/own-contact.ts'
import { justNow } from '#domain/assurance/floor.ts'
import type { SmsSender } from '#domain/notice/sms.ts'
import { maskContact } from '#web/i18n/format.ts'
import { places } from '#web/place/citizen.ts'
import type { Answer } from '#web/route.ts'
import { contactCodePage, contactsPage } from '#web/views/own-contact.ts'
import { citizenRoute, posted, type CitizenTools, type Scene } from './citizen.ts'
import { guardKeys, type GuardTools } from './key-guard.ts'

type Tools = CitizenTools & { contactStore: Pick<ContactStore, 'ofAccount'>; sms?: SmsSender | undefined }
type CodeTools = Tools & GuardTools & Parameters<typeof finishContactChange>[0]

type More = Pick<Parameters<typeof contactsPage>[1], 'fault' | 'note'>

async function show({ contactStore, sms }: Tools, { citizen, view }: Scene, more: More = {}): Promise<Answer> {
  const known = (await contactStore.ofAccount(citizen.account)).map(({ kind, value }) => ({ kind, shown: maskContact(kind, value) }))
  return { page: contactsPage(view, { known, kinds: sms === undefined ? ['email'] : ['email', 'phone'], ...more }), ...((more.fault ?? more.note === 'spent') && { status: 422 }) }
}

const showContacts = citizenRoute({
  route: `GET ${places.contacts}`,
  asks: true,
  form: z.strictObject({ changed: z.literal('1').optional() }),
  act: (tools: Tools, scene, { changed }) => show(tools, scene, changed && { note: 'changed' }),
})

/**
 * Whoever changes where the holder is told has signed in moments ago: a session left open is not enough to keep them from hearing of what comes
 * next (W09).
 */
export const takeContact = citizenRoute({
  route: `POST ${places.contacts}`,
  floor: justNow,
  form: posted.extend({ kind: z.enum(['email', 'phone']), email: z.string().max(400).default(''), phone: z.string().max(60).default('') }),
  act: async (tools: CodeTools & Parameters<typeof beginContactChange>[0], scene, { kind, ...typed }) => {
    const guarded = await guardKeys(tools, scene, places.contacts)
    if (guarded) return guarded
    const to = readAddress(kind, typed[kind])
    if (to === undefined || (kind === 'phone' && tools.sms === undefined)) return show(tools, scene, { fault: { kind, typed: typed[kind] } })
    const { citizen: { account, session }, view: { language }, visit: { address } } = scene
    const generation = await beginContactChange(tools, { account, session, address }, { ...to, language })
    return { redirect: `${places.contactCode}?n=${generation}` }
  },
})

const number = z.coerce.number().int().min(1).max(100)

const showContactCode = citizenRoute({
  route: `GET ${places.contactCode}`,
  asks: true,
  form: z.strictObject({ n: number }),
  act: (tools: CodeTools, scene, { n }) => codeStep(tools, scene, n),
})

export const takeContactCode = citizenRoute({
  route: `POST ${places.contactCode}`,
  floor: justNow,
  form: posted.extend({ n: number, code: z.string().max(40) }),
  act: async (tools: CodeTools, scene, { n, code: typed }) => {
    const guarded = await guardKeys(tools, scene, places.contacts)
    if (guarded) return guarded
    const code = typed.replaceAll(/\s/g, '')
    // What cannot be a code of ours is no guess at one.
    if (!/^\d+$/.test(code) || code.length !== tools.rules.contactCode.digits) return codeStep(tools, scene, n, { is: 'missing' })
    const outcome = await finishContactChange(tools, scene.citizen, { generation: n, typed: code })
    if (outcome.is === 'wrong') return codeStep(tools, scene, n, outcome)
    return outcome.is === 'spent' ? show(tools, scene, { note: 'spent' }) : { redirect: `${places.contacts}?changed=1` }
  },
})

async function codeStep(tools: CodeTools, scene: Scene, generation: number, error?: { is: 'missing' } | { is: 'wrong'; left: number }): Promise<Answer> {
  const to = await addressOf(tools, scene.citizen.session, generation)
  if (to === undefined) return show(tools, scene, { note: 'spent' })
  const { lifeMinutes: minutes, digits } = tools.rules.contactCode
  return { page: contactCodePage(scene.view, { to: to.value, generation, minutes, digits, error }), ...(error && { status: 422 }) }
}

export const ownContactRoutes = [showContacts, takeContact, showContactCode, takeContactCode]
