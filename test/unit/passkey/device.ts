import { randomUUID } from 'node:crypto'
import { accountId, interactionId, type InteractionId } from '#kernel/id.ts'
import { beginSignIn, finishSignIn } from '#domain/passkey/authentication.ts'
import type { Passkey, PasskeyStore, RelyingParty } from '#domain/passkey/passkey.ts'
import { beginRegistration, finishRegistration, type KeyOccasion } from '#domain/passkey/registration.ts'
import { assertion, attestation } from '#domain/passkey/response.ts'
import { embeddedVolatile } from '#storage/embedded/volatile.ts'
import { challenges } from '#storage/short-lived.ts'
import { makeAuthenticator, type Draft, type Settings } from '#test/support/authenticator.ts'

export const rp: RelyingParty = { id: 'localhost', origin: 'http://localhost:3000', name: 'Định danh điện tử' }
export const visit = (name: string): InteractionId => interactionId.parse(`interaction-${name.padStart(8, '-')}`)

/** Passkeys in a list, with what the port promises of `advance`. */
function passkeysInMemory() {
  const kept = new Map<string, Passkey>()
  const store: Pick<PasskeyStore, 'find' | 'advance'> = {
    find: async (id) => kept.get(id),
    async advance(id, { counter, backedUp, at }) {
      const before = kept.get(id)
      if (before === undefined || before.removedAt || (counter <= before.counter && (counter !== 0 || before.counter !== 0))) return false
      kept.set(id, { ...before, counter, backedUp, lastUsedAt: at })
      return true
    },
  }
  return { kept, store }
}

/** A house with one clock and a phone with its software authenticator. */
export function makeDevice(settings: Partial<Settings> = {}) {
  const time = { now: Date.parse('2026-11-22T03:00:00Z') }
  const clock = { now: () => new Date(time.now) }
  const { kept, store } = passkeysInMemory()
  const tools = { rp, clock, passkeys: store, challenges: challenges(embeddedVolatile({ clock })) }
  const authenticator = makeAuthenticator({ rpId: rp.id, origin: rp.origin, ...settings })
  type Lie = Parameters<typeof authenticator.create>[1]

  async function createdAt(occasion: KeyOccasion, lie: Lie = {}) {
    const account = accountId.parse(randomUUID())
    const options = await beginRegistration(tools, occasion, { account, label: 'Trần Thị Ngọc Lan' })
    const answer = authenticator.create({ ...options, pubKeyCredParams: [...options.pubKeyCredParams], excludeCredentials: [] },
      lie)
    return { account, answer: attestation.parse(answer) }
  }

  async function register(lie: Lie = {}): Promise<Passkey> {
    const passkey = await finishRegistration(tools, visit('register'), await createdAt(visit('register'), lie))
    kept.set(passkey.id, passkey)
    return passkey
  }

  async function signedAt(interaction: InteractionId, lie: Partial<Draft> = {}) {
    const { allowCredentials: _, ...options } = await beginSignIn(tools, interaction)
    return assertion.parse(authenticator.get(options, lie))
  }

  const signIn = async (lie: Partial<Draft> = {}) => finishSignIn(tools, visit('sign-in'), await signedAt(visit('sign-in'), lie))
  return { tools, time, kept, createdAt, register, signedAt, signIn }
}
