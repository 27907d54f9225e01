import { createServer } from 'node:http'
import { ownKey } from './key.js'
import { makeSignIn } from './sign-in.js'
import { wantedInstead } from './step-up.js'

const port = Number(process.env.PORT ?? 3010)
const origin = `http://localhost:${port}`
const clientId = process.env.CLIENT_ID ?? 'example-node'
const issuer = new URL(process.env.ISSUER ?? 'http://localhost:3000')
const api = { resource: 'https://api.agency.example', scope: 'openid files.read', at: new URL('/files', process.env.API ?? 'http://localhost:3016') }

const key = await ownKey(process.env.KEY_FILE ?? new URL('own-key.json', import.meta.url).pathname)
const sessions = new Map()
let signIn

const pages = {
  '/jwks': () => ({ json: key.published }),

  '/': ({ session: { signedIn } }) => ({
    html: signedIn
      ? `<h1>${escape(signedIn.userinfo?.name ?? signedIn.claims.sub)}</h1><p><a href="/files">My files</a> <a href="/sign-out">Sign out</a>`
      : '<h1>Example</h1><p><a href="/sign-in">Sign in with the national e-ID</a>',
  }),

  '/sign-in': ({ session }) => begin(session, {}),

  '/callback': async ({ session, url }) => {
    const { pending, asked } = session
    delete session.pending
    if (!pending) return { status: 400, html: 'This sign-in was not begun here, or has ended.' }
    const { claims, userinfo, ...rest } = await signIn.finish(url, pending, asked.resource && { resource: asked.resource })
    const before = session.signedIn?.claims.sub === claims.sub ? session.signedIn.userinfo : undefined
    session.signedIn = { ...rest, claims, userinfo: userinfo ?? before, resource: asked.resource }
    console.log(JSON.stringify({ claims, userinfo })) // an example shows what it got; a service never logs it
    return { to: asked.resource ? '/files' : '/' }
  },

  // An API of ours that wants a token of its own, and sometimes a sign-in that is fresher or stronger (RFC 9470).
  '/files': async ({ session }) => {
    const token = session.signedIn?.resource && session.signedIn.accessToken
    if (!token) return begin(session, { resource: api.resource, scope: api.scope })
    const answer = await signIn.call(api.at, token).catch(({ response, cause }) => ({ refused: response, cause }))
    const wanted = answer.refused && wantedInstead(answer)
    if (wanted) return begin(session, { resource: api.resource, scope: api.scope, ...wanted })
    return answer.refused ? { status: 502, html: 'The API refuses.' } : { json: await answer.json() }
  },

  '/sign-out': ({ session }) => {
    const idToken = session.signedIn?.idToken
    delete session.signedIn
    return { to: idToken ? signIn.signOut(idToken) : '/' }
  },
}

async function begin(session, asked) {
  const { to, pending } = await signIn.begin(asked)
  Object.assign(session, { pending, asked })
  return { to }
}

createServer(async (request, response) => {
  const url = new URL(request.url, origin)
  const id = /session=([\w-]+)/.exec(request.headers.cookie)?.[1] ?? crypto.randomUUID()
  if (!sessions.has(id)) sessions.set(id, {})
  response.setHeader('Set-Cookie', `session=${id}; HttpOnly; SameSite=Lax; Path=/`)
  try {
    signIn ??= await makeSignIn({ issuer, clientId, origin, key: key.private })
    const { to, json, html, status } = (await pages[url.pathname]?.({ session: sessions.get(id), url })) ?? { status: 404, html: 'Not here' }
    if (to) response.writeHead(303, { Location: String(to) }).end()
    else if (json) response.writeHead(200, { 'Content-Type': 'application/json' }).end(JSON.stringify(json))
    else response.writeHead(status ?? 200, { 'Content-Type': 'text/html; charset=utf-8' }).end(html)
  } catch (fault) {
    console.log(JSON.stringify({ error: fault.error ?? fault.code ?? String(fault), description: fault.error_description ?? fault.message }))
    response.writeHead(502, { 'Content-Type': 'text/html; charset=utf-8' }).end('The sign-in did not succeed. <a href="/">Back</a>')
  }
}).listen(port, 'localhost', () => console.log(`Node example: ${origin}`))

const escape = (text) => text.replace(/[&<>"]/g, (sign) => `&#${sign.charCodeAt(0)};`)
