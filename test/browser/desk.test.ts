import { sql } from 'kysely'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { AccountId } from '#kernel/id.ts'
import { personalNumber } from '#domain/registry/person.ts'
import { textsOf } from '#web/i18n/language.ts'
import { accessibilityFaults, describeInBrowser, desktop, fitsWidth, openBrowser, type Browser } from '#test/support/browser.ts'
import { addPasskeys, type Passkeys } from '#test/support/browser-passkeys.ts'
import { immigrationAtWork } from '#test/support/desk-at-work.ts'
import { at, makeHand, registerUpToPasskey, type Hand } from '#test/support/hand.ts'
import { accountOf } from '#test/support/journey.ts'
import { seat } from '#test/support/officers.ts'
import { startProduct, type Product } from '#test/support/product.ts'
import { scan } from '#test/support/qr.ts'

const language = 'vi'
const t = textsOf(language)
const { desk, level2 } = t
const dossier = '000.00.19.H29-261104-0001'

describeInBrowser('level 2 at the desk, in two browsers', () => {
  let browser: Browser
  let product: Product
  /** One officer, with the scripts of our pages and without any. */
  let seats: Record<'scripts' | 'plain', { page: Page; hand: Hand }>
  let officer: { page: Page; hand: Hand }
  let account: AccountId
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
    account = await accountOf(server, { citizen })
    const plain = await browser.visit({ viewport: desktop, javaScriptEnabled: false, storageState: await context.storageState() })
    seats = { scripts: { page, hand }, plain: { page: plain.page, hand: makeHand(plain.page, passkeys) } }
  }, 240_000)
  afterAll(async () => {
    await browser.close()
    await product.close()
  })

  const phone = async (): Promise<{ page: Page; hand: Hand; passkeys: Passkeys }> => {
    const { page } = await browser.visit()
    const passkeys = await addPasskeys(page)
    return { page, passkeys, hand: makeHand(page, passkeys) }
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
  async function looksGood(page: Page): Promise<void> {
    expect([await accessibilityFaults(page), await fitsWidth(page)]).toEqual([[], true])
  }

  test('takes three acts of the person and three of the officer, and both screens say the same in the end', async () => {
    officer = seats.scripts
    const person = product.server.nextPerson()
    const code = await codeFor(person.number, 'level-2')
    const { page, hand, passkeys } = await phone()
    await page.goto(`${product.server.issuer}/m2`)
    await looksGood(page)
    // One: the code.
    await hand.fill(level2.code, code)
    await hand.tap(t.frame.continue)
    await at(page, level2.compareTitle)
    // Both look again by themselves; how it looks is checked where it has come to rest, with the same number.
    const number = await page.locator('.match').innerText()
    await officer.page.getByRole('button', { name: desk.same }).waitFor()
    expect(await officer.page.locator('.match').innerText()).toBe(number)
    await officer.hand.tap(desk.same)
    await page.getByRole('button', { name: level2.yes }).waitFor()
    await looksGood(page)
    // Two and three: yes, and the finger.
    await hand.tapAndUnlock(level2.yes)
    await at(page, level2.ends.done.title)
    await looksGood(page)
    await at(officer.page, desk.done)
    expect(level2.ends.done.title).toBe(desk.done)
    expect(hand.effort()).toEqual({ taps: 2, fields: 1, unlocks: 1 })
    expect(officer.hand.effort()).toEqual({ taps: 3, fields: 2, unlocks: 0 })
    expect(await passkeys.list()).toHaveLength(1)
    await officer.hand.tap(desk.receipt)
    await officer.page.emulateMedia({ media: 'print' })
    expect(await officer.page.locator('.rooms').isVisible()).toBe(false)
    expect(await officer.page.getByText(person.name).isVisible()).toBe(true)
    await officer.page.emulateMedia({ media: 'screen' })
  }, 240_000)

  test('a lost phone: a new one, in the same acts; without a script the officer says when to look again', async () => {
    officer = seats.plain
    const who = product.server.citizen(product.server.nextPerson())
    const [lost, found] = [await phone(), await phone()]
    await lost.page.goto(`${product.server.issuer}/tai-khoan`)
    await registerUpToPasskey({ ...lost, language }, who)
    await lost.hand.tapAndUnlock(t.registration.passkey.button)
    await at(lost.page, t.registration.done.title)
    const code = await codeFor(who.number, 'recovery')
    await found.page.goto(`${product.server.issuer}/m2`)
    await found.hand.fill(level2.code, code)
    await found.hand.tap(t.frame.continue)
    await at(found.page, level2.compareTitle)
    await officer.hand.tap(t.frame.lookAgain)
    await officer.hand.tap(desk.same)
    await found.page.getByRole('button', { name: level2.yes }).waitFor()
    await found.hand.tapAndUnlock(level2.yes)
    await at(found.page, level2.ends.done.title)
    const person = await product.server.house.registry.findByNumber(personalNumber.parse(who.number))
    const account = person && (await product.server.house.accounts.findByPerson(person.id))
    expect(account?.level).toBe(2)
    expect(account && (await product.server.house.passkeys.ofAccount(account.id)).length).toBe(1)
  }, 240_000)

  test.each(['light', 'dark'] as const)('a camera reads the code from a %s screen: the page opens with it filled in, and no address that is sent has it', async (colorScheme) => {
    officer = seats.plain
    const code = await codeFor(product.server.nextPerson().number, 'level-2')
    const { page, hand } = await phone()
    await officer.page.emulateMedia({ colorScheme })
    const read = await scan(officer.page.getByRole('img', { name: desk.scanLabel }), page)
    await officer.page.emulateMedia({ colorScheme: 'light' })
    const digits = code.replace(' ', '')
    expect(read).toBe(`${product.server.issuer}/m2#${digits}`)
    const sent: string[] = []
    page.on('request', (request) => sent.push(request.url(), request.headers()['referer'] ?? ''))
    await page.goto(`${product.server.issuer}/m2`)
    // Scanned where the page is open already, or into a new one.
    await (colorScheme === 'light' ? page.goto(read ?? '') : page.reload().then(() => page.evaluate(`location.hash = '${digits}'`)))
    await expect.poll(() => page.getByLabel(level2.code).inputValue()).toBe(code)
    expect(page.url()).toBe(`${product.server.issuer}/m2`)
    await looksGood(page)
    await hand.tap(t.frame.continue)
    await at(page, level2.compareTitle)
    expect(hand.effort()).toEqual({ taps: 1, fields: 0, unlocks: 0 })
    expect(sent.length).toBeGreaterThan(3)
    expect(sent.filter((one) => one.split('#')[0]?.includes(digits))).toEqual([])
  }, 240_000)

  test('what somebody else wrote behind the address of the page stays there', async () => {
    const { page } = await phone()
    for (const other of ['#4821', '#48217706x', '#%3Cb%3E', '#main']) {
      await page.goto(`${product.server.issuer}/m2${other}`)
      expect(await page.getByLabel(level2.code).inputValue()).toBe('')
      expect(page.url()).toContain(other)
    }
  }, 60_000)

  test('"no" on the phone ends it on both screens', async () => {
    officer = seats.plain
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

  test('the desk of the immigration authority asks for passport, country, and whether face and fingerprints are there', async () => {
    const { page, hand } = seats.scripts
    const { server } = product
    const [grant] = await server.house.officers.rolesOf(account)
    if (grant === undefined) throw new Error('somebody sits at the desk')
    await server.house.database.change(sql`update officer_role set ended_at = now() where id = ${grant.id}`)
    const seen: string[] = []
    const look = async (name: string, heading: string) => {
      await at(page, heading)
      await looksGood(page)
      seen.push(name)
    }
    await immigrationAtWork({ server, page, language, hand, look, signInAnew: async () => undefined }, grant)
    expect(seen).toEqual(['desk of the immigration authority', 'desk of the immigration authority, empty', 'application of a foreigner'])
  })
})
