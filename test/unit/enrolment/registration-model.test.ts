import fc from 'fast-check'
import { expect, test } from 'vitest'
import { Problem } from '#kernel/problem.ts'
import { beginPasskey, finishPasskey, giveCode, giveContact, giveIdentity, giveNamed,
  resendCode } from '#domain/enrolment/registration.ts'
import { attestation, type Attestation } from '#domain/passkey/response.ts'
import { personalNumber, type Person } from '#domain/registry/person.ts'
import { makeAuthenticator } from '#test/support/authenticator.ts'
import { aPerson } from '#test/support/made-up.ts'
import { client, makeOffice, registrationSeconds, rp, rules, visit, type Office } from './office.ts'

/** Two visits at once, so that what one does must not move the other; two persons, one of them too young. */
const visits = [visit('one'), visit('two')] as const
const adult = aPerson()
const child = aPerson({ number: personalNumber.parse('079320001234'), name: 'Trần Bảo An', birthDate: '2020-01-01' })
const honest = (person: Person) => ({ name: person.name, birthDate: person.birthDate })

const steps = [
  'onward', 'number', 'number of a child', 'identity', 'identity of another', 'contact', 'resend', 'right code', 'wrong code',
    'older code', 'begin passkey', 'finish passkey',
  'finish with the passkey of the other visit', 'wait a little', 'wait longer',
] as const
type Step = (typeof steps)[number]
type Move = { by: 0 | 1; step: Step }

/** What must be so, told without the code under test: a few plain facts for each visit and one rule for each step. */
type Facts = {
  at: 'nowhere' | 'identity' | 'contact' | 'code' | 'passkey' | 'finished' | 'refused'
  person: Person
  truthful: boolean
  sends: number
  tries: number
  sentAt: number
  codeGone: boolean
  touchedAt: number
  challengeAt: number | undefined
}

const start = (): Facts =>
  ({ at: 'nowhere', person: adult, truthful: true, sends: 0, tries: 0, sentAt: 0, codeGone: false, touchedAt: 0,
    challengeAt: undefined })

const onward: Readonly<Record<Facts['at'], Step>> = {
  nowhere: 'number', identity: 'identity', contact: 'contact', code: 'right code', passkey: 'begin passkey', refused: 'number',
    finished: 'number',
}

const { contactCode } = rules
const outOfOrder = 'registration.out-of-order'

/** Moves the facts and answers the problem that the step must end with, or `done`. */
function expected(facts: Facts, step: Step, { now, opened }: { now: number; opened: Set<string> }): string {
  if (facts.at !== 'nowhere' && facts.touchedAt + registrationSeconds <= now) Object.assign(facts, { at: 'nowhere', sends: 0 })
  const become = (at: Facts['at'], more: Partial<Facts> = {}) => (Object.assign(facts, { at, touchedAt: now, ...more }), 'done')
  const send = () => {
    if (facts.sends >= contactCode.sends) return 'limit.exceeded'
    return become('code', { sends: facts.sends + 1, tries: 0, sentAt: now, codeGone: false })
  }
  const compare = (right: boolean) => {
    if (facts.at !== 'code') return outOfOrder
    facts.tries += 1
    const dead = facts.codeGone || now >= facts.sentAt + contactCode.lifeMinutes * 60
    if (facts.tries > contactCode.tries || dead) return 'registration.code-spent'
    if (!right) return facts.tries === contactCode.tries ? 'registration.code-spent' : 'registration.code-wrong'
    facts.codeGone = true
    const may = facts.person === adult && facts.truthful && !opened.has(adult.id)
    return become(may ? 'passkey' : 'refused')
  }
  const finish = (own: boolean) => {
    if (facts.at !== 'passkey') return outOfOrder
    const { challengeAt } = facts
    facts.challengeAt = undefined
    if (challengeAt === undefined || now >= challengeAt + 180) return 'passkey.challenge-spent'
    if (!own) return 'passkey.not-verified'
    if (opened.has(adult.id)) return 'registration.refused'
    opened.add(adult.id)
    return become('finished')
  }
  const rule: Readonly<Partial<Record<Step, () => string>>> = {
    number: () => (facts.at === 'finished' ? outOfOrder : become('identity', { person: adult })),
    'number of a child': () => (facts.at === 'finished' ? outOfOrder : become('identity', { person: child })),
    identity: () => (['identity', 'contact', 'code'].includes(facts.at) ? become('contact', { truthful: true }) : outOfOrder),
    'identity of another': () => (['identity', 'contact', 'code'].includes(facts.at) ? become('contact',
      { truthful: false }) : outOfOrder),
    contact: () => (['contact', 'code'].includes(facts.at) ? send() : outOfOrder),
    resend: () => (facts.at !== 'code' ? outOfOrder : now < facts.sentAt + contactCode.resendAfterSeconds ? 'limit.exceeded' : send()),
    'right code': () => compare(true),
    'wrong code': () => compare(false),
    'older code': () => compare(false),
    'begin passkey': () => (facts.at === 'passkey' ? (Object.assign(facts, { challengeAt: now }), 'done') : outOfOrder),
    'finish passkey': () => finish(true),
    'finish with the passkey of the other visit': () => finish(false),
  }
  return rule[step]?.() ?? 'done'
}

type Made = Map<0 | 1, Attestation>

/** The same step taken for real. */
async function taken(office: Office, { by, step }: Move, { made, person }: { made: Made; person: Person }): Promise<string> {
  const interaction = visits[by]
  const where = { interaction, client, address: '192.0.2.1' }
  const email = `visit-${by}@nha.example`
  const codes = office.seen.codes.get(email) ?? []
  const right = codes.at(-1) ?? '123456'
  const notRight = right === '000000' ? '111111' : '000000'
  const older = codes.at(-2)
  const finish = (which: 0 | 1) => finishPasskey(office, where, made.get(which) ?? foreign)
  const act: Readonly<Partial<Record<Step, () => Promise<unknown>>>> = {
    number: () => giveNamed(office, where, { number: adult.number }),
    'number of a child': () => giveNamed(office, where, { number: child.number }),
    identity: () => giveIdentity(office, interaction, honest(person)),
    'identity of another': () => giveIdentity(office, interaction, { ...honest(person), birthDate: '1999-09-09' }),
    contact: () => giveContact(office, where, { email, language: 'vi' }),
    resend: () => resendCode(office, where, 'vi'),
    'right code': () => giveCode(office, where, right),
    'wrong code': () => giveCode(office, where, notRight),
    'older code': () => giveCode(office, where, older === undefined || older === right ? notRight : older),
    'begin passkey': async () => {
      const options = await beginPasskey(office, interaction)
      made.set(by, attestation.parse(authenticator.create({ ...options, pubKeyCredParams: [...options.pubKeyCredParams],
        excludeCredentials: [] })))
    },
    'finish passkey': () => finish(by),
    'finish with the passkey of the other visit': () => finish(by === 0 ? 1 : 0),
  }
  return Promise.resolve(act[step]?.()).then(() => 'done',
    (error: unknown) => (error instanceof Problem ? error.code : String(error)))
}

const authenticator = makeAuthenticator({ rpId: rp.id, origin: rp.origin })
const foreign = attestation.parse(authenticator.create({
  challenge: 'bm90LW91cnM', rp: { id: rp.id, name: rp.name }, user: { id: 'dXNlcg', name: 'x', displayName: 'x' },
    pubKeyCredParams: [{ type: 'public-key', alg: -7 }],
}))

/** Where both visits stand, read from the store. */
const standing = (office: Office) => Promise.all(visits.map(async (interaction) => (await office.registrations.find(interaction))?.at ?? 'nowhere'))

const pause: Readonly<Partial<Record<Step, number>>> = { 'wait a little': 31, 'wait longer': 1_200 }

/** Mostly the step that is due, so that walks reach the end; the others come in between, out of order and repeated. */
const anyMove = fc.record({
  by: fc.constantFrom(0 as const, 0 as const, 1 as const),
  step: fc.oneof({ weight: 3, arbitrary: fc.constant<Step>('onward') }, { weight: 2, arbitrary: fc.constantFrom(...steps) }),
})

test('of random walks through a registration each goes as the rules say, and none to a passkey without the right code',
  { timeout: 120_000 }, async () => {
  const reached = new Map<string, number>()
  await fc.assert(fc.asyncProperty(fc.array(anyMove, { minLength: 5, maxLength: 40 }), async (moves) => {
    const office = makeOffice({ people: [adult, child] })
    const facts = [start(), start()] as const
    const opened = new Set<string>()
    const made: Made = new Map()
    for (const { by, step: asked } of moves) {
      const mine = facts[by]
      const now = Math.floor(office.time.now / 1000)
      const due = mine.at === 'passkey' && mine.challengeAt !== undefined ? 'finish passkey' : onward[mine.at]
      const step = asked === 'onward' ? due : asked
      const { person } = mine
      const outcome = await taken(office, { by, step }, { made, person })
      expect({ step, outcome }).toEqual({ step, outcome: expected(mine, step, { now, opened }) })
      office.time.now += (pause[step] ?? 0) * 1000
      const stand = await standing(office)
      expect(stand).toEqual(facts.map(({ at,
        touchedAt }) => (touchedAt + registrationSeconds > Math.floor(office.time.now / 1000) ? at : 'nowhere')))
      for (const at of stand) reached.set(at, (reached.get(at) ?? 0) + 1)
    }
    expect(office.held.size).toBe(opened.size)
  }), { numRuns: 400 })
  // Walks that never got anywhere would prove nothing.
  for (const at of ['nowhere', 'identity', 'contact', 'code', 'passkey', 'finished', 'refused']) expect(reached.get(at) ?? 0)
    .toBeGreaterThan(20)
})
