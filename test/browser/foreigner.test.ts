import { afterAll, beforeAll, expect, test } from 'vitest'
import { textsOf } from '#web/i18n/language.ts'
import { describeInBrowser, openBrowser, type Browser } from '#test/support/browser.ts'
import { addPasskeys } from '#test/support/browser-passkeys.ts'
import { at, demoWords, makeHand } from '#test/support/hand.ts'
import { startProduct, type Product } from '#test/support/product.ts'

describeInBrowser('a foreigner in Chromium', () => {
  let browser: Browser
  let product: Product
  beforeAll(async () => {
    [browser, product] = await Promise.all([openBrowser(), startProduct()])
  })
  afterAll(async () => {
    await browser.close()
    await product.close()
  })

  test('comes in Vietnamese, finds the button in English, and registers in English with a passport', async () => {
    const { server, portal } = product
    const { context, page } = await browser.visit()
    const hand = makeHand(page, await addPasskeys(page))
    const person = server.nextPerson(({ kind, passport }) => kind === 'foreigner' && passport?.country !== undefined && passport.country !== 'XXX')
    const { email, readCode } = server.citizen(person)
    const [vi, en] = [textsOf('vi'), textsOf('en')]
    const { passport, identity, contact, code, done } = en.registration
    const langOf = () => page.evaluate('document.documentElement.lang')

    await page.goto(portal)
    await hand.tap(demoWords('vi').signIn)
    await hand.tap(vi.signIn.register)
    await at(page, vi.registration.number.title)
    await hand.tap(vi.registration.number.foreignerIn.text)
    await at(page, passport.title)
    expect(await langOf()).toBe('en')
    await hand.fill(passport.label, person.passport?.number ?? '')
    await page.selectOption('#country', person.passport?.country ?? '')
    await hand.tap(en.frame.continue)
    await at(page, identity.title)
    const [year = '', month = '', day = ''] = person.birthDate.split('-')
    await hand.fill(identity.name, person.name.split(' ').toReversed().join(' ').toLowerCase())
    await hand.fill(identity.day, day)
    await hand.fill(identity.month, month)
    await hand.fill(identity.year, year)
    await hand.tap(en.frame.continue)
    await at(page, contact.title)
    await hand.fill(contact.label, email)
    await hand.tap(contact.button)
    await at(page, code.title)
    await hand.fill(code.label(6), await readCode())
    await hand.tap(en.frame.continue)
    await at(page, en.registration.passkey.title)
    await hand.tapAndUnlock(en.registration.passkey.button)
    await at(page, done.title)
    expect([await langOf(), await page.getByText(passport.later[1] ?? 'nothing').count()]).toEqual(['en', 1])
    await hand.tap(en.frame.backTo(demoWords('en').portal))
    await at(page, en.consent.title(demoWords('en').portal))
    await context.close()
  })
})
