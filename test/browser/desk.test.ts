import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { textsOf } from '#web/i18n/language.ts'
import { describeInBrowser, desktop, openBrowser, type Browser } from '#test/support/browser.ts'
import { addPasskeys } from '#test/support/browser-passkeys.ts'
import { at, makeHand, registerUpToPasskey, type Hand } from '#test/support/hand.ts'
import { seat } from '#test/support/officers.ts'
import { startProduct, type Product } from '#test/support/product.ts'

const language = 'vi'
const t = textsOf(language)
const { desk, level2 } = t
const dossier = '000.00.19.H29-261104-0001'

describeInBrowser('level 2 at the desk, in two browsers', () => {
  let browser: Browser
  let product: Product
  let officer: { page: Page; hand: Hand }
  beforeAll(async () => {
    [browser, product] = await Promise.all([openBrowser(), startProduct()])
    const { server } = product
    const { page, context } = await browser.visit({ viewport: desktop })
    const citizen = server.citizen(server.nextPerson())
    const passkeys = await addPasskeys(page)
    const hand = makeHand(page, passkeys)
    await page.goto(`${server.issuer}/tai-khoan`)
    await registerUpToPasskey({ page, hand, language }, citizen)
    await hand.tapAndUnlock(t.registration.passkey.button)
    await at(page, t.registration.done.title)
    await hand.tap(t.frame.backTo(t.frame.product))
    await at(page, t.myEid.title)
    await seat(server, { citizen })
    // What an officer does at the desk needs no script: from here on there is none.
    const plain = await browser.visit({ viewport: desktop, javaScriptEnabled: false, storageState: await context.storageState() })
    officer = { page: plain.page, hand: makeHand(plain.page, passkeys) }
  }, 240_000)
  afterAll(async () => {
    await browser.close()
    await product.close()
  })

  const phone = async (): Promise<{ page: Page; hand: Hand }> => {
    const { page } = await browser.visit()
    return { page, hand: makeHand(page, await addPasskeys(page)) }
  }
  /** The officer finds the person, looks, ticks and has a code. */
  async function codeFor(number: string, purpose: keyof typeof desk.purposes): Promise<string> {
    const { page, hand } = officer
    await page.goto(`${product.server.issuer}/quan-tri/quay`)
    hand.effort()
    await hand.fill(desk.number, number)
    await hand.fill(t.audit.lookUp.case, dossier)
    await page.locator(`#purpose-${purpose}`).check()
    await hand.tap(desk.find)
    for (const kind of ['card-seen', 'face-compared']) await page.locator(`#seen-${kind}`).check()
    await hand.tap(desk.makeCode)
    return page.locator('.match').innerText()
  }
  test('"no" on the phone ends it on both screens', async () => {
    const code = await codeFor(product.server.nextPerson().number, 'level-2')
    const { page, hand } = await phone()
    await page.goto(`${product.server.issuer}/m2`)
    await hand.fill(level2.code, code)
    await hand.tap(t.frame.continue)
    await at(page, level2.compareTitle)
    await hand.tap(level2.no)
    await at(page, level2.ends.denied.title)
    await officer.page.reload()
    expect(await officer.page.getByText(desk.ended.denied).isVisible()).toBe(true)
  }, 240_000)
})
