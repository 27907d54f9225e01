import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { LimitName } from '#domain/abuse/limits.ts'
import { networkOf } from '#domain/abuse/network.ts'
import { answerOf, makeClient, sandboxOf, someDeveloper } from '#test/support/developer.ts'
import { get, post } from '#test/support/journey.ts'
import { startServer, type TestServer } from '#test/support/running.ts'

describe('X05: what everybody may ask of the sandbox has an end', () => {
  let server: TestServer
  let issuer: string
  beforeAll(async () => {
    server = await startServer({ sandbox: true })
    issuer = sandboxOf(server).sandbox.issuer
  }, 60_000)
  afterAll(() => server.close())

  async function useUp(limit: LimitName, keys: readonly string[]): Promise<void> {
    const { limits, rules } = sandboxOf(server).house
    for (const key of keys) for (let count = 0; count < rules.limits[limit].points; count += 1) await limits.spend(limit, key).catch(() => undefined)
  }

  test('a client that has pushed too much is told to wait, and nobody else; a stranger cannot use it up', async () => {
    const [one, other] = [await makeClient(sandboxOf(server), someDeveloper(), 'fapi2'), await makeClient(sandboxOf(server), someDeveloper(), 'fapi2')]
    await useUp('sandbox-pushes-per-client', [one.id])
    const heard = await one.at.begin().then(() => 'good', (error: { status?: number; error?: string }) => [error.status, error.error])
    expect(heard).toEqual([429, 'temporarily_unavailable'])
    const { answer, checks } = await answerOf(other.at)
    expect((await other.at.finish(answer, checks)).claims['aud']).toBe(other.id)
    const third = await makeClient(sandboxOf(server), someDeveloper(), 'fapi2')
    for (let turn = 0; turn < sandboxOf(server).house.rules.limits['sandbox-pushes-per-client'].points; turn += 1) await post(`${issuer}/par`, { client_id: third.id })
    expect((await third.at.begin()).url.href).toContain('request_uri=')
  }, 60_000)

  test('a network that asks too much is told to wait, where something is kept of what it asks', async () => {
    await useUp('sandbox-requests-per-network', ['127.0.0.1', '::1', '::ffff:127.0.0.1'].map(networkOf))
    const [pushed, registered, page, token] = [
      await post(`${issuer}/par`, { client_id: 'x' }), await post(`${issuer}/register`, {}), await get(`${issuer}/authorize?client_id=x`), await post(`${issuer}/token`, { client_id: 'x' }),
    ]
    expect([pushed, registered].map(({ status, json, headers }) => [status, json['error'], Number(headers.get('retry-after')) > 0])).toEqual([[429, 'temporarily_unavailable', true], [429, 'temporarily_unavailable', true]])
    expect([page.status, page.headers.get('content-type')?.startsWith('text/html'), token.status]).toEqual([429, true, 401])
    expect((await get(`${server.issuer}/authorize?client_id=x`)).status).not.toBe(429)
  }, 60_000)
})
