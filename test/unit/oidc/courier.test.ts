import { generateKeyPairSync } from 'node:crypto'
import { errors, Provider, type AdapterPayload } from 'oidc-provider'
import { expect, test } from 'vitest'
import { systemClock } from '#kernel/clock.ts'
import { accountId, clientId } from '#kernel/id.ts'
import { Problem } from '#kernel/problem.ts'
import { makeCourier } from '#oidc/courier.ts'
import { toProviderError } from '#oidc/errors.ts'
import { embeddedVolatile } from '#storage/embedded/volatile.ts'

const nothing = async () => undefined
const logout = { kind: 'logout', client: clientId.parse('tax'), account: accountId.parse('0190a1b2-0000-7000-8000-000000000001'), sid: 'sid' } as const
const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
const sealing: AdapterPayload = {
  client_id: 'tax', client_secret: 'a-secret-of-a-test-client-and-nobody-else', redirect_uris: ['https://tax.example/back'],
  id_token_signed_response_alg: 'ES256', backchannel_logout_uri: 'https://tax.example/out',
  id_token_encrypted_response_alg: 'ECDH-ES', id_token_encrypted_response_enc: 'A256GCM',
}

/** What becomes of a logout where the client is found so. */
const carried = (find: () => Promise<AdapterPayload | undefined>) => courier(find, nothing)(logout)

function courier(find: () => Promise<AdapterPayload | undefined>, lock: Parameters<typeof makeCourier>[0]['lockLost']) {
  const provider = new Provider('http://localhost:1', {
    jwks: { keys: [{ ...privateKey.export({ format: 'jwk' }), alg: 'ES256', use: 'sig' }] },
    features: { devInteractions: { enabled: false }, backchannelLogout: { enabled: true }, encryption: { enabled: true } },
    fetch: async () => { throw new TypeError('nothing is reached from here') },
    adapter: () => ({ find, findByUid: nothing, findByUserCode: nothing, upsert: nothing, consume: nothing, destroy: nothing, revokeByGrantId: nothing }),
  })
  const swept = { sweep: async () => 0 }
  return makeCourier({ provider, volatile: embeddedVolatile({ clock: systemClock }), serviceSessions: swept, kept: swept, clock: systemClock, approvals: { find: nothing }, write: async () => 'delivered', writeToContact: async () => 'delivered', tellHolder: async () => 'delivered', lockLost: lock })
}

const onlySigns = { keys: [{ ...publicKey.export({ format: 'jwk' }), kid: 'one', use: 'sig', alg: 'ES256' }] }

test.each([
  ['has ended or may not go on', () => Promise.reject(new errors.InvalidClient('the registration has ended')), { is: 'over' }],
  ['is not there', nothing, { is: 'over' }],
  ['has no key to seal for', async () => ({ ...sealing, jwks: onlySigns }), { is: 'undelivered', ending: 'invalid_client_metadata' }],
  ['publishes its keys where nobody answers', async () => ({ ...sealing, jwks_uri: 'https://tax.example/keys' }), { is: 'undelivered', ending: 'invalid_client_metadata' }],
  ['cannot be read just now', () => Promise.reject(toProviderError(new Problem('service.unavailable'))), { is: 'undelivered', ending: 'service.unavailable' }],
] as const)('P19: a logout for a client that %s is no bug of ours', async (_how, find, outcome) => {
  expect(await carried(find)).toEqual(outcome)
})

test('W09: of a report of a lost device its moment and what showed it arrive, also where an older server has said neither', async () => {
  const heard: unknown[] = []
  const carry = courier(nothing, async (account, how) => heard.push([account, how.reportedAt?.toISOString(), how.byCode]))
  const { account } = logout
  const at = '2026-11-24T03:04:05.678Z'
  for (const how of [{ at, byCode: true }, { at, byCode: false }, {}]) expect(await carry({ kind: 'lost', account, ...how })).toEqual({ is: 'delivered' })
  expect(heard).toEqual([[account, at, true], [account, at, false], [account, undefined, undefined]])
})

test('a bug is one', async () => {
  await expect(carried(() => Promise.reject(new TypeError('a bug')))).rejects.toThrow('a bug')
})
