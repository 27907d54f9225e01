import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { makeScene, type Scene } from '#test/support/attack-scene.ts'
import { authorizeBy } from '#test/support/hand-made.ts'
import { assertionOf, authorization, get, post, redemption, signIn, type Told } from '#test/support/journey.ts'
import { mutantsOf } from '#test/support/mutants.ts'

/*
 * P05: addresses that nearly are registered ones, where test/flow/protocol.test.ts does not send them: pushed by clients with a key, in
 * request objects, after a sign-out, with signed and posted responses. Nobody is sent there and the address is told to nobody; what goes wrong
 * is shown on a page of ours or to the program that asked.
 */
let scene: Scene
beforeAll(async () => {
  scene = await makeScene()
})
afterAll(() => scene.server.close())

const url = (path: string) => `${scene.server.issuer}${path}`
let sent = 0

/** Eight at once; answers for which of them somebody would be sent somewhere, or something was taken. */
async function followed(mutants: readonly string[], right: string, send: (uri: string) => Promise<Told>): Promise<string[]> {
  // Seen to be able to see: the right one is followed.
  expect(isFollowed(await send(right))).toBe(true)
  const found: string[] = []
  const queue = [...mutants]
  await Promise.all(Array.from({ length: 8 }, async () => {
    for (let uri = queue.pop(); uri !== undefined; uri = queue.pop()) {
      sent += 1
      if (isFollowed(await send(uri))) found.push(uri)
    }
  }))
  return found
}

function isFollowed({ status, headers, text }: Told): boolean {
  const formsStayHere = (headers.get('content-security-policy') ?? '').includes("form-action 'self';")
  return status !== 400 || headers.has('location') || headers.has('refresh') || !formsStayHere || /<form method="post" action="(?!\/)|http-equiv|"request_uri"/.test(text)
}

describe('P05: an address that is nearly right', () => {
  test('is taken at no push of a client with a key', async () => {
    const party = scene.party('bank')
    expect(await followed(mutantsOf([party.redirectUri], 700), party.redirectUri, async (uri) => post(url('/par'), { ...authorization(party), redirect_uri: uri, ...(await assertionOf(party)) }))).toEqual([])
  })

  test('is taken in no signed request', async () => {
    const party = scene.party('signing')
    const now = Math.floor(Date.now() / 1000)
    expect(await followed(mutantsOf([party.redirectUri], 400), party.redirectUri, async (uri) => {
      const claims = { ...authorization(party), response_mode: 'jwt', redirect_uri: uri, iss: 'signing', sub: undefined, nbf: now, exp: now + 60 }
      const { client_assertion: request = '' } = await assertionOf(party, claims, { typ: 'oauth-authz-req+jwt', kid: 'one' })
      return post(url('/par'), { request, client_id: 'signing', ...(await assertionOf(party)) })
    })).toEqual([])
  })

  test.each(['form_post', 'jwt', 'form_post.jwt', 'fragment'])('is answered in no %s', async (mode) => {
    const party = scene.party('portal')
    const cookie = scene.victim.visitor.jar.header(new URL(url('/authorize')))
    expect(await followed(mutantsOf([party.redirectUri], 150), party.redirectUri, (uri) => {
      const query = new URLSearchParams({ ...authorization(party), response_mode: mode, redirect_uri: uri })
      return get(url(`/authorize?${query.toString()}`), { cookie, accept: 'text/html' })
    })).toEqual([])
  })

  test('is no way back from a sign-out, with a hint or with the name of the client, signed in or not', async () => {
    const { tokens } = await signIn(scene.at.portal, scene.victim)
    const out = 'http://localhost:1/portal/out'
    const cookie = scene.victim.visitor.jar.header(new URL(url('/end-session')))
    const ways: readonly [Record<string, string>, Record<string, string>][] = [
      [{ id_token_hint: tokens.id_token ?? '' }, { cookie }], [{ client_id: 'portal' }, { cookie }], [{ client_id: 'portal' }, {}],
    ]
    for (const [fields, headers] of ways) {
      const send = (uri: string) => get(url(`/end-session?${new URLSearchParams({ ...fields, post_logout_redirect_uri: uri, state: 's' }).toString()}`), { ...headers, accept: 'text/html' })
      expect(await followed(mutantsOf([out], 250), out, send)).toEqual([])
    }
  })

  test('without a client that it could belong to, leads to no place but our own', async () => {
    const cookie = scene.victim.visitor.jar.header(new URL(url('/end-session')))
    for (const uri of ['http://localhost:1/portal/out', 'https://evil.example/']) {
      const told = await get(url(`/end-session?${new URLSearchParams({ post_logout_redirect_uri: uri }).toString()}`), { cookie, accept: 'text/html' })
      expect([told.status, told.text.includes(uri), told.headers.get('content-security-policy')?.includes(new URL(uri).origin)]).toEqual([200, false, false])
    }
  })

  test('P06: redeems no code, and the code stays good', async () => {
    const party = scene.party('portal')
    const given = await authorizeBy(undefined, { party, who: scene.victim })
    const { redirect_uri: right = '', ...fields } = redemption(party, given.answer, given.checks)
    const send = async (uri: string) => post(url('/token'), { ...fields, redirect_uri: uri, ...(await assertionOf(party)) })
    for (const uri of mutantsOf([right], 100)) expect([uri, (await send(uri)).status]).toEqual([uri, 400])
    sent += 100
    expect((await send(right)).status).toBe(200)
  })

  test('was tried two thousand times', () => {
    console.log(`redirect URIs: ${sent} mutants sent`)
    expect(sent).toBeGreaterThanOrEqual(2000)
  })
})
