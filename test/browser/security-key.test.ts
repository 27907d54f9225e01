import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { textsOf } from '#web/i18n/language.ts'
import { describeInBrowser, openBrowser, type Browser } from '#test/support/browser.ts'
import { addPasskeys, type Passkeys } from '#test/support/browser-passkeys.ts'
import { at, makeHand, registerUpToPasskey, type Hand } from '#test/support/hand.ts'
import { startProduct, type Product } from '#test/support/product.ts'

const language = 'vi'
const t = textsOf(language)
const { add, done, kinds } = t.myEid.keys

describeInBrowser('a security key, in Chromium', () => {
  let browser: Browser
  let product: Product
  let page: Page
  let hand: Hand
  let phone: Passkeys
  let key: Passkeys

  beforeAll(async () => {
    [browser, product] = await Promise.all([openBrowser(), startProduct()])
    const { server } = product
    ;({ page } = await browser.visit())
    phone = await addPasskeys(page)
    hand = makeHand(page, phone)
    await page.goto(`${server.issuer}/tai-khoan`)
    await registerUpToPasskey({ page, hand, language }, server.citizen(server.nextPerson()))
    await hand.tapAndUnlock(t.registration.passkey.button)
    await at(page, t.registration.done.title)
    await hand.tap(t.frame.backTo(t.frame.product))
    await at(page, t.myEid.title)
  }, 120_000)
  afterAll(async () => {
    await browser.close()
    await product.close()
  })

  test('W07: is added by two touches and one unlocking, and what it shows of its maker is believed by nobody here', async () => {
    key = await addPasskeys(page, { transport: 'usb' })
    const own = makeHand(page, key)
    await own.tap(add.title)
    await at(page, add.title)
    await own.tapAndUnlock(add.button)
    await at(page, done.any.title)
    expect(own.effort()).toEqual({ taps: 2, fields: 0, unlocks: 1 })
    expect([(await key.list()).length, (await phone.list()).length]).toEqual([1, 1])
    await own.tap(t.myEid.back)
    await at(page, t.myEid.title)
    expect(await page.locator('dt').allTextContents()).toEqual(expect.arrayContaining([kinds.synced, kinds.device]))
  })

  test('that is there already is not added again, and the page says so', async () => {
    const calls: unknown[] = []
    page.on('request', (request) => request.method() === 'POST' && calls.push(request.url()))
    await page.goto(`${product.server.issuer}/tai-khoan/khoa-bao-mat`)
    await key.present(async () => {
      await hand.tap(add.button)
      await page.locator('#note').filter({ hasText: add.notes.exists }).waitFor()
    })
    expect(calls).toEqual([])
  })
})
