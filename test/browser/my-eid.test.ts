import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { textsOf } from '#web/i18n/language.ts'
import { describeInBrowser, openBrowser, type Browser } from '#test/support/browser.ts'
import { addPasskeys, type Passkeys } from '#test/support/browser-passkeys.ts'
import type { Citizen } from '#test/support/citizen.ts'
import { ask, hear, openCounter, refusal, type Counter } from '#test/support/counter.ts'
import { at, makeHand, registerUpToPasskey, type Hand } from '#test/support/hand.ts'
import { startProduct, type Product } from '#test/support/product.ts'

const language = 'vi'
const t = textsOf(language)
const bankName = 'Dịch vụ bank'

describeInBrowser('a request of a counter on "my e-ID", in Chromium', () => {
  let browser: Browser
  let product: Product
  let counter: Counter
  let page: Page
  let hand: Hand
  let passkeys: Passkeys
  let citizen: Citizen

  beforeAll(async () => {
    counter = await openCounter()
    ;[browser, product] = await Promise.all([openBrowser(), startProduct({ more: [counter.metadata], env: { OUTBOUND_ALLOW: 'localhost' } })])
    await counter.open(product.server.issuer)
    const { server } = product
    ;({ page } = await browser.visit())
    passkeys = await addPasskeys(page)
    hand = makeHand(page, passkeys)
    citizen = server.citizen(server.nextPerson())
    await page.goto(`${server.issuer}/tai-khoan`)
    await registerUpToPasskey({ page, hand, language }, citizen)
    await hand.tapAndUnlock(t.registration.passkey.button)
    await at(page, t.registration.done.title)
    await hand.tap(t.frame.backTo(t.frame.product))
    await at(page, t.myEid.title)
  }, 120_000)
  afterAll(async () => {
    await browser.close()
    await product.close()
    await counter.close()
  })

  const askHim = () => ask(counter.bank, { login_hint: citizen.number })
  const openIt = async (on: Page) => {
    await on.goto(`${product.server.issuer}/tai-khoan/yeu-cau`)
    await on.locator('.cards a').click()
    await at(on, t.approval.match.title(bankName))
  }

  test('takes four touches and one unlocking, from the front page to the yes', async () => {
    const asked = await askHim()
    await page.goto(`${product.server.issuer}/tai-khoan`)
    hand.effort()
    await hand.tap(t.myEid.toRequests)
    await page.locator('.cards a').click()
    await hand.tap('47')
    await hand.tapAndUnlock(t.approval.confirm.button)
    await at(page, t.approval.ended.approved.title)
    expect(hand.effort()).toEqual({ taps: 3, fields: 0, unlocks: 1 })
    expect(await refusal(hear(counter.bank, asked))).toBe('granted')
  })

  test('W04: is approved by a press of its button only, never by a passkey that answers by itself', async () => {
    const asked = await askHim()
    await openIt(page)
    await passkeys.present(async () => {
      await hand.tap('47')
      await at(page, t.approval.confirm.title(bankName))
      await page.waitForLoadState('networkidle')
    })
    await at(page, t.approval.confirm.title(bankName))
    expect(await refusal(hear(counter.bank, asked))).toBe('authorization_pending')
    await hand.tap(t.approval.confirm.decline)
    await at(page, t.approval.ended.declined.title)
  })

  test('works without JavaScript up to the passkey, and says what is missing there; a no needs none', async () => {
    const asked = await askHim()
    const { context, page: plain } = await browser.visit({ javaScriptEnabled: false, storageState: await page.context().storageState() })
    await openIt(plain)
    await plain.getByRole('button', { name: '47', exact: true }).click()
    await at(plain, t.approval.confirm.title(bankName))
    await plain.locator('noscript p').waitFor()
    await plain.getByRole('button', { name: t.approval.confirm.button, exact: true }).click()
    await at(plain, t.signIn.unsupported.title)
    await plain.getByRole('link', { name: t.signIn.unsupported.again, exact: true }).click()
    await plain.getByRole('button', { name: t.approval.confirm.decline, exact: true }).click()
    await at(plain, t.approval.ended.declined.title)
    await context.close()
    expect(await refusal(hear(counter.bank, asked))).toBe('access_denied')
  })
})
