import { generateKeyPairSync, type KeyObject } from 'node:crypto'
import { compactDecrypt, decodeJwt, decodeProtectedHeader, exportJWK, type JWK } from 'jose'
import type { CryptoKey } from 'oauth4webapi'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { bringClients } from '#app/start/people.ts'
import { arrive, enrol, get, signIn, type Enrolled } from '#test/support/journey.ts'
import { makeRelyingParty, type Party, type RelyingParty } from '#test/support/relying-party.ts'
import { startServer, type TestServer } from '#test/support/running.ts'
import { testClient, type TestClient } from '#test/support/test-clients.ts'

type Lock = { alg: 'ECDH-ES' | 'RSA-OAEP-256'; shown: JWK; held: KeyObject }

async function lock(alg: Lock['alg']): Promise<Lock> {
  const { publicKey, privateKey } = alg === 'ECDH-ES' ? generateKeyPairSync('ec', { namedCurve: 'P-256' }) : generateKeyPairSync('rsa', { modulusLength: 2048 })
  return { alg, shown: { ...(await exportJWK(publicKey)), use: 'enc', kid: `enc-${alg}`, alg }, held: privateKey }
}

async function openerOf({ alg, held }: Lock): Promise<CryptoKey> {
  const parameters = alg === 'ECDH-ES' ? { name: 'ECDH', namedCurve: 'P-256' } : { name: 'RSA-OAEP', hash: 'SHA-256' }
  const uses: KeyUsage[] = alg === 'ECDH-ES' ? ['deriveBits'] : ['decrypt']
  return crypto.subtle.importKey('jwk', held.export({ format: 'jwk' }), parameters, false, uses)
}

/** A client that has everything about a person encrypted to it. */
async function sealed(name: string, alg: Lock['alg'], more: Record<string, unknown> = {}): Promise<{ client: TestClient; opener: Lock }> {
  const opener = await lock(alg)
  const plain = testClient({ name, ...(more['profile'] === 'fapi2-ms' && { profile: 'fapi2-ms' }) })
  const { keys } = Object(plain.metadata['jwks'])
  const metadata = {
    ...plain.metadata, jwks: { keys: [...keys, opener.shown] },
    id_token_encrypted_response_alg: alg, id_token_encrypted_response_enc: 'A256GCM',
    userinfo_signed_response_alg: 'ES256', userinfo_encrypted_response_alg: alg, userinfo_encrypted_response_enc: 'A256GCM',
    ...more,
  }
  return { client: { ...plain, metadata }, opener }
}

let server: TestServer
let someone: Enrolled
let elliptic: Awaited<ReturnType<typeof sealed>>
let rsa: Awaited<ReturnType<typeof sealed>>
let answers: Awaited<ReturnType<typeof sealed>>
const signing = testClient({ name: 'signing', metadata: { userinfo_signed_response_alg: 'PS256' } })

beforeAll(async () => {
  elliptic = await sealed('elliptic', 'ECDH-ES')
  rsa = await sealed('rsa', 'RSA-OAEP-256')
  answers = await sealed('answers', 'ECDH-ES', { profile: 'fapi2-ms', authorization_encrypted_response_alg: 'ECDH-ES', authorization_encrypted_response_enc: 'A256GCM' })
  server = await startServer({ clients: () => [signing, elliptic.client, rsa.client, answers.client].map(({ metadata }) => metadata) })
  someone = await enrol(server, await makeRelyingParty(signing.party(server.issuer)))
})
afterAll(() => server.close())

async function partyOf({ client, opener }: Awaited<ReturnType<typeof sealed>>): Promise<Party> {
  const metadata = { userinfo_signed_response_alg: 'ES256' }
  return { ...client.party(server.issuer), metadata, decryption: { key: await openerOf(opener), kid: opener.shown.kid ?? '', alg: opener.alg } }
}

const raw = async (at: RelyingParty, token: string) => {
  const response = await at.call(new URL('/userinfo', server.issuer), token)
  return { type: response.headers.get('content-type') ?? '', text: await response.text() }
}

describe('what is encrypted to a client', () => {
  test.each(['elliptic', 'rsa'] as const)('ID token and UserInfo open with its key alone, and hold signed content (%s)', async (which) => {
    const one = which === 'elliptic' ? elliptic : rsa
    const at = await makeRelyingParty(await partyOf(one))
    const signedIn = await signIn(at, someone, { scope: 'openid profile' })
    const jwe = signedIn.tokens.id_token ?? ''
    expect(decodeProtectedHeader(jwe)).toMatchObject({ alg: one.opener.alg, enc: 'A256GCM', cty: 'JWT', kid: one.opener.shown.kid })
    const { plaintext } = await compactDecrypt(jwe, one.opener.held)
    expect(decodeJwt(new TextDecoder().decode(plaintext))).toMatchObject({ iss: server.issuer, aud: which, sub: signedIn.claims.sub })
    const told = await raw(at, signedIn.tokens.access_token)
    expect(told.type).toContain('application/jwt')
    expect(told.text).not.toContain(someone.citizen.name)
    expect(await at.userinfo(signedIn)).toMatchObject({ sub: signedIn.claims.sub, name: someone.citizen.name })
    const other = which === 'elliptic' ? rsa : elliptic
    await expect(compactDecrypt(jwe, other.opener.held)).rejects.toThrow()
  })

  test('an authorization response too (JARM), where the client registers it', async () => {
    const at = await makeRelyingParty(await partyOf(answers))
    const { url, checks } = await at.begin()
    const { url: answer } = await arrive(someone.visitor, await someone.visitor.open(url), someone.citizen)
    expect(answer.searchParams.get('response')?.split('.')).toHaveLength(5)
    expect(answer.searchParams.has('code')).toBe(false)
    expect((await at.finish(answer, checks)).claims.sub).toMatch(/^[a-z2-7]{52}$/)
  })

  test('needs a key to encrypt to: without one the answer is an error, and nothing is told in the clear', async () => {
    const bare = testClient({ name: 'bare', metadata: { id_token_encrypted_response_alg: 'RSA-OAEP-256', id_token_encrypted_response_enc: 'A256GCM' } })
    await bringClients(server.house, [bare.metadata])
    const at = await makeRelyingParty(bare.party(server.issuer))
    await expect(signIn(at, someone)).rejects.toThrow()
  })
})

test('UserInfo is signed for a client that wants it so, with the algorithm it registers', async () => {
  const at = await makeRelyingParty({ ...signing.party(server.issuer), metadata: { userinfo_signed_response_alg: 'PS256' } })
  const signedIn = await signIn(at, someone, { scope: 'openid profile' })
  const told = await raw(at, signedIn.tokens.access_token)
  expect(decodeProtectedHeader(told.text)['alg']).toBe('PS256')
  expect(decodeJwt(told.text)).toMatchObject({ iss: server.issuer, aud: 'signing', sub: signedIn.claims.sub })
  expect((await get(`${server.issuer}/.well-known/openid-configuration`)).json['id_token_encryption_alg_values_supported']).toEqual(['ECDH-ES', 'RSA-OAEP-256'])
})
