import { expect, describe, test } from 'vitest'
import { clientId } from '#kernel/id.ts'
import { byItself, withinFiveSeconds } from '#test/support/five-seconds.ts'
import { accountOf, enrol, get, signIn } from '#test/support/journey.ts'
import { makeRelyingParty } from '#test/support/relying-party.ts'
import { engines, startServer } from '#test/support/running.ts'
import { testClient } from '#test/support/test-clients.ts'

const [portal, leaver] = [testClient({ name: 'portal' }), testClient({ name: 'leaver', metadata: { grant_types: ['authorization_code', 'refresh_token', 'client_credentials'] } })]

describe.skipIf(!engines.includes('servers'))('two nodes', () => {
  test('A05: a client that is suspended at one node gets nothing at the other within five seconds: no sign-in, no token, no claims', async () => {
    const server = await startServer({ engine: 'servers', clients: () => [portal.metadata, leaver.metadata] })
    const other = await server.another()
    try {
      const party = await makeRelyingParty(portal.party(server.issuer))
      const who = await enrol(server, party)
      const service = await makeRelyingParty(leaver.party(server.issuer))
      const before = await signIn(service, who)
      // Each node knows the client by now.
      const at = (path: string) => `http://localhost:${other.port}${path}`
      const ask = `/authorize?${new URLSearchParams({ client_id: 'leaver', redirect_uri: 'http://localhost:1/leaver/callback', response_type: 'code', scope: 'openid', code_challenge: 'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM', code_challenge_method: 'S256' }).toString()}`
      const bearer = { authorization: `Bearer ${before.tokens.access_token}` }
      const asOther = async () => {
        const [page, claims] = [await get(at(ask)), await get(at('/userinfo'), bearer)]
        return [page.status, claims.status, claims.json['sub'] ?? claims.json['error']]
      }
      expect(await asOther()).toEqual([303, 200, before.claims.sub])
      const stopped = await server.house.clients.suspend(clientId.parse('leaver'), { by: { role: 'approver' }, at: new Date(), event: { type: 'client.suspended', client: clientId.parse('leaver'), by: await accountOf(server, who), reason: 'x' } })
      expect(stopped).toBe(true)
      await withinFiveSeconds(() => expect.poll(asOther, byItself).toEqual([400, 400, 'invalid_client']))
      await expect(service.ownToken()).rejects.toMatchObject({ error: 'invalid_client' })
      await expect(service.begin()).rejects.toMatchObject({ error: 'invalid_client' })
    } finally {
      await other.close()
      await server.close()
    }
  }, 60_000)
})
