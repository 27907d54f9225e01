import { z } from 'zod'
import { Problem, type ProblemCode } from '#kernel/problem.ts'
import { addOwnKey, beginOwnKey } from '#domain/account/security-key.ts'
import type { AccountStore } from '#domain/account/store.ts'
import { justNow } from '#domain/assurance/floor.ts'
import { attestation, readResponse } from '#domain/passkey/response.ts'
import type { OwnKeyKind } from '#domain/passkey/registration.ts'
import type { RegistryStore } from '#domain/registry/store.ts'
import { forCreation } from '#web/interaction/options.ts'
import { places } from '#web/place/citizen.ts'
import type { Answer } from '#web/route.ts'
import { noPasskeyHerePage } from '#web/views/approval.ts'
import { keyAddedPage, keysFullPage, keyInOfficePage, newKeyPage } from '#web/views/security-key.ts'
import { guardKeys, isInOffice, type GuardTools } from './key-guard.ts'
import { citizenRoute, posted, type CitizenTools, type Scene } from './citizen.ts'

type Tools = CitizenTools & GuardTools & Parameters<typeof beginOwnKey>[0] & {
  accounts: Pick<AccountStore, 'find'>
  registry: Pick<RegistryStore, 'find'>
}

/** Failures after which the next try is one tap away; all others get a page of their own. */
const again: ReadonlySet<ProblemCode> = new Set(['passkey.challenge-spent', 'passkey.not-verified'])

type At = { kind: OwnKeyKind; place: `/${string}` }

/** Who adds a key has signed in moments ago: a session left open is not enough to take the account over for good (W09). */
const show = (at: At) => citizenRoute({
  route: `GET ${at.place}`,
  floor: justNow,
  form: z.strictObject({}),
  act: async (tools: Tools, scene) => (await refused(tools, scene, at)) ?? newKey(tools, scene, at),
})

const take = (at: At) => citizenRoute({
  route: `POST ${at.place}`,
  floor: justNow,
  form: posted.extend({ attestation: z.string().max(65_536) }),
  act: async (tools: Tools & Parameters<typeof addOwnKey>[0], scene, { attestation: text }) => {
    const no = await refused(tools, scene, at)
    if (no) return no
    // Without a script the form arrives empty, and the person is told what is missing.
    if (text === '') return { page: noPasskeyHerePage(scene.view, at.place) }
    const answer = readResponse(attestation, text)
    if (answer === undefined) throw new Problem('request.malformed')
    try {
      const added = await addOwnKey(tools, scene.citizen, { kind: at.kind, answer })
      if (added.is !== 'added') return await newKey(tools, scene, at, 'exists')
      return { redirect: added.hardwareBound ? places.hardwareKeyAdded : places.keyAdded }
    } catch (error) {
      if (!(error instanceof Problem && again.has(error.code))) throw error
      return newKey(tools, scene, at, 'failed')
    }
  },
})

async function refused(tools: Tools, scene: Scene, { place }: At): Promise<Answer | undefined> {
  return (await isInOffice(tools, scene)) ? { page: keyInOfficePage(scene.view), status: 403 } : guardKeys(tools, scene, place)
}

const securityKey: At = { kind: 'security-key', place: places.securityKey }
const ownPasskey: At = { kind: 'own-passkey', place: places.newPasskey }

export const showSecurityKey = show(securityKey)
export const takeSecurityKey = take(securityKey)
export const showOwnPasskey = show(ownPasskey)
export const takeOwnPasskey = take(ownPasskey)

async function newKey(tools: Tools, { citizen, view }: Scene, { kind, place }: At, note?: 'exists' | 'failed'): Promise<Answer> {
  const found = await tools.accounts.find(citizen.account)
  const person = found && (await tools.registry.find(found.account.person))
  if (person === undefined) throw new Problem('internal')
  const options = await beginOwnKey(tools, citizen, { kind, label: person.name })
  if (options === 'full') return { page: keysFullPage(view, tools.authenticators.passkeysPerAccount) }
  return { page: newKeyPage(view, { kind, place, options: forCreation(options), ...(note && { note }) }) }
}

export const showKeyAdded = citizenRoute({
  route: `GET ${places.keyAdded}`,
  form: z.strictObject({}),
  act: async (_tools: CitizenTools, { view }) => ({ page: keyAddedPage(view, 'any') }),
})

export const showHardwareKeyAdded = citizenRoute({
  route: `GET ${places.hardwareKeyAdded}`,
  form: z.strictObject({}),
  act: async (_tools: CitizenTools, { view }) => ({ page: keyAddedPage(view, 'hardware') }),
})
