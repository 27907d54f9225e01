import { beforeAll, describe, expect, test } from 'vitest'
import { readSignedList } from '#keys/signed-list.ts'
import { authorityOf, makeAuthority, selfSigned } from '#test/support/certificates.ts'
import { host, makeMetadataService, signList, type MetadataService } from '#test/support/metadata-service.ts'

const payload = { no: 1, nextUpdate: '2026-12-01', entries: [] }

describe('a signed list', () => {
  let service: MetadataService
  beforeAll(() => {
    service = makeMetadataService()
  })
  const read = (text: string, { root = service.root.cert, name = host, now = new Date() }: { root?: string; name?: string; now?: Date } = {}) => readSignedList(text, { root, host: name, now })
  const reason = async (text: string, how = {}) => {
    const verdict = await read(text, how)
    return verdict.is === 'refused' ? verdict.reason : 'believed'
  }

  test('is believed when its signer leads to the root, with the root in the list or without', async () => {
    expect(await read(await signList(service, payload))).toMatchObject({ is: 'verified', payload })
    expect(await reason(await signList(service, payload, { x5c: [service.signer, service.between, service.root] }))).toBe('believed')
  })

  test('is believed with RSA, which is what the FIDO Alliance signs with', async () => {
    const rsa = makeMetadataService({ keys: 'rsa' })
    const text = await signList(rsa, payload, { alg: 'RS256' })
    expect(await reason(text, { root: rsa.root.cert })).toBe('believed')
    expect(await reason(await signList(rsa, payload, { alg: 'PS256' }), { root: rsa.root.cert })).toBe('algorithm')
  })

  test('is not believed from another root of the same name', async () => {
    expect(await reason(await signList(service, payload), { root: makeMetadataService().root.cert })).toBe('untrusted')
  })

  test('is not believed where an authority between is missing, out of order, or none', async () => {
    expect(await reason(await signList(service, payload, { x5c: [service.signer] }))).toBe('untrusted')
    expect(await reason(await signList(service, payload, { x5c: [service.between, service.signer] }))).toBe('untrusted')
    const below = { ...service.between, ...service.signer }
    const forged = makeAuthority('/CN=Ai do').issue({ subject: `/CN=${host}`, names: [`DNS.1=${host}`] })
    expect(await reason(await signList(service, payload, { x5c: [forged, below, service.between], by: forged }))).toBe('untrusted')
  })

  test('is not believed from an authority of the right name and another key, or from whom nobody made one', async () => {
    const impostor = makeMetadataService()
    expect(await reason(await signList(service, payload, { x5c: [impostor.signer, service.between], by: impostor.signer }))).toBe('untrusted')
    const below = authorityOf(service.signer).issue({ subject: `/CN=${host}`, names: [`DNS.1=${host}`], use: 'serverAuth' })
    expect(await reason(await signList(service, payload, { x5c: [below, service.signer, service.between], by: below }))).toBe('untrusted')
  })

  test('is not believed of somebody else below the same root, for half the web is', async () => {
    const other = service.between.issue({ subject: '/CN=other.example', names: ['DNS.1=other.example'], use: 'serverAuth' })
    expect(await reason(await signList(service, payload, { x5c: [other, service.between], by: other }))).toBe('other-signer')
    const wide = service.between.issue({ subject: '/CN=x', names: ['DNS.1=*.example'], use: 'serverAuth' })
    expect(await reason(await signList(service, payload, { x5c: [wide, service.between], by: wide }))).toBe('other-signer')
    const authority = service.between.issue({ subject: '/CN=x', extensions: ['basicConstraints=critical,CA:TRUE', `subjectAltName=DNS:${host}`] })
    expect(await reason(await signList(service, payload, { x5c: [authority, service.between], by: authority }))).toBe('other-signer')
  })

  test('is not believed with a payload, a header or a signature of another list', async () => {
    const [header, , signature] = (await signList(service, payload)).split('.')
    const other = Buffer.from(JSON.stringify({ ...payload, no: 2 })).toString('base64url')
    expect(await reason([header, other, signature].join('.'))).toBe('signature')
    const forged = selfSigned({ subject: `/CN=${host}` })
    expect(await reason(await signList(service, payload, { by: forged }))).toBe('signature')
  })

  test('is not believed when a certificate is over, or not begun', async () => {
    const over = makeMetadataService({ days: -1 })
    expect(await reason(await signList(over, payload), { root: over.root.cert })).toBe('not-in-force')
    expect(await reason(await signList(service, payload), { now: new Date(Date.now() + 3 * 86_400_000) })).toBe('not-in-force')
    expect(await reason(await signList(service, payload), { now: new Date(Date.now() - 86_400_000) })).toBe('not-in-force')
  })

  test('is not believed without a signature, or with a shared secret', async () => {
    const [header = '', body] = (await signList(service, payload)).split('.')
    const said: unknown = JSON.parse(Buffer.from(header, 'base64url').toString())
    const as = (alg: string) => Buffer.from(JSON.stringify(Object.assign({}, said, { alg }))).toString('base64url')
    expect(await reason(`${as('none')}.${body}.`)).toBe('algorithm')
    expect(await reason(`${as('HS256')}.${body}.AAAA`)).toBe('algorithm')
    // The other of the two: the key does not fit.
    expect(await reason(`${as('RS256')}.${body}.AAAA`)).toBe('signature')
  })

  test('is not believed without certificates, with none that can be read, or with a root that cannot', async () => {
    expect(await reason(await signList(service, payload, { x5c: [] }))).toBe('no-certificates')
    const [, body, signature] = (await signList(service, payload)).split('.')
    const with64 = (x5c: unknown) => `${Buffer.from(JSON.stringify({ alg: 'ES256', x5c })).toString('base64url')}.${body}.${signature}`
    expect(await reason(with64(['AAAA']))).toBe('certificate')
    expect(await reason(with64('AAAA'))).toBe('no-certificates')
    expect(await reason(with64(Array.from({ length: 6 }, () => 'AAAA')))).toBe('no-certificates')
    expect(await reason(await signList(service, payload), { root: 'no certificate' })).toBe('certificate')
    expect(await reason('<html>')).toBe('malformed')
    expect(await reason('')).toBe('malformed')
  })
})
