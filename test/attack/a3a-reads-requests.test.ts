import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { makeScene, type Scene } from '#test/support/attack-scene.ts'
import { authorizeBy, makeHolder, postProven, redeem } from '#test/support/hand-made.ts'
import { assertionOf, authorize, get, redemption, type Told } from '#test/support/journey.ts'

/*
 * A3a: reads the authorization request as it passes the browser (history, logs, other apps of the phone). Beside what A1 can.
 *
 * Tried: learning from the request who signs in, why, and what to redeem a code with; using the request before, after and at the
 * same time as its owner; changing it on the way. Baseline without a push gives up that the request says what is asked and may be rewritten;
 * PKCE, state and nonce stay.
 *
 * What no profile can exclude: a reader who answers a stolen request with his own account hands the client a true answer, so a client
 * takes an answer only from the browser that it sent (§5.6.6 of the Security Profile, "browser swapping", is the same with the response). One who reads
 * the response is left out of the final model; the second half here shows how far he comes with a code.
 */
let scene: Scene
beforeAll(async () => {
  scene = await makeScene()
})
afterAll(() => scene.server.close())

const url = (path: string) => `${scene.server.issuer}${path}`
const cookieOf = ({ visitor }: Scene['victim']) => ({ cookie: visitor.jar.header(new URL(url('/authorize'))) })
const codeIn = (told: Told) => new URL(told.headers.get('location') ?? 'none:').searchParams

describe('who reads the request', () => {
  test.each(['bank', 'signing'] as const)('P03: of %s learns the name of the client and a reference, and nothing of the person or of what is asked', async (name) => {
    const { url: begun } = await scene.at[name].begin({ scope: 'openid profile', login_hint: 'somebody@example.com', acr_values: 'urn:vn:eid:loa:2' })
    expect([...begun.searchParams.keys()].toSorted()).toEqual(['client_id', 'request_uri'])
    expect(begun.searchParams.get('request_uri')).toMatch(/^urn:ietf:params:oauth:request_uri:[A-Za-z0-9_-]{43,}$/)
  })

  test.each(['bank', 'signing'] as const)('P03: of %s comes too late when its owner has used it, and when both use it at once one of them has an answer', async (name) => {
    const used = await scene.at[name].begin()
    const { url: answer } = await scene.victim.visitor.open(used.url)
    expect((await scene.at[name].finish(answer, used.checks)).claims.sub).toBeTypeOf('string')
    const late = await get(used.url.href, cookieOf(scene.attacker))
    expect(codeIn(late).has('code') || codeIn(late).has('response')).toBe(false)

    const { url: begun } = await scene.at[name].begin()
    const both = await Promise.all([scene.victim, scene.attacker, scene.victim, scene.attacker].map((who) => get(begun.href, cookieOf(who))))
    expect(both.filter((told) => codeIn(told).has('code') || codeIn(told).has('response'))).toHaveLength(1)
  })

  test('P04, P08: and answers it first holds a code that only the client can redeem', async () => {
    const { url: begun, checks } = await scene.at.bank.begin()
    const stolen = await get(begun.href, cookieOf(scene.attacker))
    const code = codeIn(stolen).get('code') ?? ''
    expect(code).not.toBe('')
    const holder = await makeHolder()
    const guess = { ...redemption(scene.party('evil'), new URL(`https://x.example/?code=${code}`), { ...checks, verifier: 'a'.repeat(43) }) }
    const told = await postProven(holder, url('/token'), async () => ({ ...guess, ...(await assertionOf(scene.party('evil'))) }))
    expect([told.status, told.json['error']]).toEqual([400, 'invalid_grant'])
    expect((await get(begun.href, cookieOf(scene.victim))).headers.get('location') ?? '').not.toContain('code=')
  })

  test('what baseline gives up: unpushed, the request tells what is asked and can be rewritten, but not to an address of the attacker', async () => {
    const { url: begun } = await scene.at.portal.begin({ login_hint: 'somebody@example.com' }, { pushed: false })
    expect(begun.searchParams.get('login_hint')).toBe('somebody@example.com')
    begun.searchParams.set('redirect_uri', 'https://evil.example/callback')
    expect((await get(begun.href, cookieOf(scene.victim))).status).toBe(400)
  })
})

describe('who reads the response', () => {
  test('P04, P09: cannot redeem the code of a client with a key, with everything that passed the browser', async () => {
    const [owner, thief] = [await makeHolder(), await makeHolder()]
    const party = scene.party('bank')
    const given = await authorizeBy(owner, { party, who: scene.victim })
    const unproven = await postProven(thief, url('/token'), async () => redemption(party, given.answer, given.checks))
    expect(unproven.status).toBeGreaterThanOrEqual(400)
    const asOther = await postProven(thief, url('/token'), async () => ({ ...redemption(party, given.answer, given.checks), client_id: 'evil', ...(await assertionOf(scene.party('evil'))) }))
    expect(asOther.json['error']).toBe('invalid_grant')
    expect((await redeem(owner, party, given)).status).toBe(200)
  })

  test.each(['bank', 'portal', 'app'] as const)('P04: and puts the victim’s code into his own sign-in at %s is not the victim there (code injection, RFC 9700 §4.5)', async (name) => {
    const stolen = await authorize(scene.at[name], scene.victim)
    const own = await scene.at[name].begin()
    const injected = new URL(stolen.answer)
    injected.searchParams.set('state', own.checks.state)
    await expect(scene.at[name].finish(injected, own.checks)).rejects.toMatchObject({ error: 'invalid_grant' })
  })

  test('P15: nor with a signed response, which carries the state of another sign-in', async () => {
    const stolen = await authorize(scene.at.signing, scene.victim)
    const own = await scene.at.signing.begin()
    await expect(scene.at.signing.finish(stolen.answer, own.checks)).rejects.toThrow()
  })

  test('P04: a public client’s code without its verifier is worth nothing', async () => {
    const stolen = await authorize(scene.at.app, scene.victim)
    const { code_verifier: _unseen, ...fields } = redemption(scene.party('app'), stolen.answer, stolen.checks)
    const told = await postProven(await makeHolder(), url('/token'), async () => fields)
    expect(told.json['error']).toBe('invalid_grant')
  })
})
