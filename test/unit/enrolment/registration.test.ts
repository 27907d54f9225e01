import { describe, expect, test } from 'vitest'
import { accountId } from '#kernel/id.ts'
import {
  beginPasskey, finishPasskey, giveCode, giveContact, giveIdentity, giveNamed, resendCode, type Registration,
} from '#domain/enrolment/registration.ts'
import { attestation } from '#domain/passkey/response.ts'
import type { PassportRef } from '#domain/registry/passport.ts'
import { personalNumber, type Person } from '#domain/registry/person.ts'
import { makeAuthenticator } from '#test/support/authenticator.ts'
import { aForeigner, aPassport, aPerson, anAccount } from '#test/support/made-up.ts'
import { client, generous, makeOffice, rp, visit, type Office } from './office.ts'

const interaction = visit('one')
const where = { interaction, client, address: '192.0.2.1' }
const email = 'lan@nha.example'
const lan = aPerson()
const honest = { name: lan.name, birthDate: lan.birthDate }

type Told = { number?: string; passport?: PassportRef; claimed?: { name: string; birthDate: string }; at?: typeof where }

async function upToCode(office: Office, { number = lan.number, passport, claimed = honest, at = where }: Told = {}): Promise<void> {
  await giveNamed(office, at, passport === undefined ? { number: personalNumber.parse(number) } : { passport })
  await giveIdentity(office, at.interaction, claimed)
  await giveContact(office, at, { email, language: 'vi' })
}

const codes = (office: Office) => office.seen.codes.get(email) ?? []
const lastCode = (office: Office) => codes(office).at(-1) ?? ''

async function upToPasskey(office: Office, told: Told = {}) {
  await upToCode(office, told)
  return giveCode(office, told.at ?? where, lastCode(office))
}

const wrong = (office: Office) => (lastCode(office) === '000000' ? '111111' : '000000')
const created = (options: Awaited<ReturnType<typeof beginPasskey>>) => attestation.parse(makeAuthenticator({ rpId: rp.id,
  origin: rp.origin })
  .create({ ...options, pubKeyCredParams: [...options.pubKeyCredParams], excludeCredentials: [] }))

describe('a registration', () => {
  test('goes from the number to an account with passkey, contact and event', async () => {
    const office = makeOffice({ people: [lan] })
    expect(await upToPasskey(office)).toBe('passkey')
    const options = await beginPasskey(office, interaction)
    expect(options.user).toMatchObject({ name: lan.name, displayName: lan.name })
    const id = await finishPasskey(office, where, created(options))
    expect(office.held.get(lan.id)).toMatchObject({
      account: { id, person: lan.id, level: 1, state: 'active', expiresOn: lan.card?.expiresOn },
      contact: { kind: 'email', value: email },
    })
    expect(Buffer.from(options.user.id, 'base64url').toString()).toBe(id)
    expect(office.seen.events.map(({ type }) => type)).toEqual(['registration.started', 'registration.finished'])
    expect(await office.registrations.find(interaction)).toMatchObject({ at: 'finished', account: id,
      evidence: { userVerified: true, hardwareBound: false } })
  })

  test('looks nothing up before the contact is proven', async () => {
    const office = makeOffice({ people: [lan] })
    const asked: string[] = []
    const watched = { ...office, registry: { ...office.registry, findByNumber: async (number: string) => (asked.push(number), lan) } }
    await upToCode(watched)
    await giveCode(watched, where, wrong(office)).catch(() => undefined)
    expect(asked).toEqual([])
    await giveCode(watched, where, lastCode(office))
    expect(asked).toEqual([lan.number])
  })

  test('ends when the person got an account meanwhile, and says only that it is refused', async () => {
    const office = makeOffice({ people: [lan] })
    await upToPasskey(office)
    const options = await beginPasskey(office, interaction)
    office.held.set(lan.id, { account: anAccount({ person: lan.id }), contact: undefined })
    await expect(finishPasskey(office, where, created(options))).rejects.toMatchObject({ code: 'registration.refused' })
  })
})

describe('every reason to refuse looks the same', () => {
  const person = (changes: Partial<Person>) => aPerson({ id: lan.id, ...changes })
  const account = anAccount({ id: accountId.parse('0198a1b2-0000-7000-8000-00000000000a'), person: lan.id })
  const registered = (office: Office) => office.held.set(lan.id,
    { account, contact: { kind: 'email', value: 'chu@nha.example', verifiedAt: new Date(0) } })
  const nothing = () => undefined

  test.each<[why: string, people: readonly Person[], told: Told, before: (office: Office) => unknown]>([
    ['unknown', [], {}, nothing],
    ['mismatch of the name', [lan], { claimed: { ...honest, name: 'Trần Thị Mai' } }, nothing],
    ['mismatch of the day', [lan], { claimed: { ...honest, birthDate: '2003-03-03' } }, nothing],
    ['registered', [lan], {}, registered],
    ['under age', [person({ birthDate: '2020-01-01' })], { claimed: { ...honest, birthDate: '2020-01-01' } }, nothing],
    ['deceased', [person({ life: { status: 'deceased', on: '2020-01-01' } })], {}, nothing],
    ['missing', [person({ life: { status: 'missing' } })], {}, nothing],
    ['no card', [person({ card: undefined })], {}, nothing],
  ])('%s', async (_why, people, told, before) => {
    const office = makeOffice({ people })
    before(office)
    expect(await upToPasskey(office, told)).toBe('refused')
    expect(await office.registrations.find(interaction)).toEqual({ at: 'refused' })
    expect(codes(office)).toHaveLength(1)
    const [, refusal] = office.seen.events
    expect(refusal).toEqual({ type: 'registration.refused', client, ...(people.length > 0 && { person: lan.id }) })
    await expect(beginPasskey(office, interaction)).rejects.toMatchObject({ code: 'registration.out-of-order' })
  })

  test('a number guessed at too often, though the guess is right at last; from another network its holder is let in', async () => {
    const office = makeOffice({ people: [lan], limits: { ...generous, 'registration-per-number-and-network': { points: 5, seconds: 86_400 } } })
    const guess = (name: string, claimed = honest, address = where.address) =>
      upToPasskey(office, { at: { ...where, interaction: visit(name), address }, claimed })
    for (const name of ['a', 'b', 'c', 'd', 'e']) expect(await guess(name, { ...honest, name: 'Trần Thị Mai' })).toBe('refused')
    expect(await guess('f')).toBe('refused')
    expect(await office.registrations.find(visit('f'))).toEqual(await office.registrations.find(visit('a')))
    expect(await guess('g', honest, '203.0.113.9')).toBe('passkey')
  })

  test('of guesses that are made at once no more are heard than of those made one after the other', async () => {
    const office = makeOffice({ people: [lan], limits: { ...generous, 'registration-per-number-and-network': { points: 5, seconds: 86_400 } } })
    const names = Array.from({ length: 50 }, (_, at) => `guess-${at}`)
    for (const name of names) await upToCode(office, { at: { ...where, interaction: visit(name) }, claimed: name === 'guess-49' ? honest : { ...honest, name: 'Trần Thị Mai' } })
    const heard = await Promise.all(names.map((name, at) => giveCode(office, { ...where, interaction: visit(name) }, codes(office)[at] ?? '')))
    expect(new Set(heard)).toEqual(new Set(['refused']))
  })

  test('being right is not counted as a guess', async () => {
    const office = makeOffice({ people: [lan], limits: { ...generous, 'registration-per-number-and-network': { points: 1, seconds: 86_400 } } })
    for (const name of ['a', 'b', 'c']) expect(await upToPasskey(office, { at: { ...where, interaction: visit(name) } })).toBe('passkey')
  })

  test('the holder of the account is told, after the answer and at their own address', async () => {
    const office = makeOffice({ people: [lan] })
    registered(office)
    await upToPasskey(office)
    await Promise.all(office.seen.later)
    expect(office.seen.warned).toEqual(['chu@nha.example'])
  })
})

describe('a foreigner registers with a passport (Decree 69/2024 Art 11.1)', () => {
  const kim = aForeigner({ id: lan.id })
  const own = aPassport()
  const claimed = { name: 'Min-Jun Kim', birthDate: kim.birthDate }
  const told: Told = { passport: own, claimed }

  test('by passport, country, name in any order and birth date; the account follows what ends first', async () => {
    const office = makeOffice({ people: [kim] })
    expect(await upToPasskey(office, told)).toBe('passkey')
    await finishPasskey(office, where, created(await beginPasskey(office, interaction)))
    expect(office.held.get(kim.id)?.account).toMatchObject({ level: 1, paper: 'residence-card', expiresOn: '2029-08-01' })
    expect(await office.registrations.find(interaction)).toMatchObject({ at: 'finished', foreign: true })
  })

  test.each<[why: string, people: readonly Person[], told: Told]>([
    ['unknown', [], told],
    ['the passport of another country', [kim], { ...told, passport: aPassport({ country: 'JPN' }) }],
    ['a name that lacks a word', [kim], { ...told, claimed: { ...claimed, name: 'Kim Jun' } }],
    ['another birth date', [kim], { ...told, claimed: { ...claimed, birthDate: '1990-04-06' } }],
    ['a passport that has ended', [aForeigner({ id: lan.id, passport: aPassport({ expiresOn: '2026-11-21' }) })], told],
    ['a residence that has ended', [aForeigner({ id: lan.id, card: { kind: 'residence-card', issuedOn: '2024-01-01', issuedAt: 'x', expiresOn: '2026-11-21' } })], told],
    ['no residence card', [aForeigner({ id: lan.id, card: undefined })], told],
    ['a citizen with a passport', [aPerson({ id: lan.id, name: kim.name, birthDate: kim.birthDate, passport: own })], told],
    ['dead', [aForeigner({ id: lan.id, life: { status: 'deceased', on: '2026-01-01' } })], told],
  ])('%s is refused as everything is', async (_why, people, say) => {
    const office = makeOffice({ people })
    expect(await upToPasskey(office, say)).toBe('refused')
    expect(await office.registrations.find(interaction)).toEqual({ at: 'refused' })
    expect(office.seen.events.at(-1)).toEqual({ type: 'registration.refused', client, ...(people.length > 0 && say.passport?.country === 'KOR' && { person: lan.id }) })
  })

  test('guesses at a passport are counted by it and by the network', async () => {
    const office = makeOffice({ people: [kim], limits: { ...generous, 'registration-per-number-and-network': { points: 2, seconds: 86_400 } } })
    const guess = (name: string, more: Told = {}, address = where.address) => upToPasskey(office, { ...told, ...more, at: { ...where, interaction: visit(name), address } })
    const wrongName = { claimed: { ...claimed, name: 'Kim Jun' } }
    for (const name of ['a', 'b']) expect(await guess(name, wrongName)).toBe('refused')
    expect(await guess('c')).toBe('refused')
    expect(await guess('d', {}, '203.0.113.9')).toBe('passkey')
  })
})

describe('the code', () => {
  test('wrong ones count down, the last one spends it, a new one may be sent', async () => {
    const office = makeOffice({ people: [lan] })
    await upToCode(office)
    for (const left of [4, 3, 2, 1]) {
      await expect(giveCode(office, where, wrong(office))).rejects.toMatchObject({ code: 'registration.code-wrong',
        detail: { left } })
    }
    await expect(giveCode(office, where, wrong(office))).rejects.toMatchObject({ code: 'registration.code-spent' })
    await expect(giveCode(office, where, lastCode(office))).rejects.toMatchObject({ code: 'registration.code-spent' })
    office.time.now += 31_000
    await resendCode(office, where, 'vi')
    expect(await giveCode(office, where, lastCode(office))).toBe('passkey')
  })

  test('an earlier one is worth nothing once another was sent', async () => {
    const office = makeOffice({ people: [lan] })
    await upToCode(office)
    office.time.now += 31_000
    await resendCode(office, where, 'vi')
    const [first = '', second = ''] = codes(office)
    const earlier = first === second ? wrong(office) : first
    await expect(giveCode(office, where, earlier)).rejects.toMatchObject({ code: 'registration.code-wrong' })
    expect(await giveCode(office, where, second)).toBe('passkey')
  })

  test('is not sent again sooner than the rules allow, and not more often', async () => {
    const office = makeOffice({ people: [lan] })
    await upToCode(office)
    office.time.now += 29_000
    await expect(resendCode(office, where, 'vi')).rejects.toMatchObject({ code: 'limit.exceeded',
      detail: { retryAfter: 1 } })
    for (let sent = 1; sent < office.rules.contactCode.sends; sent += 1) {
      office.time.now += 30_000
      await resendCode(office, where, 'vi')
    }
    office.time.now += 30_000
    await expect(resendCode(office, where, 'vi')).rejects.toMatchObject({ code: 'limit.exceeded' })
    expect(codes(office)).toHaveLength(5)
  })

  test('going back buys no more mails', async () => {
    const office = makeOffice({ people: [lan] })
    for (let sent = 0; sent < 5; sent += 1) await upToCode(office)
    await expect(upToCode(office)).rejects.toMatchObject({ code: 'limit.exceeded' })
    expect(codes(office)).toHaveLength(5)
  })

  test('who spent all tries, goes back and is sent a new one may use it', async () => {
    const office = makeOffice({ people: [lan] })
    await upToCode(office)
    for (let at = 0; at < 6; at += 1) await giveCode(office, where, wrong(office)).catch(() => undefined)
    await giveIdentity(office, interaction, honest)
    await giveContact(office, where, { email, language: 'vi' })
    expect(await giveCode(office, where, lastCode(office))).toBe('passkey')
  })

  test('who was refused over a slip of the pen may begin again in the same visit', async () => {
    const office = makeOffice({ people: [lan] })
    expect(await upToPasskey(office, { claimed: { ...honest, name: 'Trần Thị Mai' } })).toBe('refused')
    expect(await upToPasskey(office)).toBe('passkey')
  })

  test('sent to one address proves no other', async () => {
    const office = makeOffice({ people: [lan] })
    await upToCode(office)
    const [mine = ''] = codes(office)
    await giveContact(office, where, { email: 'khac@nha.example', language: 'vi' })
    const [theirs] = office.seen.codes.get('khac@nha.example') ?? []
    const outcome = await giveCode(office, where, mine).then(String, ({ code }: { code: string }) => code)
    // Once in a million times the two codes are the same six digits.
    expect(outcome).toBe(mine === theirs ? 'passkey' : 'registration.code-wrong')
  })

  test('50 parallel givers of the right code make one step', async () => {
    const office = makeOffice({ people: [lan] })
    await upToCode(office)
    const code = lastCode(office)
    const outcomes = await Promise.allSettled(Array.from({ length: 50 }, () => giveCode(office, where, code)))
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
    const at: Registration['at'] | undefined = (await office.registrations.find(interaction))?.at
    expect(at).toBe('passkey')
  })
})
