import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { z } from 'zod'
import { textsOf } from '#web/i18n/language.ts'
import { addPasskeys } from '#test/support/browser-passkeys.ts'
import { describeInBrowser, openBrowser, type Browser } from '#test/support/browser.ts'
import { startWorld, type Example, type World } from '#test/support/example.ts'
import { at, makeHand, registerBy } from '#test/support/hand.ts'

const service = 'Ví dụ trang đơn'
const profile = z.looseObject({ sub: z.string(), acr: z.string() })

describeInBrowser('the single-page example in Chromium', () => {
  let browser: Browser
  let world: World
  let site: Example
  beforeAll(async () => {
    [browser, world] = await Promise.all([openBrowser(), startWorld()])
    site = await world.start('spa', () => [process.execPath, 'serve.js'])
  })
  afterAll(async () => {
    await browser.close()
    await world.close()
  })

  const shown = async (page: Page) => profile.parse(JSON.parse(await page.locator('#shown', { hasText: '"sub"' }).innerText()))

  test('signs somebody in as a public client, keeps nothing when the tab is closed, and signs out', async () => {
    const { context, page } = await browser.visit()
    const hand = makeHand(page, await addPasskeys(page))
    const t = textsOf('vi')
    const person = world.server.nextPerson()

    await page.goto(site.origin)
    await hand.tap('Sign in with the national e-ID')
    await at(page, t.signIn.title(service))
    await registerBy({ page, hand, language: 'vi' }, world.server.citizen(person), service)
    await at(page, t.consent.title(service))
    await hand.tap(t.consent.allow)
    expect(await shown(page)).toMatchObject({ acr: 'urn:vn:eid:loa:2', name: person.name, birthdate: person.birthDate })
    expect(new URL(page.url()).search).toBe('')
    expect(await page.evaluate('localStorage.length')).toBe(0)

    await hand.tap('Sign out')
    await page.getByText('Nobody is signed in.').waitFor()
    await context.close()
  })
})
