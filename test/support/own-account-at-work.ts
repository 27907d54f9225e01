import type { Page } from 'playwright-core'
import { textsOf, type Language } from '#web/i18n/language.ts'
import type { Hand } from './hand.ts'

type Tour = { issuer: string; page: Page; language: Language; hand: Hand; look: (name: string, heading: string) => Promise<void> }

/** One's own passkeys: names, one more, and the last that cannot be removed. */
export async function ownPasskeysAtWork({ issuer, page, language, hand, look }: Tour): Promise<void> {
  const { myEid: { keys: { one, own } }, signIn: { unsupported } } = textsOf(language)
  const open = async () => {
    await page.goto(`${issuer}/tai-khoan`)
    await page.locator('a[href*="/tai-khoan/khoa/"]').first().click()
  }
  await open()
  await look('a passkey', await page.locator('h1').innerText())
  await hand.fill(one.name, 'x'.repeat(41))
  await hand.tap(one.rename)
  await look('a passkey, named too long', await page.locator('h1').innerText())
  await hand.fill(one.name, language === 'vi' ? 'Điện thoại của tôi' : 'My phone')
  await hand.tap(one.rename)
  await open()
  await hand.tap(one.remove)
  await look('remove the last passkey', one.lastTitle)
  await open()
  await page.evaluate(`{
    const form = document.querySelector('form[action$="/ten"]')
    form.elements.name.remove()
    form.action = form.action.replace(/ten$/, 'xoa')
    form.submit()
  }`)
  await look('the last passkey, all the same', one.lastTitle)
  await hand.tap(own.title)
  await look('new passkey', own.title)
  await page.evaluate(`document.querySelector('#passkey').submit()`)
  await look('new passkey without passkeys', unsupported.title)
  await page.goto(`${issuer}/tai-khoan/khoa-da-xoa`)
  await look('passkey removed', one.removed)
}

/** Locks the account, and opens it again with a passkey at the door. */
export async function ownLockAtWork({ issuer, page, language, hand, look }: Tour): Promise<void> {
  const { ownLock, myEid } = textsOf(language)
  await hand.tap(ownLock.link)
  await look('lock the account', ownLock.title)
  await hand.tap(ownLock.button)
  await look('account locked', ownLock.done.title)
  await hand.pickSuggestion(async () => void (await page.goto(`${issuer}/tai-khoan`)))
  await look('unlock the account', ownLock.unlock.title)
  // There is nothing to object to, and the proof is spent.
  await page.evaluate(`{
    const form = document.querySelector('form[action$="/mo-khoa"]')
    form.action = form.action.replace(/mo-khoa$/, 'huy-khoi-phuc')
    form.submit()
  }`)
  await page.waitForURL(/\/huy-khoi-phuc$/)
  // What that page has asked the phone for would be answered in place of what comes.
  await page.goto(`${issuer}/tro-giup`)
  await hand.pickSuggestion(async () => void (await page.goto(`${issuer}/tai-khoan`)))
  await hand.tap(ownLock.unlock.button)
  await look('my e-ID, unlocked', myEid.title)
}

/** Prints codes, and on the way to a service comes back with one, up to where the screen would have to be unlocked. */
export async function recoveryAtWork({ issuer, page, language, hand, look, door, number }: Tour & { /** A page of some sign-in. */ door: () => Promise<void>; number: string }): Promise<void> {
  const { recovery: t, recoveryCodes, frame, signIn, account, problems } = textsOf(language)
  await page.goto(`${issuer}/tai-khoan/ma-khoi-phuc`)
  await look('recovery codes', recoveryCodes.title)
  await page.locator('main form button').click()
  // Where the sign-in was too long ago, the person confirms once more, and asks again.
  const confirm = page.getByRole('button', { name: account.again.button, exact: true })
  const shown = page.getByRole('heading', { name: recoveryCodes.printedTitle })
  await confirm.or(shown).first().waitFor()
  if (await confirm.isVisible()) {
    await hand.tapAndUnlock(account.again.button)
    await page.goto(`${issuer}/tai-khoan/ma-khoi-phuc`)
    await page.locator('main form button').click()
  }
  await look('recovery codes, printed', recoveryCodes.printedTitle)
  const [code = ''] = /[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}/.exec(await page.locator('main').innerText()) ?? []
  await door()
  const start = page.url().split('?')[0] ?? ''
  await page.goto(`${start}/khoi-phuc`)
  await look('ways back', t.ways.title)
  await page.goto(`${start}/khoi-phuc/ma`)
  await look('recovery code', t.code.title)
  await hand.tap(frame.continue)
  await look('recovery code, missing', t.code.title)
  await hand.fill(signIn.numberLabel, number)
  await hand.fill(t.code.label, code)
  await hand.tap(frame.continue)
  await look('recovery, new passkey', t.passkey.title)
  await page.evaluate(`document.querySelector('#passkey').submit()`)
  await look('recovery without passkeys', signIn.unsupported.title)
  await page.goto(`${start}/khoi-phuc/xong`)
  await page.evaluate(`{
    const form = document.createElement('form')
    form.method = 'post'
    document.body.append(form)
    form.submit()
  }`)
  await look('recovery, from elsewhere', problems.list['request.forged'].title)
}

/** Where one is told, up to a code that is not the one. */
export async function contactsAtWork({ issuer, page, language, hand, look }: Tour): Promise<void> {
  const { ownContact: t, account } = textsOf(language)
  const open = async () => void (await page.goto(`${issuer}/tai-khoan/lien-he`))
  await open()
  await look('contacts', t.title)
  const confirm = page.getByRole('button', { name: account.again.button, exact: true })
  const refused = page.locator('#email-error, .errors').first()
  await hand.tap(t.email.button)
  await confirm.or(refused).first().waitFor()
  if (await confirm.isVisible()) {
    await hand.tapAndUnlock(account.again.button)
    await open()
    await hand.tap(t.email.button)
  }
  await look('contacts, nothing typed', t.title)
  await hand.fill(t.email.label, 'moi@example.com')
  await hand.tap(t.email.button)
  await look('code for a contact', t.code.title)
  await hand.tap(t.code.button)
  await look('code for a contact, missing', t.code.title)
  await page.goto(`${issuer}/tai-khoan/lien-he/ma?n=90`)
  await look('code for a contact, over', t.title)
}

/** What one was told, whether a notice is ours, and in which language the next ones come. */
export async function noticesAtWork({ issuer, page, language, hand, look }: Tour): Promise<void> {
  const { notices: t } = textsOf(language)
  await page.goto(`${issuer}/tai-khoan/thong-bao`)
  await look('notices', t.title)
  await hand.tap(t.check.button)
  await look('notices, nothing to check', t.title)
  const [reference = ''] = /[0-9A-Z]{3}-[0-9A-Z]{3}-[0-9A-Z]{3}/.exec(await page.locator('main ul.list').innerText()) ?? []
  await hand.fill(t.check.label, reference)
  await hand.tap(t.check.button)
  await look('notices, one of ours', t.title)
  await page.getByLabel(t.language.both, { exact: true }).check()
  await hand.tap(t.language.button)
  await look('notices, language saved', t.title)
}

/** Nobody is signed in: the device is gone. What is typed here is nobody's. */
export async function lostAtWork({ issuer, page, language, hand, look }: Tour): Promise<void> {
  const { lost: t, signIn, registration: { identity } } = textsOf(language)
  await page.goto(`${issuer}/mat-thiet-bi`)
  await look('lost device', t.title)
  await hand.tap(t.button)
  await look('lost device, nothing typed', t.title)
  await hand.fill(signIn.numberLabel, '079 303 999 999')
  await hand.fill(identity.day, '02')
  await hand.fill(identity.month, '03')
  await hand.fill(identity.year, '2003')
  await hand.fill(t.shown, '000-000-000')
  await hand.tap(t.button)
  await look('lost device, reported', t.done.title)
}

/** Where a recovery can be objected to, of which there is none. */
export async function cancellingAtWork({ issuer, page, language, hand, look }: Tour): Promise<void> {
  const { lost: { held }, account, myEid } = textsOf(language)
  await page.goto(`${issuer}/tai-khoan/huy-khoi-phuc`)
  const confirm = page.getByRole('button', { name: account.again.button, exact: true })
  const shown = page.getByRole('heading', { name: held.title })
  await confirm.or(shown).first().waitFor()
  if (await confirm.isVisible()) await hand.tapAndUnlock(account.again.button)
  await look('cancel the recovery', held.title)
  await hand.tap(held.button)
  await look('my e-ID, nothing to cancel', myEid.title)
  await page.goto(`${issuer}/tai-khoan/da-huy-khoi-phuc`)
  await look('recovery cancelled', held.done)
}
