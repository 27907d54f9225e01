import { generateKeyPairSync } from 'node:crypto'
import { readFileSync } from 'node:fs'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { textsOf } from '#web/i18n/language.ts'
import { desktop, describeInBrowser, openBrowser, type Browser } from '#test/support/browser.ts'
import { noMaker, trustKeysOf } from '#test/support/browser-hardware.ts'
import { addPasskeys, type Passkeys } from '#test/support/browser-passkeys.ts'
import type { Citizen } from '#test/support/citizen.ts'
import { typeRequest } from '#test/support/connection-form.ts'
import { at, makeHand, registerBy, type Effort, type Hand } from '#test/support/hand.ts'
import { serveLoginSite, type LoginSite } from '#test/support/login-site.ts'
import { bootstrap, inDays, prove } from '#test/support/officers.ts'
import { freePorts } from '#test/support/ports.ts'
import type { Proof } from '#test/support/relying-party.ts'
import { startServer, type TestServer } from '#test/support/running.ts'
import { openService, type Service } from '#test/support/service.ts'

const t = textsOf('vi')
const { developer, goingLive, console } = t
const name = 'Cổng khám bệnh'

/** Somebody in a browser of their own, with an account; `hand` counts what they do. */
type Somebody = { page: Page; hand: Hand; citizen: Citizen; phone: Passkeys }

describeInBrowser('from nothing to a live service, in a browser for each of three people', () => {
  const anchors = noMaker()
  const site = 'https://dang-nhap.yte.example'
  const own = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const named = { kid: 'live-1', alg: 'ES256', use: 'sig' }
  const effort: Record<string, Effort> = {}
  let browser: Browser
  let server: TestServer
  let maker: Somebody
  let reviewer: Somebody
  let approver: Somebody
  let tried: LoginSite | undefined
  let service: Service | undefined
  let redirectUri = ''

  beforeAll(async () => {
    [browser, server] = await Promise.all([openBrowser({ hosts: '*.example' }), startServer({ sandbox: true, authenticators: { anchors }, env: { OFFICER_KEYS: 'attested' } })])
    redirectUri = `${site}:${(await freePorts(1))[0]}/tro-ve`
    maker = await somebody()
    reviewer = await withSecurityKey(await somebody())
    approver = await withSecurityKey(await somebody())
    await prove(server, reviewer, approver)
    await bootstrap(server, [reviewer, 'client-admin', 'yte.example'], [approver, 'approver'])
  }, 180_000)
  afterAll(async () => {
    await tried?.close()
    await service?.close()
    await browser.close()
    await server.close()
  })

  async function somebody(): Promise<Somebody> {
    const { page } = await browser.visit({ viewport: desktop })
    const phone = await addPasskeys(page)
    const hand = makeHand(page, phone)
    const citizen = server.citizen(server.nextPerson())
    await page.goto(`${server.issuer}/tai-khoan`)
    await registerBy({ page, hand, language: 'vi' }, citizen, t.frame.product)
    await at(page, t.myEid.title)
    hand.effort()
    return { page, hand, citizen, phone }
  }

  /** An officer adds a key in hardware, and from here on uses that and nothing else. */
  async function withSecurityKey({ page, citizen, phone }: Somebody): Promise<Somebody> {
    await trustKeysOf(page, anchors)
    const hand = makeHand(page, await addPasskeys(page, { transport: 'usb' }))
    const { add, done } = t.myEid.keys
    await hand.tap(add.title)
    await hand.tapAndUnlock(add.button)
    await at(page, done.hardware.title)
    await phone.putAway()
    await page.context().clearCookies()
    hand.effort()
    return { page, hand, citizen, phone }
  }

  /** To the console, by the security key. */
  async function signInToWork({ page, hand }: Somebody): Promise<void> {
    await page.goto(`${server.issuer}/quan-tri`)
    await at(page, t.signIn.title(t.frame.product))
    await hand.tapAndUnlock(t.signIn.buttonHardware)
    await at(page, console.title)
  }

  const shown = async ({ page }: Somebody, label: string) => (await page.locator('.summary div', { has: page.getByText(label, { exact: true }) }).locator('dd').innerText()).trim()

  test('W20: the developer has a client of the sandbox in three acts, and "try sign-in now" is ✓ from first to last', async () => {
    const { page, hand } = maker
    const [port = 0] = await freePorts(1)
    await page.context().clearCookies()
    await page.goto(`${server.issuer}/nha-phat-trien`)
    await at(page, t.signIn.title(t.frame.product))
    await hand.tapAndUnlock(t.signIn.button)
    await at(page, developer.title)
    await hand.fill(developer.name, name)
    await hand.fill(developer.uri, `http://localhost:${port}/callback`)
    await hand.tap(developer.create)
    await at(page, name)
    effort['sandbox client'] = hand.effort()

    const download = page.waitForEvent('download')
    await hand.tap(developer.client.keyDownload)
    const key = JSON.parse(readFileSync(await (await download).path(), 'utf8'))
    tried = await serveLoginSite({ issuer: await shown(maker, developer.client.issuer), id: await shown(maker, developer.client.id), redirectUri: await shown(maker, developer.client.uri), key })
    hand.effort()

    await hand.tap(developer.client.trial)
    await at(page, t.signIn.title(name))
    await hand.tap(/Nguyễn Thị Ánh Nguyệt/)
    await at(page, t.consent.title(name))
    await hand.tap(t.consent.allow)
    await at(page, developer.trial.title)
    effort['try it'] = hand.effort()
    expect([await page.locator('.pass').count(), await page.locator('.fail').count()]).toEqual([expect.any(Number), 0])
    await page.getByText(developer.trial.good).waitFor()
    await hand.tap(developer.toClient)
  }, 90_000)

  test('the self-test is green, and the request is on its way', async () => {
    const { page, hand } = maker
    if (tried === undefined) throw new Error('there is no client')
    hand.effort()
    await hand.tap(developer.client.selfTest)
    await at(page, goingLive.selfTest.title(name))
    await hand.fill(goingLive.selfTest.initiate, tried.addresses.initiate)
    await hand.fill(goingLive.selfTest.logout, tried.addresses.logout)
    await hand.tap(goingLive.selfTest.begin)
    await page.getByRole('button', { name: developer.client.connect }).waitFor({ timeout: 60_000 })
    effort['self-test'] = hand.effort()

    await hand.tap(developer.client.connect)
    await typeRequest({ page, hand, language: 'vi' }, entry())
    await hand.tap(goingLive.request.save)
    await page.getByText(goingLive.request.outcomes.yes).first().waitFor()
    expect(await page.getByText(goingLive.request.outcomes.no).count()).toBe(0)
    await hand.tap(goingLive.request.send)
    await page.getByText(goingLive.request.states.submitted).waitFor()
    effort['request'] = hand.effort()
  }, 120_000)

  function entry() {
    return {
      client_id: 'kham-benh', client_name: name, legal_name: { vi: 'Sở Y tế thành phố Hà Nội', en: 'Hanoi Department of Health' }, sector: 'yte.example', relying_party_class: 'A', profile: 'fapi2',
      agreement: { number: '7/TT', signed_on: inDays(-10), ends_on: inDays(300) }, security_level: 3, contacts: ['ops@example.com'],
      redirect_uris: [redirectUri], post_logout_redirect_uris: [`${new URL(redirectUri).origin}/`], jwks: { keys: [{ ...own.publicKey.export({ format: 'jwk' }), ...named }] },
      purposes: [{ claims: ['name'], basis: 'law', reference: { vi: 'Luật Khám bệnh, chữa bệnh 2023 Điều 10', en: 'Law on Medical Examination 2023, Article 10' }, purpose: { vi: 'Đăng ký khám bệnh', en: 'Booking an examination' } }],
    }
  }

  test('the administrator of the organisation opens it from the overview and proposes it, and cannot decide it', async () => {
    const { page, hand } = reviewer
    await signInToWork(reviewer)
    effort['administrator signs in'] = hand.effort()
    await hand.tap(name)
    await at(page, name)
    expect(await page.getByText(goingLive.request.outcomes.no).count()).toBe(0)
    await page.getByLabel(console.reason, { exact: true }).first().waitFor()
    await hand.fill(console.reason, 'Hồ sơ đủ')
    await hand.tap(goingLive.review.propose)
    await page.getByText(console.approvals.own).waitFor()
    effort['administrator'] = hand.effort()
    expect(await page.getByRole('button', { name: console.approvals.sign }).count()).toBe(0)
  }, 60_000)

  test('the second person opens it and signs it with a key in hardware: two acts, and it is live', async () => {
    const { page, hand } = approver
    await signInToWork(approver)
    effort['second person signs in'] = hand.effort()
    await hand.tap(console.acts['client.register'])
    await at(page, `${console.acts['client.register']}: kham-benh`)
    await hand.tapAndUnlock(console.approvals.sign)
    await page.getByText(console.approvals.evidence, { exact: true }).waitFor()
    effort['second person'] = hand.effort()
    expect(await page.getByText(console.approvals.outcomes.approved).count()).toBeGreaterThan(0)
  }, 60_000)

  test('a new service with nothing but the values on the page of the request signs a citizen in', async () => {
    const { page } = maker
    await page.reload()
    await page.getByText(goingLive.request.states.live, { exact: true }).waitFor()
    const [clientId, issuer] = [await shown(maker, developer.client.id), await shown(maker, developer.client.issuer)]
    const proof: Proof = { method: 'private_key_jwt', jwk: { ...own.privateKey.export({ format: 'jwk' }), ...named } }
    service = await openService({ issuer, clientId, redirectUri, proof, profile: 'fapi2' }, 'openid profile')
    const citizen = await somebody()
    await citizen.page.context().clearCookies()
    await citizen.page.goto(service.origin)
    await citizen.hand.tap(service.signIn)
    await at(citizen.page, t.signIn.title(name))
    citizen.hand.effort()
    await citizen.hand.tapAndUnlock(t.signIn.button)
    await at(citizen.page, t.consent.titleLaw(name))
    await citizen.hand.tap(t.frame.continue)
    await at(citizen.page, service.hello(citizen.citizen.name))
    effort['citizen'] = citizen.hand.effort()
    expect(new URL(citizen.page.url()).origin).toBe(service.origin)
  }, 60_000)

  test('nobody did more than was promised (docs: three acts for a client of the sandbox, two to approve)', () => {
    expect(effort).toEqual({
      // Sign in, a name, an address; the button ends them.
      'sandbox client': { taps: 2, fields: 2, unlocks: 1 },
      'try it': { taps: 3, fields: 0, unlocks: 0 },
      'self-test': { taps: 2, fields: 2, unlocks: 0 },
      // A field for each thing that is asked; the button keeps them, and the next sends them.
      request: { taps: 3, fields: 17, unlocks: 0 },
      'administrator signs in': { taps: 1, fields: 0, unlocks: 1 },
      // Open and propose, and why.
      administrator: { taps: 2, fields: 1, unlocks: 0 },
      'second person signs in': { taps: 1, fields: 0, unlocks: 1 },
      // Open and approve; the key is touched for the latter.
      'second person': { taps: 2, fields: 0, unlocks: 1 },
      citizen: { taps: 2, fields: 0, unlocks: 1 },
    })
  })
})
