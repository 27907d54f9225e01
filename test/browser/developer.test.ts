import { spawn, type ChildProcess } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { textsOf } from '#web/i18n/language.ts'
import { root } from '#test/house/source.ts'
import { describeInBrowser, openBrowser, type Browser } from '#test/support/browser.ts'
import { addPasskeys, type Passkeys } from '#test/support/browser-passkeys.ts'
import { sandboxOf } from '#test/support/developer.ts'
import { at, makeHand, registerBy, type Hand } from '#test/support/hand.ts'
import { freePorts } from '#test/support/ports.ts'
import { startServer, type TestServer } from '#test/support/running.ts'

const t = textsOf('vi')
const name = 'Cổng thử của tôi'

/** The files of one language as the page shows them, and the key that it gave away, beside packages that are installed. */
async function copied(page: Page, language: string, key: string): Promise<string> {
  const artifacts = join(root, 'test', 'artifacts')
  mkdirSync(artifacts, { recursive: true })
  const folder = mkdtempSync(join(artifacts, 'copied-'))
  const code = page.locator('details', { has: page.getByText(t.developer.client.codeOf(language), { exact: true }) })
  const [names, texts] = [await code.locator('p strong').allTextContents(), await code.locator('pre').allTextContents()]
  for (const [place, file] of names.entries()) if (file.endsWith('.js')) writeFileSync(join(folder, file), texts[place] ?? '')
  writeFileSync(join(folder, 'package.json'), '{"type":"module"}')
  writeFileSync(join(folder, 'own-key.json'), key)
  return folder
}

async function answers(origin: string): Promise<void> {
  for (const late = Date.now() + 20_000; Date.now() < late; await pause(50)) if (await fetch(origin).then(() => true, () => false)) return
  throw new Error('the copied program does not listen')
}

describeInBrowser('the portal for developers in Chromium', () => {
  let browser: Browser
  let server: TestServer
  let page: Page
  let hand: Hand
  let passkeys: Passkeys
  let program: { process: ChildProcess; folder: string } | undefined

  beforeAll(async () => {
    [browser, server] = await Promise.all([openBrowser(), startServer({ sandbox: true })])
    ;({ page } = await browser.visit())
    passkeys = await addPasskeys(page)
    hand = makeHand(page, passkeys)
    await page.goto(`${server.issuer}/tai-khoan`)
    await registerBy({ page, hand, language: 'vi' }, server.citizen(server.nextPerson()), t.frame.product)
    await at(page, t.myEid.title)
    await page.context().clearCookies()
  }, 120_000)
  afterAll(async () => {
    program?.process.kill('SIGTERM')
    if (program) rmSync(program.folder, { recursive: true })
    await browser.close()
    await server.close()
  })

  test('takes three acts from nothing to code that signs somebody in: sign in, a name, an address', async () => {
    const [port = 0] = await freePorts(1)
    const origin = `http://localhost:${port}`
    await page.goto(`${server.issuer}/nha-phat-trien`)
    await at(page, t.signIn.title(t.frame.product))
    hand.effort()
    await hand.tapAndUnlock(t.signIn.button)
    await at(page, t.developer.title)
    await hand.fill(t.developer.name, name)
    await hand.fill(t.developer.uri, `${origin}/callback`)
    const posted = page.waitForRequest((request) => request.method() === 'POST')
    await hand.tap(t.developer.create)
    await at(page, name)
    expect(hand.effort()).toEqual({ taps: 2, fields: 2, unlocks: 1 })
    expect([(await posted).postData()?.includes('%22d%22'), (await posted).postData()?.includes('%22x%22')]).toEqual([false, true])

    const download = page.waitForEvent('download')
    await hand.tap(t.developer.client.keyDownload)
    const key = readFileSync(await (await download).path(), 'utf8')
    const folder = await copied(page, 'Node (openid-client)', key)
    program = { folder, process: spawn(process.execPath, ['app.js'], { cwd: folder, env: { PATH: process.env['PATH'] }, stdio: 'ignore' }) }
    await answers(origin)
    await page.goto(`${origin}/sign-in`)
    await at(page, t.signIn.title(name))
    await page.getByRole('button', { name: /Nguyễn Thị Ánh Nguyệt/ }).click()
    await at(page, t.consent.title(name))
    await hand.tap(t.consent.allow)
    await at(page, 'Nguyễn Thị Ánh Nguyệt')
    expect(page.url()).toBe(`${origin}/`)
  }, 120_000)

  test('the key is given away once, and forgotten then', async () => {
    await page.goto(`${server.issuer}/nha-phat-trien`)
    await page.locator('.cards a').first().click()
    await at(page, name)
    expect(await page.locator('#own-key').isVisible()).toBe(false)
    expect(await page.evaluate('sessionStorage.length')).toBe(0)
  })

  test('"try sign-in now" goes to the sandbox and back, and a fault shows as a check that fails', async () => {
    await page.locator('#choose').selectOption('nonce')
    await hand.tap(t.developer.fault.button)
    await page.getByText(t.developer.fault.off, { exact: true }).waitFor()
    await hand.tap(t.developer.client.trial)
    await at(page, t.consent.title(name))
    await hand.tap(t.consent.allow)
    await at(page, t.developer.trial.title)
    expect(await page.locator('tr', { has: page.locator('.fail') }).locator('th').allInnerTexts()).toEqual([expect.stringContaining(t.developer.trial.checks.nonce)])
    expect(new URL(page.url()).origin).toBe(server.issuer)
  })

  test('no page is heavier than 80 kB, scripts and all', async () => {
    const { context, page: visit } = await browser.visit({ storageState: await page.context().storageState() })
    const heavy: string[] = []
    for (const path of ['/nha-phat-trien', `/nha-phat-trien/${(await sandboxOf(server).house.clients.list()).find(({ registered }) => registered.client_name === name)?.id}`]) {
      let bytes = 0
      visit.on('requestfinished', (request) => void request.sizes().then(({ responseBodySize, responseHeadersSize }) => { bytes += responseBodySize + responseHeadersSize }))
      await visit.goto(server.issuer + path)
      await visit.waitForLoadState('networkidle')
      console.log(`${path}: ${bytes} B`)
      if (bytes > 80_000 || bytes < 2000) heavy.push(`${path} ${bytes}`)
      visit.removeAllListeners('requestfinished')
    }
    await context.close()
    expect(heavy).toEqual([])
  })
})
