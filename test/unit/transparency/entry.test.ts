import { hash } from 'node:crypto'
import { calculateJwkThumbprint } from 'jose'
import { describe, expect, test } from 'vitest'
import { clientId } from '#kernel/id.ts'
import { clientChange, clientMove, entryText, operator, readEntry, type Entry } from '#domain/transparency/entry.ts'
import { keyMoves, keyStates, type LoggedKey, type PresentKey } from '#domain/transparency/keys.ts'
import { thumbprint } from '#domain/transparency/thumbprint.ts'
import { aClient } from '#test/support/made-up.ts'
import { keysFor } from '#test/support/keys.ts'
import { at } from '#test/support/transparency.ts'

const said = (changes: Record<string, unknown>) => entryText(clientChange({ before: undefined, after: aClient(changes), by: operator, at }))
const purposes = [{ claims: ['name'], basis: 'law', reference: { vi: 'Điều 30', en: 'Article 30' }, purpose: { vi: 'Nộp thuế', en: 'File taxes' } }]

describe('L02 what everybody may know of a client', () => {
  test('is what it is called and may do', () => {
    expect(JSON.parse(said({ purposes, jwks_uri: 'https://thue.example/jwks', relying_party_class: 'A', grant_types: ['authorization_code'] }))).toMatchObject({
      version: 1, at: at.toISOString(), by: { role: 'operator' }, kind: 'client.registered', subject: 'thue',
      client: {
        client_id: 'thue', legal_name: { vi: 'Tổng cục Thuế' }, sector: 'thue.example', relying_party_class: 'A', profile: 'baseline', redirect_uris: ['https://thue.example/callback'],
        purposes: [{ claims: ['name'], basis: 'law', reference: { vi: 'Điều 30' } }], jwks_uri: 'https://thue.example/jwks', grant_types: ['authorization_code'], keys: [],
      },
    })
  })

  test('is never a secret, a contact, a person, or a key itself', () => {
    const key = keysFor('ES256').shown
    const text = said({
      client_secret: 'canary-secret-of-a-client-0123456789', contacts: ['canary@example.com'], jwks: { keys: [key, { kty: 'oct', k: 'canary' }] },
      tls_client_auth_subject_dn: 'CN=Canary Person', canary: 'canary', tos_uri: 'https://thue.example/canary',
    })
    expect(text.toLowerCase()).not.toContain('canary')
    expect(text).not.toContain(key.x)
    expect(JSON.parse(text)).toMatchObject({ client: { keys: [thumbprint(key)], certificate: expect.stringMatching(/^.{43}$/) } })
  })

  test('says which members changed, and of those that are hidden no more than that', () => {
    const [before, after] = [aClient({ contacts: ['a@example.com'], minimum_account_level: 2 }), aClient({ contacts: ['b@example.com'] })]
    expect(clientChange({ before, after, by: operator, at })).toMatchObject({ kind: 'client.changed', changed: ['contacts', 'minimum_account_level'] })
  })

  test('has one text, whatever order it came in', () => {
    const entry = clientMove({ client: clientId.parse('thue'), to: 'resumed', by: operator, at })
    const turned: Entry = readEntry(JSON.stringify(Object.fromEntries(Object.entries(entry).toReversed())))
    expect(entryText(turned)).toBe(entryText(entry))
    expect(entryText(entry)).toBe(`{"at":"${at.toISOString()}","by":{"role":"operator"},"kind":"client.resumed","subject":"thue","version":1}`)
  })

  test('takes nothing that is not foreseen', () => {
    const entry = clientMove({ client: clientId.parse('thue'), to: 'ended', by: operator, at })
    for (const more of [{ person: 'x' }, { by: { role: 'operator', name: 'x' } }, { by: { role: 'Nguyễn Văn A' } }, { kind: 'client.deleted' }]) {
      expect(() => entryText(readEntry(JSON.stringify({ ...entry, ...more })))).toThrow()
    }
  })
})

describe('L02 a thumbprint', () => {
  test.each(['ES256', 'EdDSA', 'PS256'])('of a key for %s is what RFC 7638 says', async (alg) => {
    const { shown, held } = keysFor(alg)
    expect(thumbprint(shown)).toBe(await calculateJwkThumbprint(shown))
    expect(thumbprint({ ...held })).toBe(thumbprint(shown))
  })

  test('is that of the RFC’s own example, and there is none of a symmetric key', () => {
    expect(thumbprint({ kty: 'OKP', crv: 'Ed25519', x: '11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo' })).toBe('kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k')
    expect([thumbprint({ kty: 'oct', k: 'x' }), thumbprint({ kty: 'EC', crv: 'P-256' }), thumbprint({})]).toEqual([undefined, undefined, undefined])
  })
})

describe('L02 what the log says of keys', () => {
  const jwk = (name: string) => ({ kty: 'OKP', crv: 'Ed25519', x: hash('sha256', name, 'base64url'), kid: name })
  const standing = (name: string, state: PresentKey['state']): PresentKey => ({ use: 'tokens', state, jwk: jwk(name) })
  const logged = (name: string, state: LoggedKey['state']): LoggedKey => ({ state, key: { use: 'tokens', kid: name, thumbprint: thumbprint(jwk(name)) ?? '', jwk: jwk(name) } })
  const moves = (before: readonly LoggedKey[], now: readonly PresentKey[]) => keyMoves(before, now, at).map((entry) => ('key' in entry ? `${entry.kind} ${entry.key.kid}` : entry.kind))

  test('is each key once, and each step forward', () => {
    expect(moves([], [standing('a', 'activated'), standing('b', 'staged')])).toEqual(['key.activated a', 'key.staged b'])
    expect(moves([logged('a', 'activated'), logged('b', 'staged')], [standing('a', 'retired'), standing('b', 'activated')])).toEqual(['key.retired a', 'key.activated b'])
    for (const state of ['staged', 'activated', 'retired'] as const) expect(moves([logged('a', state)], [standing('a', state)])).toEqual([])
  })

  test('never goes back, as on a node with an older key file', () => {
    for (const state of keyStates.slice(1)) expect(moves([logged('a', state)], [standing('a', 'staged')])).toEqual([])
  })

  test('is that a retired or revoked key was destroyed when it is gone, and nothing of others that are missing', () => {
    expect(moves(keyStates.map((state) => logged(state, state)), [])).toEqual(['key.destroyed retired', 'key.destroyed revoked'])
  })
})
