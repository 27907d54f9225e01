import type { KeyObject } from 'node:crypto'
import { z } from 'zod'
import type { Clock } from '#kernel/clock.ts'
import { accountId, personId } from '#kernel/id.ts'
import { Problem } from '#kernel/problem.ts'
import { networkOf } from '#domain/abuse/network.ts'
import type { AccountStore } from '#domain/account/store.ts'
import { objectToRecovery, unlockOwn } from '#domain/account/own-lock.ts'
import { signIn } from '#domain/account/sign-in.ts'
import { beginSignIn, decoys } from '#domain/passkey/authentication.ts'
import type { Passkey, PasskeyStore, RelyingParty } from '#domain/passkey/passkey.ts'
import { assertion, readResponse, type Assertion } from '#domain/passkey/response.ts'
import type { PersonalNumber } from '#domain/registry/person.ts'
import { groupedNumber, parsePersonalNumber } from '#domain/registry/personal-number.ts'
import type { RegistryStore } from '#domain/registry/store.ts'
import { formatDay, formatTime } from '#web/i18n/format.ts'
import { places } from '#web/place/citizen.ts'
import { interactionPaths } from '#web/place/interaction.ts'
import type { Html } from '#web/html.ts'
import { readerOf } from '#web/reader.ts'
import type { Answer } from '#web/route.ts'
import type { PasskeyNote } from '#web/views/passkey-form.ts'
import { objectPage, opensLaterPage, unlockPage } from '#web/views/own-lock.ts'
import { noPasskeyPage, otherPhonePage, unsupportedPage } from '#web/views/sign-in-elsewhere.ts'
import { signInPage, type SignIn } from '#web/views/sign-in.ts'
import { atInteraction, faultOf, interactionRoute, postedAt, whereOf, type InteractionTools, type Scene } from './at.ts'
import { showAccountChoice, showTurnBack } from './account.ts'
import { onlyOf, optionsFor, showAgain } from './again.ts'
import { showConsent } from './consent.ts'
import { needsFace, showFace } from './face.ts'
import { afterPasskey } from './for-whom.ts'
import { forBrowser } from './options.ts'

type Tools = InteractionTools & Parameters<typeof afterPasskey>[0] & Parameters<typeof showConsent>[0] & Parameters<typeof signIn>[0] & {
  challenges: Parameters<typeof beginSignIn>[0]['challenges']
  registry: Pick<RegistryStore, 'idByNumber'>
  accounts: Pick<AccountStore, 'findByPerson'>
  passkeys: Pick<PasskeyStore, 'ofAccount'>
  rp: RelyingParty
  /** This is the sandbox. */
  trying?: boolean | undefined
  decoyKey: KeyObject
  /** What the sandbox's page offers besides: its test people. */
  offers?: ((scene: Scene) => Promise<Html>) | undefined
}
export type SignInTools = Tools

/** The one address the provider sends people to; what it shows depends on what is being asked. */
export const showInteraction = interactionRoute({
  route: `GET ${interactionPaths.start}`,
  asks: 'either',
  form: atInteraction,
  act: async (tools: Tools, scene) => shows[scene.interaction.asks](tools, scene),
})

const shows = {
  account: showAccountChoice,
  login: (tools, scene) => showSignIn(tools, scene),
  'turn-back': showTurnBack,
  consent: showConsent,
} satisfies Record<Scene['interaction']['asks'], (tools: Tools, scene: Scene) => Promise<Answer>>

/** Narrowing answers alike for numbers that have an account and numbers that have none (W10). */
export const narrowSignIn = interactionRoute({
  route: `POST ${interactionPaths.narrow}`,
  asks: 'login',
  form: postedAt.extend({ number: z.string().max(40) }),
  act: async (tools: Tools, scene, { number: typed }) => {
    const number = parsePersonalNumber(typed)
    if (number === undefined) return showSignIn(tools, scene, { number: typed, numberError: faultOf(typed) })
    await tools.limits.spend('narrowing-per-address', networkOf(scene.visit.address))
    return showSignIn(tools, scene, { number: typed, narrowed: true }, await passkeysFor(tools, number))
  },
})

export const showNoPasskey = interactionRoute({
  route: `GET ${interactionPaths.none}`,
  asks: 'login',
  form: atInteraction,
  act: async (_tools: InteractionTools, { view, service, uid }) => ({
    page: noPasskeyPage(view, { service, uid, canRegister: true }),
  }),
})

export const showOtherPhone = interactionRoute({
  route: `GET ${interactionPaths.otherPhone}`,
  asks: 'login',
  form: atInteraction,
  act: async (tools: Tools, scene) => {
    const { view, service, uid } = scene
    const only = onlyOf(scene)
    const options = await (only ? optionsFor(tools, uid, only) : beginSignIn(tools, uid))
    return { page: otherPhonePage(view, { service, uid, options: forBrowser(options) }) }
  },
})

export const answerSignIn = interactionRoute({
  route: `POST ${interactionPaths.passkey}`,
  asks: 'login',
  form: postedAt.extend({ assertion: z.string().max(32_768) }),
  act: async (tools: Tools, scene, { assertion: text }) => {
    const { view, service, uid } = scene
    // Without a script the form arrives empty, and the person is told what is missing.
    if (text === '') return { page: unsupportedPage(view, { service, uid }) }
    const answer = readResponse(assertion, text)
    if (answer === undefined) throw new Problem('request.malformed')
    return finishSignIn(tools, scene, answer)
  },
})

/** Ends the sign-in with an assertion, whoever made it, or says on the page why it does not. */
export async function finishSignIn(tools: Tools, scene: Scene, answer: Assertion): Promise<Answer> {
  try {
    const { account, evidence } = await signIn(tools, { ...whereOf(scene), answer, only: onlyOf(scene) })
    return await afterPasskey(tools, scene, { account: account.id, evidence })
  } catch (error) {
    if (!(error instanceof Problem)) throw error
    if (error.detail['objects'] === 'yes' || error.detail['by'] === 'holder') return { page: await closedPage(tools, scene, { error, answer }) }
    const note = noteOf(error)
    if (note === undefined) throw error
    // The browser is told to stop offering a passkey that nobody knows here any more (WebAuthn L3 §5.1.10.2). The sandbox knows nobody's,
    // and while developing it has the host of the server that does.
    const gone = tools.trying !== true && (note.is === 'unknown' || note.is === 'removed')
    return showSignIn(tools, scene, { note, ...(gone && { unknown: { rpId: tools.rp.id, credentialId: answer.id } }) })
  }
}

/** A good passkey, and yet nobody is let in: what its holder may do about it. */
async function closedPage(tools: Tools, scene: Scene, { error, answer }: { error: Problem; answer: Assertion }): Promise<Html> {
  const reader = await readerOf(tools, (await tools.passkeys.find(answer.id))?.account)
  if (error.detail['objects'] === 'yes') return objectPage(scene.view, { ...scene, reader })
  return unlockPage(scene.view, { ...scene, reader, since: formatDay(new Date(String(error.detail['since']))), lost: lostOf(error, tools), opensAt: opensAtOf(error) })
}

/** The holder opens what they have locked, and the sign-in goes on. */
export const unlockAccount = interactionRoute({
  route: `POST ${interactionPaths.unlock}`,
  asks: 'login',
  form: postedAt,
  act: async (tools: Tools & Parameters<typeof unlockOwn>[0], scene) => {
    try {
      const opened = await unlockOwn(tools, whereOf(scene))
      if ('opensAt' in opened) return { page: opensLaterPage(scene.view, { ...scene, reader: await readerOf(tools, opened.account), opensAt: formatTime(opened.opensAt) }) }
      const { account, evidence } = opened
      return await afterPasskey(tools, scene, { account: account.id, evidence })
    } catch (error) {
      if (!(error instanceof Problem && error.code === 'passkey.challenge-spent')) throw error
      return showSignIn(tools, scene, { note: { is: 'expired' } })
    }
  },
})

/** "It was not me": whoever has just shown a passkey of before undoes what came with a printed code. */
export const objectWithPasskey = interactionRoute({
  route: `POST ${interactionPaths.object}`,
  asks: 'login',
  form: postedAt,
  act: async (tools: Tools & Parameters<typeof objectToRecovery>[0], scene) => {
    try {
      return (await objectToRecovery(tools, scene.uid)) === 'cancelled' ? { redirect: places.recoveryCancelled } : await showSignIn(tools, scene)
    } catch (error) {
      if (!(error instanceof Problem && error.code === 'passkey.challenge-spent')) throw error
      return showSignIn(tools, scene, { note: { is: 'expired' } })
    }
  },
})

function opensAtOf({ detail: { opens } }: Problem): string | undefined {
  return opens === undefined || opens === 'unasked' ? undefined : formatTime(new Date(String(opens)))
}

/** Of an account that was closed as lost: whether somebody has asked to open it, and what is then to be done. */
function lostOf({ detail: { opens } }: Problem, { clock }: { clock: Clock }): 'ask' | 'waits' | undefined {
  if (opens === undefined) return undefined
  if (opens === 'unasked') return 'ask'
  return new Date(String(opens)) <= clock.now() ? undefined : 'waits'
}

/** Failures that are answered on the page itself, so that the next try is one tap away; all others get a page of their own. */
export function noteOf({ code, detail }: Problem): PasskeyNote | undefined {
  if (code === 'passkey.challenge-spent') return { is: 'expired' }
  if (code === 'passkey.not-recognised') return { is: 'unknown' }
  if (code === 'passkey.removed') return { is: 'removed', on: formatDay(new Date(String(detail['since']))) }
  if (code === 'passkey.not-verified') return { is: 'failed' }
  if (code === 'passkey.not-asked-for') return { is: 'other' }
  return undefined
}

type Shown = Pick<SignIn, 'note' | 'number' | 'narrowed' | 'numberError' | 'unknown'>
type Allowed = readonly Pick<Passkey, 'id' | 'transports'>[]

async function showSignIn(tools: Tools, scene: Scene, shown: Shown = {}, allowed: Allowed = []): Promise<Answer> {
  const { view, service, uid, interaction: { missing } } = scene
  if (needsFace(scene)) return showFace(tools, scene)
  const only = onlyOf(scene)
  if (only) return showAgain(tools, scene, { only, ...(shown.note && { note: shown.note }), ...(shown.unknown && { unknown: shown.unknown }) })
  const options = forBrowser(await beginSignIn(tools, uid, allowed))
  const hardwareKey = missing.includes('hardware-key')
  const hints = hardwareKey && { hints: ['security-key'] }
  const offer = await tools.offers?.(scene)
  return {
    page: signInPage(view, {
      service, uid, options: { ...options, ...hints }, hardwareKey, canRegister: true, ...suggested(scene), ...shown, ...(offer && { offer }),
    }),
  }
}

/**
 * A hint fills in the field and does nothing else: whether the number exists is not looked up (W10). It is the only thing of a
 * request that an answer to a GET repeats; every request has a page, and so a token, of its own, and nothing to compare (BREACH).
 */
function suggested({ interaction: { loginHint } }: Scene): Pick<SignIn, 'number'> {
  const number = loginHint === undefined ? undefined : parsePersonalNumber(loginHint)
  return number === undefined ? {} : { number: groupedNumber(number) }
}

/** Ids that nobody has. */
const unused = '00000000-0000-7000-8000-000000000000'
const nobody = { person: personId.parse(unused), account: accountId.parse(unused) }

async function passkeysFor(tools: Tools, number: PersonalNumber): Promise<Allowed> {
  const made = decoys(tools.decoyKey, number)
  // The same three questions for everybody, and no record is opened, so that the time they take says nothing (W10).
  const person = await tools.registry.idByNumber(number)
  const account = await tools.accounts.findByPerson(person ?? nobody.person)
  const known = await tools.passkeys.ofAccount(account?.id ?? nobody.account)
  return known.length > 0 ? known : made
}
