import { createHash, randomUUID } from 'node:crypto'
import { calculateJwkThumbprint, exportJWK, generateKeyPair, SignJWT } from 'jose'
import { beforeAll, describe, expect, test } from 'vitest'
import { systemClock } from '#kernel/clock.ts'
import { apiTokens, type ApiTokens } from '#oidc/api-tokens.ts'

const issuer = 'https://id.example'
const audience = `${issuer}/api`
const url = `${audience}/proposals`
const call = { method: 'GET', url }

type Pair = Awaited<ReturnType<typeof generateKeyPair>>
type Claim = Parameters<typeof apiTokens>[0]['claim']

let ours: Pair
let theirs: Pair
beforeAll(async () => {
  [ours, theirs] = await Promise.all([generateKeyPair('ES256'), generateKeyPair('ES256')])
})

const now = () => Math.floor(Date.now() / 1000)

async function reader(claim: Claim): Promise<ApiTokens> {
  return apiTokens({ issuer, audience, keys: [{ ...(await exportJWK(ours.publicKey)), alg: 'ES256', use: 'sig', kid: 'ours' }], claim, clock: systemClock })
}

/** What a program sends: a token bound to its key, and a proof that it says it made at this second. */
async function sent(madeAt: number): Promise<{ authorization: string; proof: string }> {
  const jwk = await exportJWK(theirs.publicKey)
  const token = await new SignJWT({ client_id: 'agency', scope: 'a b', cnf: { jkt: await calculateJwkThumbprint(jwk) } })
    .setProtectedHeader({ alg: 'ES256', typ: 'at+jwt', kid: 'ours' }).setIssuer(issuer).setAudience(audience).setSubject('agency').setJti(randomUUID())
    .setIssuedAt(now() - 5).setExpirationTime(now() + 60).sign(ours.privateKey)
  const proof = await new SignJWT({ htm: 'GET', htu: url, ath: createHash('sha256').update(token).digest('base64url') })
    .setProtectedHeader({ alg: 'ES256', typ: 'dpop+jwt', jwk }).setJti(randomUUID()).setIssuedAt(madeAt).sign(theirs.privateKey)
  return { authorization: `DPoP ${token}`, proof }
}

/** A store that was replaced by its copy at this second: of what was made before it knows nothing. */
const replacedAt = (second: number): Claim => {
  const marked = new Set<string>()
  return async (name, _value, _ttl, { madeAt }) => madeAt.getTime() / 1000 > second && marked.size < marked.add(name).size
}

describe('a proof at the API of administrators', () => {
  test('P09: counts once', async () => {
    const tokens = await reader(replacedAt(0))
    const { client, scopes, proof } = await tokens.read({ ...call, ...(await sent(now())) })
    expect([client, scopes]).toEqual(['agency', ['a', 'b']])
    await tokens.use(proof)
    await expect(tokens.use(proof)).rejects.toMatchObject({ code: 'api.unauthorized' })
  })

  test('P09: that was made before the store was replaced may have been used, and counts no more', async () => {
    const tokens = await reader(replacedAt(now() - 60))
    await expect(tokens.use((await tokens.read({ ...call, ...(await sent(now() - 120)) })).proof)).rejects.toMatchObject({ code: 'api.unauthorized' })
    await tokens.use((await tokens.read({ ...call, ...(await sent(now() - 30)) })).proof)
  })

  test('P09: that is dated into the future is none: it would outlive such a loss', async () => {
    const tokens = await reader(replacedAt(0))
    await expect(tokens.read({ ...call, ...(await sent(now() + 60)) })).rejects.toMatchObject({ code: 'api.unauthorized' })
    expect((await tokens.read({ ...call, ...(await sent(now() + 5)) })).client).toBe('agency')
  })
})
