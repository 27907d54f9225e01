import { describe, expect, test } from 'vitest'
import { accountId } from '#kernel/id.ts'
import { authenticatorsSchema, type Anchor } from '#domain/passkey/authenticators.ts'
import { beginRegistration, finishRegistration, type KeyOccasion } from '#domain/passkey/registration.ts'
import { anchorOf, attestationOf, full, lacking, makeMaker, model, securityKey, self } from '#test/support/attestation.ts'
import type { Said, Settings } from '#test/support/authenticator.ts'
import { authorityOf } from '#test/support/certificates.ts'
import { aPasskey } from '#test/support/made-up.ts'
import { makeDevice, visit } from './device.ts'

const maker = makeMaker('Khoa thu')
const stranger = makeMaker('Khoa thu')
const below = maker.below('/C=VN/O=Khoa thu/CN=Khoa thu Batch')
const genuine = attestationOf(maker)
/** As makers have it whose models carry one certificate each. */
const unnamed = attestationOf(stranger, { extensions: lacking.model })
/** Signs as if it were an authority. */
const upstart = authorityOf(genuine)
const otherModel = '11111111-2222-4333-8444-555555555555'

const account = accountId.parse('0198a1b2-0000-7000-8000-000000000001')
const occasion: KeyOccasion = { kind: 'security-key', holder: `a-session.${account}` }


type Case = {
  key: Partial<Settings>
  anchors?: readonly Anchor[]
  /** Days until it is registered. */
  later?: number
  spoil?: (statement: Buffer) => void
}

/** What is kept of a key that is added by somebody who is signed in. */
async function added({ key, anchors = [anchorOf(maker)], later = 0, spoil = () => undefined }: Case) {
  const device = makeDevice(key)
  device.time.now = Date.now() + later * 86_400_000
  const { account: holder, answer } = await device.createdAt(occasion)
  const bytes = Buffer.from(answer.response.attestationObject, 'base64url')
  spoil(bytes)
  const response = { ...answer.response, attestationObject: bytes.toString('base64url') }
  return finishRegistration(device.tools, occasion, { account: holder, anchors, answer: { ...answer, response } })
}

describe('W07: a key counts as bound to hardware where', () => {
  test.each<[string, Case]>([
    ['the root of its maker vouches for its model', { key: securityKey(full(genuine)) }],
    ['the root comes along', { key: securityKey(full(genuine, [maker])) }],
    ['an authority stands between them', { key: securityKey(full(attestationOf(below), [below])) }],
    ['that authority is the anchor', { key: securityKey(full(attestationOf(below))), anchors: [anchorOf(below)] }],
    ['the one certificate of the model is the anchor, though it names no model', { key: securityKey(full(unnamed)), anchors: [anchorOf(unnamed)] }],
    ['one of several anchors vouches', { key: securityKey(full(genuine)), anchors: [anchorOf(stranger), anchorOf(maker, [otherModel, model])] }],
  ])('%s', async (_name, given) => {
    expect(await added(given)).toMatchObject({ hardwareBound: true, backupEligible: false, aaguid: model })
  })
})

describe('W07: a key is kept as any other, and never as hardware, where', () => {
  test.each<[string, Case]>([
    ['it shows nothing', { key: { backupEligible: false, aaguid: model } }],
    ['it vouches for itself', { key: securityKey(self) }],
    ['nobody is trusted', { key: securityKey(full(genuine)), anchors: [] }],
    ['a stranger of the same name has signed', { key: securityKey(full(attestationOf(stranger))) }],
    ['a stranger brings his root along', { key: securityKey(full(attestationOf(stranger), [stranger])) }],
    ['a stranger brings the true root along', { key: securityKey(full(attestationOf(stranger), [maker])) }],
    ['the root vouches for another model only', { key: securityKey(full(genuine)), anchors: [anchorOf(maker, [otherModel])] }],
    ['its model is vouched for by one anchor and its chain leads to another', {
      key: securityKey(full(genuine)), anchors: [anchorOf(maker, [otherModel]), anchorOf(stranger)],
    }],
    ['it may be copied', { key: { ...securityKey(full(genuine)), backupEligible: true } }],
    ['its certificate does not say that it is no authority', { key: securityKey(full(attestationOf(maker, { extensions: lacking.constraints }))) }],
    ['its certificate names no model', { key: securityKey(full(attestationOf(maker, { extensions: lacking.model }))) }],
    ['its certificate is issued by one that is no authority', { key: securityKey(full(attestationOf(upstart), [genuine])) }],
    ['the authority between is left out', { key: securityKey(full(attestationOf(below))) }],
    ['the chain is out of order', { key: securityKey(full(attestationOf(below), [maker, below])) }],
    ['the chain has no end', { key: securityKey(full(attestationOf(below), Array.from({ length: 5 }, () => below))) }],
    ['the anchor is over', { key: securityKey(full(unnamed)), anchors: [anchorOf(unnamed)], later: 3 }],
    ['its certificate is over, though its root is not', { key: securityKey(full(attestationOf(maker, { days: 1 }))), later: 1.5 }],
    ['the statement is of a format that is not looked at', { key: securityKey(() => ({ fmt: 'android-key', attStmt: new Map<string, Said>([['x5c', 'ask me']]) })) }],
  ])('%s', async (_name, given) => {
    expect(await added(given)).toMatchObject({ hardwareBound: false })
  })

  test('it is the first passkey of an account, of which no maker is asked', async () => {
    const device = makeDevice(securityKey(full(genuine)))
    device.time.now = Date.now()
    expect(await device.register()).toMatchObject({ hardwareBound: false, backupEligible: false })
  })
})

describe('W07: a statement that is false is refused', () => {
  const flip = (mark: Buffer, offset: number) => (bytes: Buffer) => {
    const at = bytes.lastIndexOf(mark)
    expect(at).toBeGreaterThan(0)
    bytes.writeUInt8(bytes.readUInt8(at + offset) ^ 1, at + offset)
  }
  const aaguid = Buffer.from(model.replaceAll('-', ''), 'hex')

  test.each<[string, Case]>([
    ['one bit of what it signed is another: the counter', { key: securityKey(full(genuine)), spoil: flip(aaguid, -1) }],
    ['one bit of what it signed is another: the model', { key: securityKey(full(genuine)), spoil: flip(aaguid, 15) }],
    ['its certificate is of another model', { key: securityKey(full(attestationOf(maker, { aaguid: otherModel }))) }],
    ['its certificate was over when it came', { key: securityKey(full(attestationOf(maker, { days: -1 }))) }],
    ['its certificate is an authority', { key: securityKey(full(below)) }],
    ['somebody else has signed', { key: securityKey(full({ cert: genuine.cert, key: stranger.key })) }],
  ])('%s', async (_name, given) => {
    await expect(added(given)).rejects.toMatchObject({ name: 'Problem', code: 'passkey.not-verified' })
  })

  test('a certificate beside it cannot be read', async () => {
    const broken: NonNullable<Settings['statement']> = (signed, credential) => {
      const { fmt, attStmt } = full(genuine)(signed, credential)
      const x5c = attStmt.get('x5c')
      return { fmt, attStmt: new Map<string, Said>([...attStmt, ['x5c', [...(Array.isArray(x5c) ? x5c : []), new Uint8Array([48, 1])]]]) }
    }
    await expect(added({ key: securityKey(broken) })).rejects.toMatchObject({ code: 'passkey.not-verified' })
  })
})

describe('W03: the challenge of a security key', () => {
  const tools = makeDevice().tools

  test('asks for the maker\'s word and a key that can be carried, none that the person has', async () => {
    const known = aPasskey()
    expect(await beginRegistration(tools, occasion, { account, label: 'x', known: [known] })).toMatchObject({
      attestation: 'direct',
      authenticatorSelection: { residentKey: 'required', userVerification: 'required', authenticatorAttachment: 'cross-platform' },
      excludeCredentials: [{ id: known.id }],
    })
  })

  test.each<[string, KeyOccasion]>([
    ['another session', { kind: 'security-key', holder: `another.${account}` }],
    ['another account in this session', { kind: 'security-key', holder: `a-session.${aPasskey().account}` }],
    ['a passkey on this device', { kind: 'own-passkey', holder: `a-session.${account}` }],
    ['a registration', visit('register')],
  ])('is not that of %s, and is spent by one answer', async (_name, other) => {
    const device = makeDevice()
    const { account: holder, answer } = await device.createdAt(occasion)
    const finish = (at: KeyOccasion) => finishRegistration(device.tools, at, { account: holder, answer })
    await expect(finish(other)).rejects.toMatchObject({ code: 'passkey.challenge-spent' })
    await expect(finish(occasion)).resolves.toBeDefined()
    await expect(finish(occasion)).rejects.toMatchObject({ code: 'passkey.challenge-spent' })
  })
})

describe('config/authenticators.json', () => {
  const rules = (anchor: object) => ({ source: 'a test', passkeysPerAccount: 10, anchors: [anchor] })
  const good = anchorOf(maker)

  test('is read with models in small letters', () => {
    expect(authenticatorsSchema.parse(rules({ ...good, aaguids: [model.toUpperCase()] })).anchors[0]?.aaguids).toEqual([model])
  })

  test.each<[string, object]>([
    ['no certificate', { ...good, certificate: 'maker.pem' }],
    ['a broken certificate', { ...good, certificate: good.certificate.replace('MII', 'MIX') }],
    ['two certificates', { ...good, certificate: `${good.certificate}${good.certificate}` }],
    ['no model', { ...good, aaguids: [] }],
    ['the model of those that do not tell', { ...good, aaguids: ['00000000-0000-0000-0000-000000000000'] }],
    ['no source', { ...good, source: '' }],
  ])('is refused with %s', (_name, anchor) => {
    expect(authenticatorsSchema.safeParse(rules(anchor)).success).toBe(false)
  })
})
