import { hash } from 'node:crypto'
import type { Clock } from '#kernel/clock.ts'
import type { AccountId } from '#kernel/id.ts'
import { Problem } from '#kernel/problem.ts'
import { secretToken, wholeBelow } from '#kernel/random.ts'
import type { LimitName, Limits } from '#domain/abuse/limits.ts'
import { networkOf } from '#domain/abuse/network.ts'
import { paperOf } from '#domain/account/entitlement.ts'
import type { WardTools } from '#domain/acting/ward.ts'
import type { AuditLog } from '#domain/audit/event.ts'
import { beginSignIn, finishSignIn, type SignInOptions } from '#domain/passkey/authentication.ts'
import type { ChallengeStore, PasskeyStore, RelyingParty } from '#domain/passkey/passkey.ts'
import { beginRegistration, finishRegistration, type RegisterOptions } from '#domain/passkey/registration.ts'
import type { Assertion, Attestation } from '#domain/passkey/response.ts'
import type { PersonalNumber } from '#domain/registry/person.ts'
import type { RegistryStore } from '#domain/registry/store.ts'
import type { Application, Code, DeskStore, Key, Unfinished } from './application.ts'
import { readDeskCode } from './code.ts'
import { issueOf } from './doubt.ts'
import { cameWithRepresentative } from './proofing.ts'
import { representativesBefore } from './representatives.ts'
import { deskRules } from './rules.ts'

/** What a browser is known by, as it is kept. */
export const browserOf = (token: string): string => hash('sha256', token, 'base64url')

type CodeTools = { desk: Pick<DeskStore, 'redeem'>; limits: Limits; audit: AuditLog; clock: Clock }

type Typed = { typed: string; address: string; /** Whose application it is, where somebody said so. */ number?: PersonalNumber | undefined }

/**
 * Takes the code of a desk for this browser and answers the token by which it goes on; nothing for one that is wrong, over or used, all alike. Every
 * try is paid for before it is looked at, so that parallel guesses get no more of them (CVE-2024-4629); a good one is given back.
 *
 * A network is many people (carriers put thousands behind one address), so a stranger among them must not keep an office from working (W11): where a
 * network has used up its tries, whoever says whose application it is (`number-first`) has a few for this one, and the code opens no other. Throws
 * `limit.exceeded` where those are used up too.
 */
export async function takeDeskCode({ desk, limits, audit, clock }: CodeTools, { typed, address, number }: Typed): Promise<{ is: 'taken'; token: string } | { is: 'wrong' } | { is: 'number-first' }> {
  const code = readDeskCode(typed)
  // A slip of the hand is no guess: the last digit tells.
  if (code === undefined) return { is: 'wrong' }
  const paid = await pay(limits, { network: networkOf(address), number })
  if (paid === undefined) return { is: 'number-first' }
  const at = clock.now()
  const token = secretToken()
  const until = new Date(at.getTime() + deskRules.code.answerMinutes * 60_000)
  const taken = await desk.redeem(code, { browser: browserOf(token), number: 10 + wholeBelow(90), until, at, whose: number })
  if (taken === undefined) {
    await audit.append({ type: 'desk.code-refused' })
    return { is: 'wrong' }
  }
  await limits.give(...paid, 'back')
  return { is: 'taken', token }
}

/** From whose tries this one is taken: those of the network, or of the number where the network has none left. */
async function pay(limits: Limits, { network, number }: { network: string; number: PersonalNumber | undefined }): Promise<readonly [LimitName, string] | undefined> {
  if (number === undefined) {
    try {
      await limits.spend('desk-codes-per-network', network)
      return ['desk-codes-per-network', network]
    } catch (error) {
      if (error instanceof Problem && error.code === 'limit.exceeded') return undefined
      throw error
    }
  }
  await limits.spend('desk-codes-per-number', number)
  return ['desk-codes-per-number', number]
}

export type Live = Application & { code: Code }

/** The application that this browser goes on with, whatever became of it; nothing once its time is over. */
export async function goingOn({ desk, clock }: { desk: Pick<DeskStore, 'ofBrowser'>; clock: Clock }, token: string): Promise<Live | undefined> {
  const found = await desk.ofBrowser(browserOf(token))
  return found?.code !== undefined && found.code.expiresAt > clock.now() ? { ...found, code: found.code } : undefined
}

type KeyTools = {
  challenges: ChallengeStore
  rp: RelyingParty
  passkeys: Pick<PasskeyStore, 'find' | 'ofAccount' | 'advance'>
  registry: Pick<RegistryStore, 'find' | 'whose'>
  accounts: WardTools['accounts']
  clock: Clock
}

/** `act`: by whoever acts for the person of this name. */
export type Asked = { is: 'sign'; options: SignInOptions } | { is: 'make'; options: RegisterOptions } | { is: 'act'; options: SignInOptions; name: string }

/** What the phone is asked for: a passkey of the account where it has one, a new one where it has none or all were lost; a representative's own where one acts for the person. */
export async function askForKey(tools: KeyTools, application: Live): Promise<Asked> {
  const { id, account, person: personId, purpose } = application
  if (cameWithRepresentative(application)) return askRepresentative(tools, application)
  const known = await tools.passkeys.ofAccount(account)
  if (purpose === 'level-2' && known.length > 0) return { is: 'sign', options: await beginSignIn(tools, { desk: id }, known) }
  const person = await tools.registry.find(personId)
  if (person === undefined) throw new Problem('internal')
  // Those that were lost are revoked with this: one of them that is at hand after all may be made anew.
  return { is: 'make', options: await beginRegistration(tools, { desk: id }, { account, label: person.name }) }
}

async function askRepresentative(tools: KeyTools, { id, person, station }: Live): Promise<Asked> {
  const ward = await tools.registry.find(person)
  if (ward === undefined) throw new Problem('internal')
  const acting = await representativesAt(tools, { person, station })
  const keys = await Promise.all(acting.map((one) => tools.passkeys.ofAccount(one)))
  return { is: 'act', options: await beginSignIn(tools, { desk: id }, keys.flat()), name: ward.name }
}

/** Who may act for this person here. */
async function representativesAt(tools: KeyTools, { person, station }: Pick<Live, 'person' | 'station'>): Promise<readonly AccountId[]> {
  const ward = await tools.registry.find(person)
  const acting = ward === undefined ? [] : await representativesBefore(tools, station.officer, ward)
  return acting.map(({ account }) => account)
}

type Answer = { assertion: Assertion } | { attestation: Attestation }

/**
 * "Yes, that is the number", said with a passkey: from here on the account is at level 2. Throws the problems of `finishSignIn` and
 * `finishRegistration`, and `passkey.not-asked-for` for somebody else's key.
 */
export async function answerDesk(tools: KeyTools & { desk: Pick<DeskStore, 'finish'> }, token: string, application: Live, answer: Answer): Promise<'done' | Unfinished> {
  const key = await keyOf(tools, application, answer)
  const person = await tools.registry.find(application.person)
  if (person === undefined) return 'over'
  const at = tools.clock.now()
  const account = { id: application.account, person: person.id, level: 1, state: 'active', locks: [], createdAt: at, ...paperOf(person) } as const
  return tools.desk.finish({ id: application.id, browser: browserOf(token), key, account, issuedOn: issueOf(person), at })
}

async function keyOf(tools: KeyTools, application: Live, answer: Answer): Promise<Key> {
  const { id, account, purpose } = application
  if (cameWithRepresentative(application)) return representativesKey(tools, application, answer)
  if ('attestation' in answer) return { made: await finishRegistration(tools, { desk: id }, { account, answer: answer.attestation }) }
  const { passkey } = await finishSignIn(tools, { desk: id }, answer.assertion)
  if (passkey.account !== account || purpose !== 'level-2') throw new Problem('passkey.not-asked-for')
  return { shown: passkey.id }
}

/** On the phone of whoever acts for the person, by a passkey of that one's own account; none is made there (Decree 69/2024 Art 10.2). */
async function representativesKey(tools: KeyTools, application: Live, answer: Answer): Promise<Key> {
  if ('attestation' in answer) throw new Problem('passkey.not-asked-for')
  const { passkey } = await finishSignIn(tools, { desk: application.id }, answer.assertion)
  if (!(await representativesAt(tools, application)).includes(passkey.account)) throw new Problem('passkey.not-asked-for')
  return { represented: passkey.id, by: passkey.account }
}
