import { generateKeyPairSync } from 'node:crypto'
import { once } from 'node:events'
import { createServer } from 'node:http'
import Provider from 'oidc-provider'
import type { ClientMetadata, Configuration } from 'oidc-provider'
import MemoryAdapter from 'oidc-provider/lib/adapters/memory_adapter.js'
import LRU from 'oidc-provider/lib/helpers/lru.js'

/**
 * What `--vs` compares with: oidc-provider alone, its memory adapter, ES256, and the least a sign-in can be: a page with a form
 * that believes whoever posts it. No passkey, no audit, no sealed data, no registry, consent taken as given.
 */
const port = Number(process.env['PORT'])
const client: ClientMetadata = JSON.parse(process.env['BENCH_CLIENT'] ?? '{}')
const key = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey.export({ format: 'jwk' })
const person = { name: 'NGUYỄN VĂN A', birthdate: '1990-01-31', gender: 'male', vn_personal_id: '079190000123' }

/** The default holds 1,000 entries, a hundred sign-ins: with more going on it forgets codes before they are redeemed. */
const room = new LRU({ maxSize: 200_000 })

const configuration: Configuration = {
  adapter: (model) => new MemoryAdapter(model, room),
  clients: [client],
  jwks: { keys: [{ ...key, alg: 'ES256', use: 'sig', kid: 'bare' }] },
  scopes: ['openid'],
  claims: { openid: ['sub'], profile: ['name', 'birthdate', 'gender'], vn_identity: ['vn_personal_id'] },
  cookies: { keys: ['bench'] },
  subjectTypes: ['public', 'pairwise'],
  pairwiseIdentifier: (_ctx, accountId) => `pairwise-${accountId}`,
  interactions: { url: (_ctx, interaction) => `/interaction/${interaction.uid}` },
  features: { devInteractions: { enabled: false }, pushedAuthorizationRequests: { enabled: true } },
  ttl: { AccessToken: 600, AuthorizationCode: 30, Grant: 43_200, IdToken: 300, Interaction: 3600, Session: 43_200 },
  findAccount: (_ctx, accountId) => ({ accountId, claims: () => ({ sub: accountId, ...person }) }),
  loadExistingGrant: async (ctx) => {
    const { session, client: asking, provider: { Grant }, params } = ctx.oidc
    const clientId = asking?.clientId ?? ''
    const known = session?.grantIdFor(clientId)
    if (known !== undefined) return Grant.find(known)
    const grant = new Grant({ clientId, accountId: session?.accountId ?? '' })
    grant.addOIDCScope(String(params?.['scope']))
    await grant.save()
    return grant
  },
}

const provider = new Provider(`http://localhost:${port}`, configuration)
const serve = provider.callback()

const server = createServer((request, response) => {
  const uid = request.url?.match(/^\/interaction\/([\w-]+)/)?.[1]
  if (uid === undefined) return void serve(request, response)
  if (request.method === 'GET') {
    response.setHeader('content-type', 'text/html; charset=utf-8')
    response.end(`<!doctype html><title>Sign in</title><form method="post" action="/interaction/${uid}/login"><button>Sign in</button></form>`)
    return
  }
  request.resume().once('end', () => {
    provider.interactionFinished(request, response, { login: { accountId: 'somebody' } }).catch((error: unknown) => response.writeHead(500).end(String(error)))
  })
})

server.listen(port, 'localhost')
await once(server, 'listening')
process.once('SIGTERM', () => {
  server.close()
  server.closeAllConnections()
})
