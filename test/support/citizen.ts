import type { PublicKeyCredentialCreationOptionsJSON, PublicKeyCredentialRequestOptionsJSON } from '@simplewebauthn/server'
import type { Authenticator, Draft } from './authenticator.ts'
import { embeddedJson, formAt } from './visitor.ts'
import type { Stop, Visitor } from './visitor.ts'

/** A person of the registry who visits with a phone: what they know, what they hold. */
export type Citizen = {
  number: string
  name: string
  /** `YYYY-MM-DD`. */
  birthDate: string
  email: string
  authenticator: Authenticator
  /** Opens the mailbox: the code that was sent last. */
  readCode: () => Promise<string>
}

/** Fills in the form of this page whose action ends so, with its hidden fields, and follows where it leads. */
export async function fillIn(visitor: Visitor, from: Stop, ending: string, typed: Readonly<Record<string, string>> = {}): Promise<Stop> {
  const { action, fields } = formAt(from.text, ending)
  return visitor.submit(new URL(action, from.url), { ...fields, ...typed }, from.url)
}

/** From the sign-in page through the registration as far as the page that asks for the passkey. */
export async function upToPasskey(visitor: Visitor, signInPage: Stop, citizen: Citizen): Promise<Stop> {
  const [year = '', month = '', day = ''] = citizen.birthDate.split('-')
  const number = await visitor.open(`${signInPage.url.origin}${signInPage.url.pathname}/register`)
  const identity = await fillIn(visitor, number, '/register', { number: citizen.number })
  const who = { name: citizen.name, birthDay: day, birthMonth: month, birthYear: year }
  const contact = await fillIn(visitor, identity, '/register/identity', who)
  const code = await fillIn(visitor, contact, '/register/contact', { email: citizen.email })
  return fillIn(visitor, code, '/register/code', { code: await citizen.readCode() })
}

/** The whole registration, to where the service, or its consent page, comes next. */
export async function register(visitor: Visitor, signInPage: Stop, citizen: Citizen): Promise<Stop> {
  const passkey = await upToPasskey(visitor, signInPage, citizen)
  const attestation = JSON.stringify(citizen.authenticator.create(creationOptions(passkey)))
  const done = await fillIn(visitor, passkey, '/register/passkey', { attestation })
  return fillIn(visitor, done, '/register/finish')
}

/** What a page asks the phone to make. */
export function creationOptions(page: Stop): PublicKeyCredentialCreationOptionsJSON {
  const options = embeddedJson(page.text, 'passkey-options')
  if (!isCreation(options)) throw new Error('the page asks for no passkey')
  return options
}

/** What a page asks the phone to sign. */
export function requestOptions(page: Stop): PublicKeyCredentialRequestOptionsJSON {
  const options = embeddedJson(page.text, 'passkey-options')
  if (!isRequest(options)) throw new Error('the page asks for no passkey')
  return options
}

/** One tap on the sign-in page. `lie` overrides one field of what the phone answers. */
export async function tap(visitor: Visitor, signInPage: Stop, authenticator: Authenticator, lie: Partial<Draft> = {}): Promise<Stop> {
  return fillIn(visitor, signInPage, '/passkey', { assertion: JSON.stringify(authenticator.get(requestOptions(signInPage), lie)) })
}

/** From any page that knows who is signed in: somebody else wants to be. */
export async function useAnother(visitor: Visitor, page: Stop): Promise<Stop> {
  return fillIn(visitor, page, '/account', { choice: 'another' })
}

/** Agrees, where the page asks at all; elsewhere stays where it is. */
export async function agree(visitor: Visitor, page: Stop): Promise<Stop> {
  return page.text.includes('/consent"') ? fillIn(visitor, page, '/consent', { choice: 'allow' }) : page
}

function isRequest(value: unknown): value is PublicKeyCredentialRequestOptionsJSON {
  return typeof value === 'object' && value !== null && 'challenge' in value && typeof value.challenge === 'string'
}

function isCreation(value: unknown): value is PublicKeyCredentialCreationOptionsJSON {
  return isRequest(value) && 'pubKeyCredParams' in value && Array.isArray(value.pubKeyCredParams)
}
