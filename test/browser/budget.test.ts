import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { textsOf } from '#web/i18n/language.ts'
import { describeInBrowser, openBrowser, type Browser } from '#test/support/browser.ts'
import { addPasskeys } from '#test/support/browser-passkeys.ts'
import { at, demoWords, makeHand, registerBy } from '#test/support/hand.ts'
import { startProduct, type Product } from '#test/support/product.ts'

type Load = { path: string; bytes: number; encoding: string }

/** What one origin sent over the wire, headers included, as the browser's network stack counted it. */
async function weigh(page: Page, origin: string): Promise<() => readonly Load[]> {
  const cdp = await page.context().newCDPSession(page)
  const loads = new Map<string, Load>()
  await cdp.send('Network.enable')
  cdp.on('Network.responseReceived', ({ requestId, response }) => {
    const url = new URL(response.url)
    const encoding = Object.entries(response.headers).find(([name]) => name.toLowerCase() === 'content-encoding')?.[1] ?? 'none'
    if (url.origin === origin) loads.set(requestId, { path: url.pathname, bytes: 0, encoding })
  })
  cdp.on('Network.loadingFinished', ({ requestId, encodedDataLength }) => {
    const load = loads.get(requestId)
    if (load) loads.set(requestId, { ...load, bytes: encodedDataLength })
  })
  return () => {
    const all = [...loads.values()]
    loads.clear()
    return all
  }
}

const total = (loads: readonly Load[]) => loads.reduce((sum, { bytes }) => sum + bytes, 0)

const watchShifts = () => {
  const shifts: number[] = []
  Object.assign(globalThis, { shifts })
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) shifts.push(Number(Reflect.get(entry, 'value')))
  }).observe({ type: 'layout-shift', buffered: true })
}

describeInBrowser('the weight of the pages in Chromium', () => {
  let browser: Browser
  let product: Product
  beforeAll(async () => {
    [browser, product] = await Promise.all([openBrowser(), startProduct()])
  })
  afterAll(async () => {
    await browser.close()
    await product.close()
  })

  test('the first sign-in page is at most 10 kB in 3 requests and stands still, a consent page at most 8 kB', async () => {
    const { context, page } = await browser.visit()
    await page.addInitScript(watchShifts)
    const hand = makeHand(page, await addPasskeys(page))
    const loads = await weigh(page, product.server.issuer)
    const t = textsOf('vi')
    const say = demoWords('vi')
    await page.goto(product.portal)
    await hand.tap(say.signIn)
    await at(page, t.signIn.title(say.portal))
    await page.waitForLoadState('networkidle')
    const first = loads()
    console.log(`sign-in page: ${first.map(({ path, bytes, encoding }) => `${path.split('/')[1]} ${bytes} B ${encoding}`).join(', ')}`)
    expect(first.length).toBeGreaterThanOrEqual(2)
    expect(first.length).toBeLessThanOrEqual(3)
    expect(total(first)).toBeLessThanOrEqual(10_000)
    expect(first.filter(({ path }) => !path.startsWith('/favicon')).map(({ encoding }) => encoding)).toEqual(['br', 'br'])
    expect(await page.evaluate('globalThis.shifts.reduce((sum, one) => sum + one, 0)')).toBe(0)

    await registerBy({ page, hand, language: 'vi' }, product.server.citizen(product.server.nextPerson()), say.portal)
    await at(page, t.consent.title(say.portal))
    await page.waitForLoadState('networkidle')
    const consent = loads().filter(({ path }) => /^\/interaction\/[^/]+$/.test(path)).slice(-1)
    console.log(`consent page: ${total(consent)} B ${consent[0]?.encoding}`)
    expect(consent).toHaveLength(1)
    expect(total(consent)).toBeLessThanOrEqual(8000)
    await context.close()
  })

  test('only answers to GET go compressed: what was typed is never beside a secret in one compressed page', async () => {
    const { context, page } = await browser.visit()
    const hand = makeHand(page, await addPasskeys(page))
    const loads = await weigh(page, product.server.issuer)
    const t = textsOf('vi')
    const say = demoWords('vi')
    await page.goto(product.portal)
    await hand.tap(say.signIn)
    await at(page, t.signIn.title(say.portal))
    loads()
    await hand.fill(t.signIn.numberLabel, 'attacker-chosen')
    await hand.tap(t.frame.continue)
    await page.getByText(t.signIn.numberErrors.format).first().waitFor()
    await page.waitForLoadState('networkidle')
    expect(loads().filter(({ path }) => path.endsWith('/narrow'))).toMatchObject([{ encoding: 'none' }])
    await page.goto(`${product.server.issuer}/tro-giup?attacker-chosen`)
    expect(await page.content()).not.toContain('attacker-chosen')
    await context.close()
  })
})
