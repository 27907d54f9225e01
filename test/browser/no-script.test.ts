import type { BrowserContext, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { sql } from 'kysely'
import { clientId, newId, proposalId } from '#kernel/id.ts'
import { textsOf } from '#web/i18n/language.ts'
import { desktop, describeInBrowser, openBrowser, type Browser } from '#test/support/browser.ts'
import { accountOf, enrol, type Enrolled } from '#test/support/journey.ts'
import { bootstrap, inFourWeeks } from '#test/support/officers.ts'
import { makeRelyingParty } from '#test/support/relying-party.ts'
import { startServer, type TestServer } from '#test/support/running.ts'
import { testClient } from '#test/support/test-clients.ts'

const portal = testClient({ name: 'portal', metadata: { client_name: 'Cổng dịch vụ công' } })
const bank = testClient({ name: 'bank', metadata: { client_name: 'Ngân hàng' } })
const { console: t, banners, clients, developer, goingLive, listing, signIn, audit, statistics, signingKeys, frame, officers } = textsOf('vi')

/** Whoever has signed in goes on in a browser that runs no script; the signing in itself, which is a passkey's, is behind them. */
describeInBrowser('the console and the portal for developers with JavaScript off', () => {
  let browser: Browser
  let server: TestServer
  let officer: Enrolled
  let context: BrowserContext
  let page: Page
  let scripts = 0
  beforeAll(async () => {
    ;[browser, server] = await Promise.all([openBrowser(), startServer({ sandbox: true, clients: () => [portal.metadata, bank.metadata] })])
    const party = await makeRelyingParty(portal.party(server.issuer))
    const colleague = await enrol(server, party)
    officer = await enrol(server, party)
    await bootstrap(server, [officer, 'super-admin'], [officer, 'auditor'], [colleague, 'approver'])
    const [mine, other] = [await accountOf(server, officer), await accountOf(server, colleague)]
    for (const proposer of [mine, other]) {
      const proposal = { id: proposalId.parse(newId()), change: { act: 'client.end' as const, client: clientId.parse('bank') }, proposer, proposedAt: new Date(), reason: 'Hết thỏa thuận' }
      await server.house.proposals.add(proposal, { type: 'proposal.made', proposal: proposal.id, act: 'client.end', subject: 'bank', by: proposer })
    }
    ;({ context, page } = await browser.visit({ javaScriptEnabled: false, viewport: desktop }))
    await officer.visitor.open(`${server.issuer}/quan-tri`)
    const held = [...officer.visitor.jar.read(new URL(server.issuer))]
    await context.addCookies(held.map(([name, value]) => ({ name, value, url: server.issuer })))
    page.on('request', (request) => (scripts += request.resourceType() === 'script' ? 1 : 0))
  }, 120_000)
  afterAll(async () => {
    await browser.close()
    await server.close()
  })

  const open = async (path: string) => {
    const response = await page.goto(`${server.issuer}${path}`)
    return response?.status()
  }
  const heading = () => page.locator('h1').first().textContent()
  const press = (name: string) => page.getByRole('button', { name, exact: true }).click()
  /** Text finders pass `noscript` over. */
  const unscripted = async (text: string) => (await page.locator('noscript').allTextContents()).filter((one) => one.includes(text)).length
  const rows = () => page.locator('tbody tr').count()

  test('every main page is read', async () => {
    const pages = [
      ['/quan-tri', t.nav.overview], ['/quan-tri/ung-dung', clients.title], ['/quan-tri/phe-duyet', t.approvals.title], ['/quan-tri/vai-tro', t.roles.title], ['/quan-tri/vai-tro/bang', t.roles.matrixTitle], ['/quan-tri/can-bo', officers.title],
      ['/quan-tri/khoa', signingKeys.title], ['/quan-tri/thong-bao', banners.title], ['/quan-tri/nhat-ky', audit.title], ['/quan-tri/ket-noi', goingLive.review.title],
      ['/nha-phat-trien', developer.title], ['/nha-phat-trien/ket-noi', goingLive.request.title],
    ]
    for (const [path = '', title] of pages) {
      const status = await open(path)
      expect([path, status, await page.locator('main').textContent()]).toEqual([path, 200, expect.stringContaining(title ?? '')])
    }
    expect(await open('/quan-tri/thong-ke')).toBe(200)
    expect(await page.locator('main').textContent()).toContain(statistics.none)
  })

  test('a table is filtered and sorted by its form, and the address keeps it', async () => {
    await open('/quan-tri/ung-dung')
    expect(await rows()).toBe(2)
    await page.locator('summary', { hasText: listing.filter }).click()
    await page.getByLabel(clients.list.text, { exact: true }).fill('ngan hang')
    await page.getByLabel(listing.order, { exact: true }).selectOption('id')
    await press(listing.apply)
    expect([await rows(), new URL(page.url()).searchParams.get('tim'), new URL(page.url()).searchParams.get('xep')]).toEqual([1, 'ngan hang', 'id'])
    await page.reload()
    expect([await rows(), await page.getByLabel(clients.list.text, { exact: true }).inputValue()]).toEqual([1, 'ngan hang'])
  })

  test('a form is refused without a reason with what was typed in it, and sent with one', async () => {
    await open('/quan-tri/thong-bao/moi')
    await page.getByLabel(banners.kinds.information).check()
    await page.getByLabel(banners.vi, { exact: true }).fill('Nghỉ Tết')
    await page.getByLabel(banners.en, { exact: true }).fill('Lunar New Year')
    await page.getByLabel(banners.endsAt, { exact: true }).fill(`${inFourWeeks}T09:00`)
    await press(banners.submit)
    expect([await page.getByText(t.reasonMissing).count() > 0, await page.getByLabel(banners.vi, { exact: true }).inputValue()]).toEqual([true, 'Nghỉ Tết'])
    await page.getByLabel(t.reason, { exact: true }).fill('Báo trước')
    await press(banners.submit)
    expect(await page.locator('tbody').textContent()).toContain('Nghỉ Tết')
  })

  test('one’s own proposal is taken back; what a key has to sign says in words that it cannot be done here', async () => {
    await open('/quan-tri/phe-duyet')
    const hrefs = await Promise.all((await page.locator('tbody a').all()).map(async (a) => `${server.issuer}${await a.getAttribute('href')}`))
    const seen = []
    for (const href of hrefs) {
      await page.goto(href)
      const own = await page.getByText(t.approvals.own).count() > 0
      seen.push([own, await unscripted(signIn.noScriptToSign)])
      if (!own) continue
      await page.getByLabel(t.approvals.withdrawReason, { exact: true }).fill('Nhầm')
      await press(t.approvals.withdraw)
      await page.getByText(t.approvals.outcomes.withdrawn).first().waitFor()
    }
    expect(seen).toEqual(expect.arrayContaining([[false, 1], [true, 0]]))
  })

  test('a developer makes an application with a secret, which says why not with a key, and writes a request to connect', async () => {
    await open('/nha-phat-trien')
    expect(await unscripted(developer.noScript)).toBe(1)
    await page.getByLabel(developer.name, { exact: true }).fill('Cổng thử')
    await page.getByLabel(developer.uri, { exact: true }).fill('http://localhost:3010/callback')
    await page.getByLabel(developer.kinds.secret).check()
    await press(developer.create)
    expect(await heading()).toContain('Cổng thử')
    expect(await page.locator('details').count()).toBeGreaterThanOrEqual(5)
    await press(developer.client.connect)
    await page.getByLabel(clients.form.sector, { exact: true }).fill('congthu.example')
    await press(goingLive.request.save)
    expect([await page.getByText(goingLive.request.keptSoFar).count(), await page.getByLabel(clients.form.sector, { exact: true }).inputValue()]).toEqual([1, 'congthu.example'])
    expect(await server.house.database.rows(sql`select sector from connection`)).toEqual([{ sector: 'congthu.example' }])
  })

  test('and no script was run for any of it', () => {
    expect([scripts, frame.product.length > 0]).toEqual([0, true])
  })
})
