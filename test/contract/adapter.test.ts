import { randomBytes } from 'node:crypto'
import { errors } from 'oidc-provider'
import { describe, expect, test } from 'vitest'
import { systemClock } from '#kernel/clock.ts'
import type { AuditEvent } from '#domain/audit/event.ts'
import { readAllRules } from '#app/rules.ts'
import { makeAdapter } from '#oidc/adapter/adapter.ts'
import { makeSealer } from '#keys/sealer.ts'
import { makeLimits } from '#storage/limits.ts'
import { kept } from '#storage/postgres/kept.ts'
import { databases, volatiles } from '#test/support/engines.ts'

/** What the client is told by each use that failed. */
const errorsOf = (uses: readonly PromiseSettledResult<unknown>[]) =>
  uses.filter((use) => use.status === 'rejected')
    .map(({ reason }) => (reason instanceof errors.OIDCProviderError ? reason.error : String(reason)))
const fifty = Array.from({ length: 50 }, (_, index) => index)

/** What the provider's context alone brings about; there is none here. */
const unrecorded = { letIn: async () => undefined, leaves: async () => undefined }
const limits = makeLimits({ rules: readAllRules().limits, hash: (key) => key })

/** Of each run one pair: what may be lost beside what may not. */
const stores = Object.entries(volatiles).map(([name, openVolatile]) => [name, openVolatile, name === 'embedded' ? databases['embedded'] : databases['postgres']] as const)
  .flatMap(([name, openVolatile, openDatabase]) => (openDatabase === undefined ? [] : [{ name, openVolatile, openDatabase }]))
const sealer = makeSealer({ seal: [{ version: 1, secret: randomBytes(32) }], index: randomBytes(32) })

describe.each(stores)('what the provider keeps, on $name', ({ openVolatile, openDatabase }) => {
  async function opened({ audited = true } = {}) {
    const volatile = await openVolatile()
    const keeps = kept(await openDatabase(), sealer)
    const events: AuditEvent[] = []
    const audit = {
      append: async (...all: readonly AuditEvent[]) => {
        if (!audited) throw new Error('the log cannot be written')
        events.push(...all)
      },
    }
    const of = makeAdapter({ clock: systemClock, volatile, kept: keeps, ttl: { refreshToken: 7_776_000 }, audit, limits, recorder: unrecorded, clientMetadata: async (id) => (id === 'thue' ? { client_id: id } : undefined) })
    return { volatile, keeps, events, of }
  }

  test('gives back what was stored, and nothing after it was destroyed', async () => {
    const { of } = await opened()
    const tokens = of('AccessToken')
    await of('Grant').upsert('g', { accountId: 'a' }, 60)
    await tokens.upsert('t1', { accountId: 'a', grantId: 'g', scope: 'openid "ế"' }, 60)
    expect(await tokens.find('t1')).toEqual({ accountId: 'a', grantId: 'g', scope: 'openid "ế"' })
    expect(await of('RefreshToken').find('t1')).toBeUndefined()
    await tokens.destroy('t1')
    expect(await tokens.find('t1')).toBeUndefined()
  })

  test('of 50 parallel uses of one code one wins, the others revoke the grant, and that is recorded', async () => {
    const { of, events } = await opened()
    await of('Grant').upsert('g', { accountId: 'a' }, 60)
    await of('AuthorizationCode').upsert('code', { grantId: 'g', accountId: 'a' }, 60)
    const uses = await Promise.allSettled(fifty.map(() => of('AuthorizationCode').consume('code')))
    expect(uses.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
    expect(errorsOf(uses)).toEqual(Array(49).fill('invalid_grant'))
    expect(events.length).toBeGreaterThan(0)
    expect(new Set(events.map((event) => JSON.stringify(event))))
      .toEqual(new Set([JSON.stringify({ type: 'grant.revoked', grant: 'g', reason: 'code-replayed' })]))
    expect([await of('Grant').find('g'), await of('AuthorizationCode').find('code')]).toEqual([undefined, undefined])
  })

  test('a pushed request used once says so to whoever looks', async () => {
    const { of, events } = await opened()
    await of('PushedAuthorizationRequest').upsert('par', { request: 'jwt' }, 60)
    expect(await of('PushedAuthorizationRequest').find('par')).toEqual({ request: 'jwt' })
    await of('PushedAuthorizationRequest').consume('par')
    expect(await of('PushedAuthorizationRequest').find('par')).toMatchObject({ request: 'jwt', consumed: expect.any(Number) })
    expect(events).toEqual([])
  })

  test('a revocation that cannot be recorded is still a revocation, and the code stays spent', async () => {
    const { of } = await opened({ audited: false })
    await of('Grant').upsert('g', { accountId: 'a' }, 60)
    await of('AuthorizationCode').upsert('code', { grantId: 'g' }, 60)
    await of('AuthorizationCode').consume('code')
    await expect(of('AuthorizationCode').consume('code')).rejects.toThrow('the log cannot be written')
    expect(await of('Grant').find('g')).toBeUndefined()
  })

  test('of 50 parallel uses of one pushed request one wins, and there is no grant to revoke', async () => {
    const { of, events } = await opened()
    await of('PushedAuthorizationRequest').upsert('par', { request: 'jwt' }, 60)
    const uses = await Promise.allSettled(fifty.map(() => of('PushedAuthorizationRequest').consume('par')))
    expect(uses.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
    expect(errorsOf(uses)).toEqual(Array(49).fill('invalid_request_uri'))
    expect(events).toEqual([])
    expect(await of('PushedAuthorizationRequest').find('par')).toMatchObject({ consumed: expect.any(Number) })
  })

  test('a code and a pushed request of the same name are two things', async () => {
    const { of } = await opened()
    await of('AuthorizationCode').upsert('same', {}, 60)
    await of('PushedAuthorizationRequest').upsert('same', {}, 60)
    await of('AuthorizationCode').consume('same')
    await expect(of('PushedAuthorizationRequest').consume('same')).resolves.toBeUndefined()
  })

  test('of 50 parallel looks for a replay one hears that the assertion is new', async () => {
    const { of } = await opened()
    const looks = await Promise.all(fifty.map(() => of('ReplayDetection').find('client:jti')))
    expect(looks.filter((found) => found === undefined)).toHaveLength(1)
    await of('ReplayDetection').upsert('client:jti', {}, 60)
    expect(await of('ReplayDetection').find('client:jti')).toBeDefined()
    expect(await of('ReplayDetection').find('other:jti')).toBeUndefined()
  })

  test('tokens of a revoked grant are dead, also those that were stored afterwards', async () => {
    const { of } = await opened()
    for (const grant of ['g', 'other']) await of('Grant').upsert(grant, { accountId: 'a' }, 60)
    for (const model of ['AccessToken', 'RefreshToken', 'AuthorizationCode']) await of(model).upsert('early', { grantId: 'g' },
      60)
    await of('AccessToken').upsert('of another grant', { grantId: 'other' }, 60)
    await of('AccessToken').revokeByGrantId('g')
    for (const model of ['AccessToken', 'RefreshToken', 'AuthorizationCode']) {
      await of(model).upsert('late', { grantId: 'g' }, 60)
      expect([await of(model).find('early'), await of(model).find('late')]).toEqual([undefined, undefined])
    }
    expect(await of('AccessToken').find('of another grant')).toBeDefined()
  })

  test('a destroyed grant takes its tokens along', async () => {
    const { of } = await opened()
    await of('Grant').upsert('g', { accountId: 'a' }, 60)
    await of('AccessToken').upsert('t', { grantId: 'g' }, 60)
    await of('Grant').destroy('g')
    expect([await of('Grant').find('g'), await of('AccessToken').find('t')]).toEqual([undefined, undefined])
  })

  test('W12: a grant that is revoked while a request that has read it writes it again does not come back, for the session or for longer', async () => {
    const { of } = await opened()
    for (const scope of ['openid', 'openid offline_access']) {
      const [id, payload] = [`g ${scope}`, { accountId: 'a', openid: { scope } }]
      await of('Grant').upsert(id, payload, 60)
      await of('RefreshToken').upsert('stolen', { grantId: id }, 60)
      await of('RefreshToken').revokeByGrantId(id)
      await of('Grant').upsert(id, payload, 60)
      expect([await of('Grant').find(id), await of('RefreshToken').find('stolen')]).toEqual([undefined, undefined])
    }
  })

  test('a session is found by its uid under its latest id, and not after it ended', async () => {
    const { of } = await opened()
    const sessions = of('Session')
    await sessions.upsert('id-1', { jti: 'id-1', uid: 'uid', accountId: 'a' }, 60)
    expect(await sessions.findByUid('uid')).toMatchObject({ accountId: 'a' })
    // The provider gives a session a new id at sign-in and then drops the old one.
    await sessions.upsert('id-2', { jti: 'id-2', uid: 'uid', accountId: 'b' }, 60)
    await sessions.destroy('id-1')
    expect(await sessions.findByUid('uid')).toMatchObject({ accountId: 'b' })
    expect(await sessions.findByUid('other')).toBeUndefined()
    await sessions.destroy('id-2')
    expect(await sessions.findByUid('uid')).toBeUndefined()
  })

  test('clients come from their own store; what a model does not do is a bug and loud', async () => {
    const { of } = await opened()
    expect([await of('Client').find('thue'), await of('Client').find('nobody')]).toEqual([{ client_id: 'thue' }, undefined])
    await expect(of('Client').upsert('thue', {}, 60)).rejects.toThrow('no upsert')
    await expect(of('ReplayDetection').consume('x')).rejects.toThrow('no consume')
    await expect(of('AccessToken').findByUserCode('x')).rejects.toThrow('no findByUserCode')
  })

  test('of 50 parallel uses of one refresh token one wins, the others end the family, and that is recorded', async () => {
    const { of, events } = await opened()
    await of('Grant').upsert('g', { accountId: 'a', openid: { scope: 'openid offline_access' } }, 60)
    await of('RefreshToken').upsert('rt', { grantId: 'g', accountId: 'a' }, 60)
    await of('RefreshToken').upsert('next', { grantId: 'g', accountId: 'a' }, 60)
    const uses = await Promise.allSettled(fifty.map(() => of('RefreshToken').consume('rt')))
    expect(uses.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
    expect(errorsOf(uses)).toEqual(Array(49).fill('invalid_grant'))
    expect(events).toContainEqual({ type: 'grant.revoked', grant: 'g', reason: 'refresh-token-replayed' })
    expect([await of('Grant').find('g'), await of('RefreshToken').find('next')]).toEqual([undefined, undefined])
  })

  test('what may be used while the person is away outlives the store that may be lost', async () => {
    const { of, volatile, keeps } = await opened()
    await of('Grant').upsert('g', { accountId: 'a', openid: { scope: 'openid' } }, 60)
    await of('Grant').upsert('g', { accountId: 'a', openid: { scope: 'openid offline_access' } }, 60)
    await of('RefreshToken').upsert('rt', { grantId: 'g', accountId: 'a' }, 60)
    const lost = makeAdapter({
      clock: systemClock, limits, recorder: unrecorded, volatile: { ...volatile, get: async () => undefined }, kept: keeps, ttl: { refreshToken: 60 },
      audit: { append: async () => undefined }, clientMetadata: async () => undefined,
    })
    expect(await lost('RefreshToken').find('rt')).toMatchObject({ grantId: 'g' })
    await lost('RefreshToken').revokeByGrantId('g')
    expect([await of('RefreshToken').find('rt'), await of('Grant').find('g')]).toEqual([undefined, undefined])
  })
})
