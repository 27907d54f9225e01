import { randomBytes } from 'node:crypto'
import type { BrowserContextOptions, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { interactionId, passkeyId } from '#kernel/id.ts'
import { personalNumber } from '#domain/registry/person.ts'
import { formatDay } from '#web/i18n/format.ts'
import { textsOf } from '#web/i18n/language.ts'
import { palette } from '#web/views/palette.ts'
import { describeInBrowser, openBrowser, type Browser } from '#test/support/browser.ts'
import { addPasskeys, type Passkeys } from '#test/support/browser-passkeys.ts'
import type { Citizen } from '#test/support/citizen.ts'
import { at, demoWords, makeHand, registerBy, registerUpToPasskey, type Hand } from '#test/support/hand.ts'
import { startProduct, type Product } from '#test/support/product.ts'

const t = textsOf('vi')
const say = demoWords('vi')
const { notes } = t.signIn
const signInTitle = t.signIn.title(say.portal)

/** What this browser can do, before any page of it runs. Suggestions are off, so that only the button asks. */
type Abilities = { immediate?: boolean; /** `get` ends as if the dialog was closed, and notes what it was asked. */ refuses?: boolean }

function limit({ immediate = false, refuses = false }: Abilities): void {
  if (typeof PublicKeyCredential === 'undefined') return
  PublicKeyCredential.isConditionalMediationAvailable = async () => false
  PublicKeyCredential.getClientCapabilities = async () => ({ immediateGet: immediate })
  PublicKeyCredential.signalUnknownCredential = async (told) => sessionStorage.setItem('signalled', JSON.stringify(told))
  const get = navigator.credentials.get.bind(navigator.credentials)
  navigator.credentials.get = async (options) => {
    sessionStorage.setItem('asked', JSON.stringify(options))
    if (refuses) throw new DOMException('closed', 'NotAllowedError')
    return get(options)
  }
}

const stored = (page: Page, name: 'asked' | 'signalled') => page.evaluate(`JSON.parse(sessionStorage.getItem('${name}'))`)

type Visit = { page: Page; passkeys: Passkeys; hand: Hand; leave: () => Promise<void> }
type Key = Awaited<ReturnType<Passkeys['list']>>[number]

describeInBrowser('a passkey that does not work at once', () => {
  let browser: Browser
  let product: Product
  let citizen: Citizen
  let keys: readonly Key[]
  beforeAll(async () => {
    [browser, product] = await Promise.all([openBrowser(), startProduct()])
    const made = await newCitizen()
    citizen = made.citizen
    keys = made.keys
  })
  afterAll(async () => {
    await browser.close()
    await product.close()
  })

  /** One phone, taken along from visit to visit: its counter never goes back, unless the key was copied. */
  let uses = 0
  const counterOf = (key: Key) => (copies.has(key) ? 0 : (uses += 100))
  const copies = new Set<Key>()

  /** Somebody stands at the sign-in page with a phone that holds these keys. */
  async function visitSignIn(held: readonly Key[], abilities: Abilities = {}, options: BrowserContextOptions = {}): Promise<Visit> {
    const { context, page } = await browser.visit(options)
    await page.addInitScript(limit, abilities)
    const passkeys = await addPasskeys(page)
    await passkeys.addAll(held.map((key) => ({ ...key, signCount: counterOf(key) })))
    const hand = makeHand(page, passkeys)
    await page.goto(product.portal)
    await hand.tap(say.signIn)
    await at(page, signInTitle)
    return { page, passkeys, hand, leave: () => context.close() }
  }

  async function newCitizen() {
    const { page, passkeys, hand, leave } = await visitSignIn([])
    const made = product.server.citizen(product.server.nextPerson())
    await registerBy({ page, hand, language: 'vi' }, made, say.portal)
    const held = await passkeys.list()
    await hand.tap(t.consent.allow)
    await at(page, say.hello(made.name))
    await leave()
    return { citizen: made, keys: held }
  }

  const note = (page: Page) => page.locator('#note')
  const uidOf = (page: Page) => interactionId.parse(new URL(page.url()).pathname.split('/')[2])

  test('a closed dialog leaves a calm line under the button, and the next tap signs in', async () => {
    const { page, passkeys, hand, leave } = await visitSignIn(keys)
    await passkeys.verifies(false)
    await passkeys.present(async () => {
      await hand.tap(t.signIn.button)
      await note(page).filter({ hasText: notes.cancelled }).waitFor()
    })
    const colour = await note(page).evaluate((line) => getComputedStyle(line).color)
    expect(colour).not.toBe(rgb(palette.rose[0]))
    expect(colour).toBe(rgb(palette.quiet[0]))
    expect(await page.title()).not.toContain(t.frame.errorPrefix)
    await passkeys.verifies(true)
    await hand.tapAndUnlock(t.signIn.button)
    await at(page, say.hello(citizen.name))
    await leave()
  })

  test('a passkey that nobody knows here is said, and the password manager is told to forget it', async () => {
    const [key] = keys
    const strange = randomBytes(32)
    const { page, hand, leave } = await visitSignIn(key ? [{ ...key, credentialId: strange.toString('base64') }] : [])
    await hand.tapAndUnlock(t.signIn.button)
    await note(page).filter({ hasText: notes.unknown }).waitFor()
    await at(page, signInTitle)
    expect(await stored(page, 'signalled')).toEqual({ rpId: 'localhost', credentialId: strange.toString('base64url') })
    await leave()
  })

  test('a removed passkey says on which day it was removed', async () => {
    const { keys: [key] } = await newCitizen()
    const id = passkeyId.parse(Buffer.from(key?.credentialId ?? '', 'base64').toString('base64url'))
    const day = new Date('2026-03-02T05:00:00Z')
    expect(await product.server.house.passkeys.remove(id, day)).toBe(true)
    const { page, hand, leave } = await visitSignIn(key ? [key] : [])
    await hand.tapAndUnlock(t.signIn.button)
    await note(page).filter({ hasText: notes.removed(formatDay(day)) }).waitFor()
    expect(await note(page).innerText()).toContain('02/03/2026')
    expect(await stored(page, 'signalled')).toMatchObject({ credentialId: id })
    await leave()
  })

  test('where the browser can look at once and this device has none, the other ways open', async () => {
    const { page, hand, leave } = await visitSignIn([], { immediate: true, refuses: true })
    await hand.tap(t.signIn.button)
    await at(page, t.signIn.none.title)
    expect(await stored(page, 'asked')).toMatchObject({ uiMode: 'immediate', publicKey: { userVerification: 'required' } })
    await hand.tap(`${t.signIn.none.again} ${t.signIn.none.againHint}`)
    await at(page, signInTitle)
    await leave()
  })

  test('where it cannot, nothing but a line is shown, and the other ways stand below', async () => {
    const { page, hand, leave } = await visitSignIn([], { refuses: true })
    await hand.tap(t.signIn.button)
    await note(page).filter({ hasText: notes.cancelled }).waitFor()
    expect(await stored(page, 'asked')).not.toHaveProperty('uiMode')
    await hand.tap(t.signIn.otherPhone)
    await at(page, t.signIn.other.title)
    await hand.tap(t.signIn.other.button)
    await note(page).filter({ hasText: notes.cancelled }).waitFor()
    expect(await stored(page, 'asked')).toMatchObject({ publicKey: { hints: ['hybrid'] } })
    await leave()
  })

  test('another phone signs in from its own page', async () => {
    const { page, hand, leave } = await visitSignIn(keys)
    await hand.tap(t.signIn.otherPhone)
    await at(page, t.signIn.other.title)
    await hand.tapAndUnlock(t.signIn.other.button)
    await at(page, say.hello(citizen.name))
    expect(new URL(page.url()).origin).toBe(product.portal)
    await leave()
  })

  test('a number narrows the choice to its keys, and a number without an account looks the same', async () => {
    const { page, hand, leave } = await visitSignIn(keys)
    const allowed = () => page.evaluate(`JSON.parse(document.getElementById('passkey-options').textContent).allowCredentials`)
    await hand.fill(t.signIn.numberLabel, product.server.nextPerson().number)
    await hand.tap(t.frame.continue)
    await page.getByText(t.signIn.narrowed).waitFor()
    expect(await allowed()).toEqual(expect.arrayContaining([expect.objectContaining({ type: 'public-key' })]))
    await page.goto(page.url())
    await hand.fill(t.signIn.numberLabel, citizen.number)
    await hand.tap(t.frame.continue)
    await page.getByText(t.signIn.narrowed).waitFor()
    const [key] = keys
    expect(await allowed()).toMatchObject([{ id: Buffer.from(key?.credentialId ?? '', 'base64').toString('base64url') }])
    await hand.tapAndUnlock(t.signIn.button)
    await at(page, say.hello(citizen.name))
    await leave()
  })

  test('who waited too long is told so, and the next tap signs in', async () => {
    const { page, hand, leave } = await visitSignIn(keys)
    await product.server.house.challenges.take('sign-in', uidOf(page))
    await hand.tapAndUnlock(t.signIn.button)
    await note(page).filter({ hasText: notes.expired }).waitFor()
    await hand.tapAndUnlock(t.signIn.button)
    await at(page, say.hello(citizen.name))
    expect(new URL(page.url()).origin).toBe(product.portal)
    await leave()
  })

  test('a locked account says since when, what to do, and a reference', async () => {
    const { citizen: other, keys: held } = await newCitizen()
    const { registry, accounts } = product.server.house
    const person = await registry.findByNumber(personalNumber.parse(other.number))
    const account = person && (await accounts.findByPerson(person.id))
    if (account === undefined) throw new Error('the account is not there')
    await accounts.move(account.id, { to: 'lock', ground: 'terms-breach', by: 'operator' }, new Date('2026-03-02T05:00:00Z'))
    const { page, hand, leave } = await visitSignIn(held)
    await hand.tapAndUnlock(t.signIn.button)
    await at(page, t.problems.list['account.locked'].title)
    await page.getByText('02/03/2026').waitFor()
    expect(await page.locator('.ref').innerText()).toMatch(/[0-9A-Z]{4}-[0-9A-Z]{4}/)
    await leave()
  })

  test('a copied passkey, whose counter stands behind, is not taken', async () => {
    const { keys: [key] } = await newCitizen()
    const copy = key && { ...key }
    const first = await visitSignIn(key ? [key] : [])
    await first.hand.tapAndUnlock(t.signIn.button)
    await first.page.waitForURL(`${product.portal}/**`)
    await first.leave()
    if (copy) copies.add(copy)
    const { page, hand, leave } = await visitSignIn(copy ? [copy] : [])
    await hand.tapAndUnlock(t.signIn.button)
    await at(page, t.problems.list['passkey.counter-stale'].title)
    expect(await page.title()).toContain(t.frame.errorPrefix)
    await leave()
  })

  test('a sign-in that is over says so calmly, and that nothing is lost', async () => {
    const { page, hand, leave } = await visitSignIn(keys)
    await page.context().clearCookies()
    await hand.tapAndUnlock(t.signIn.button)
    await at(page, t.problems.list['interaction.expired'].title)
    expect(await page.title()).toContain(t.frame.errorPrefix)
    await leave()
  })

  test('without a script every form works up to the passkey itself', async () => {
    const { page, hand, leave } = await visitSignIn([], {}, { javaScriptEnabled: false })
    expect(await page.locator('noscript').innerText()).toContain(t.signIn.noScript)
    await hand.fill(t.signIn.numberLabel, citizen.number)
    await hand.tap(t.frame.continue)
    await page.getByText(t.signIn.narrowed).waitFor()
    await hand.tap(t.signIn.button)
    await at(page, t.signIn.unsupported.title)
    await hand.tap(t.signIn.unsupported.again)
    await at(page, signInTitle)
    await registerUpToPasskey({ page, hand, language: 'vi' }, product.server.citizen(product.server.nextPerson()))
    expect(await page.locator('noscript').innerText()).toContain(t.signIn.noScript)
    await hand.tap(t.registration.passkey.button)
    await at(page, t.signIn.unsupported.title)
    await hand.tap(t.frame.backTo(say.portal))
    await at(page, say.failed)
    await leave()
  })

  test('inside another app, where no passkeys are, the way out is shown instead of the button', async () => {
    const userAgent = 'Mozilla/5.0 (Linux; Android 14; SM-A155F) AppleWebKit/537.36 Chrome/120.0 Mobile Safari/537.36 Zalo android'
    const { context, page } = await browser.visit({ userAgent })
    await page.addInitScript(() => {
      Reflect.deleteProperty(globalThis, 'PublicKeyCredential')
    })
    const hand = makeHand(page, await addPasskeys(page))
    await page.goto(product.portal)
    await hand.tap(say.signIn)
    await page.getByRole('heading', { name: t.signIn.inApp.title }).waitFor()
    expect(await page.getByRole('button', { name: t.signIn.button }).isVisible()).toBe(false)
    expect(await page.getByRole('link', { name: t.signIn.inApp.openChrome }).getAttribute('href')).toMatch(/^intent:\/\/localhost.*package=com\.android\.chrome/)
    await hand.tap(t.signIn.inApp.copy)
    await page.locator('#copied').filter({ hasText: /./ }).waitFor()
    await context.close()
  })
})

/** A colour of the palette as a browser computes it. */
function rgb(hex: string): string {
  return `rgb(${[1, 3, 5].map((from) => Number.parseInt(hex.slice(from, from + 2), 16)).join(', ')})`
}
