import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { languages, textsOf } from '#web/i18n/language.ts'
import { describeInBrowser, openBrowser, picture, type Browser } from '#test/support/browser.ts'
import { addPasskeys } from '#test/support/browser-passkeys.ts'
import { at, demoWords, makeHand, registerBy } from '#test/support/hand.ts'
import { startProduct, type Product } from '#test/support/product.ts'

/** Pages of one site that the person got to see, and the redirects it made on the way. */
function watch(page: Page, origin: string) {
  const pages: string[] = []
  const redirects: string[] = []
  page.on('response', (response) => {
    const { origin: from, pathname } = new URL(response.url())
    if (from !== origin || response.request().resourceType() !== 'document') return
    const moved = response.status() >= 300 && response.status() < 400
    ;(moved ? redirects : pages).push(pathname)
  })
  return {
    seen: () => ({ pages: pages.splice(0), redirects: redirects.splice(0) }),
  }
}

const langOf = (page: Page) => page.evaluate('document.documentElement.lang')

describeInBrowser('a life with the electronic identity in Chromium', () => {
  let browser: Browser
  let product: Product
  beforeAll(async () => {
    [browser, product] = await Promise.all([openBrowser(), startProduct()])
  })
  afterAll(async () => {
    await browser.close()
    await product.close()
  })

  test.each(languages)('register, agree, arrive; a second service; sign out; sign in again by button and by suggestion (%s)', async (language) => {
    const { server, portal, library } = product
    const { context, page } = await browser.visit()
    const passkeys = await addPasskeys(page)
    const hand = makeHand(page, passkeys)
    const ours = watch(page, server.issuer)
    const person = server.nextPerson()
    const service = demoWords(language).portal
    const t = textsOf(language)

    await page.goto(portal)
    await hand.tap(demoWords('vi').signIn)
    await at(page, textsOf('vi').signIn.title(demoWords('vi').portal))
    if (language === 'en') await hand.tap('English')
    await at(page, t.signIn.title(service))
    hand.effort()

    await registerBy({ page, hand, language }, server.citizen(person), service)
    // One tap to begin and one to end; five steps between: number, name and birth date, mail and code, the button, the biometric.
    expect(hand.effort()).toEqual({ taps: 1 + 5 + 1, fields: 1 + 4 + 1 + 1, unlocks: 1 })

    await at(page, t.consent.title(service))
    expect(await langOf(page)).toBe(language)
    ours.seen()
    await hand.tap(t.consent.allow)
    await at(page, demoWords('vi').hello(person.name))
    expect(hand.effort()).toEqual({ taps: 1, fields: 0, unlocks: 0 })

    if (language === 'en') await hand.tap('English')
    const say = demoWords(language)
    await page.goto(library)
    if (language === 'en') await hand.tap('English')
    ours.seen()
    hand.effort()
    await hand.tap(say.signIn)
    await at(page, say.helloAgain)
    // The tap was the library's own; of ours nothing was seen.
    expect({ ...hand.effort(), ...ours.seen() }).toEqual({ taps: 1, fields: 0, unlocks: 0, pages: [], redirects: ['/authorize'] })

    await page.goto(portal)
    await hand.tap(say.signOut)
    await at(page, say.signedOut)
    hand.effort()
    ours.seen()

    await hand.tap(say.signIn)
    await at(page, t.signIn.title(service))
    expect(await langOf(page)).toBe(language)
    expect(ours.seen().pages).toHaveLength(1)
    hand.effort()
    await hand.tapAndUnlock(t.signIn.button)
    await at(page, say.hello(person.name))
    expect(hand.effort()).toEqual({ taps: 1, fields: 0, unlocks: 1 })
    const { pages, redirects } = ours.seen()
    expect(pages).toEqual([])
    expect(redirects.length, `after the passkey, inside us: ${redirects.join(' ')}`).toBeLessThanOrEqual(2)

    const cookies = (await context.cookies(server.issuer)).filter(({ name }) => !/^(portal|library)_session$/.test(name))
    const weight = cookies.map(({ name, value }) => `${name}=${value}`).join('; ').length
    expect(cookies.length, cookies.map(({ name }) => name).join(' ')).toBeLessThanOrEqual(3)
    console.log(`${cookies.length} cookies, ${weight} B`)
    expect(weight, cookies.map(({ name, value }) => `${name} ${value.length}`).join(', ')).toBeLessThanOrEqual(600)

    await hand.tap(say.signOut)
    await at(page, say.signedOut)
    hand.effort()
    await hand.pickSuggestion(() => page.getByRole('button', { name: say.signIn }).click())
    await at(page, say.hello(person.name))
    expect(hand.effort()).toEqual({ taps: 1, fields: 0, unlocks: 1 })
    await picture(page, `story end ${language}`)
    await context.close()
  }, 60_000)
})
