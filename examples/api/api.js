import { createServer } from 'node:http'
import * as oauth from 'oauth4webapi'
import { challenge } from './sign-in-rules.js'

const port = Number(process.env.PORT ?? 3016)
const issuer = new URL(process.env.ISSUER ?? 'http://localhost:3000')
const identifier = 'https://api.agency.example' // as registered (`resource_server.identifier`); tokens name it as their audience
const wanted = { acr: 'urn:vn:eid:loa:2', maxAge: Number(process.env.MAX_AGE ?? 300) }

const plain = issuer.protocol === 'http:' ? { [oauth.allowInsecureRequests]: true } : {} // only ever on localhost
const rules = { ...plain, requireDPoP: true, signingAlgorithms: ['ES256'] }
let provider

/** Who asks and what they may: signature, issuer, audience, time and the proof of possession are checked (RFC 9068, RFC 9449). */
async function readToken(request) {
  provider ??= await oauth.processDiscoveryResponse(issuer, await oauth.discoveryRequest(issuer, plain))
  return oauth.validateJwtAccessToken(provider, request, identifier, rules)
}

async function answer(request) {
  const claims = await readToken(request).catch(() => undefined)
  if (!claims) return [401, { error: 'invalid_token' }, 'DPoP error="invalid_token", algs="ES256"']
  if (!claims.scope?.split(' ').includes('files.read')) return [403, { error: 'insufficient_scope' }, 'DPoP error="insufficient_scope", scope="files.read"']
  const more = challenge(claims, wanted)
  if (more) return [401, { error: 'insufficient_user_authentication' }, more]
  return [200, { files: [`the file of ${claims.sub}`], acr: claims.acr, auth_time: claims.auth_time }]
}

createServer(async ({ method, url, headers }, response) => {
  const [status, body, authenticate] = await answer(new Request(new URL(url, `http://localhost:${port}`), { method, headers }))
  console.log(JSON.stringify({ status, error: body.error }))
  if (authenticate) response.setHeader('WWW-Authenticate', authenticate)
  response.writeHead(status, { 'Content-Type': 'application/json' }).end(JSON.stringify(body))
}).listen(port, 'localhost', () => console.log(`API example: http://localhost:${port}`))
