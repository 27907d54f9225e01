import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { assets } from '#web/assets/served.ts'
import { renderHtml } from '#web/html.ts'
import { isLanguage, languages, type Language } from '#web/i18n/language.ts'
import { styleHash } from '#web/views/style.ts'
import { workStyle } from '#web/views/work-style.ts'
import { describeInBrowser, fitsWidth, looks, openBrowser, phone, picture, touchingButtons, type Browser } from '#test/support/browser.ts'
import { addPasskeys } from '#test/support/browser-passkeys.ts'
import { armInspection, axeFaults, wcag } from '#test/support/inspection.ts'
import { creationOptions, samples, sampleView } from '#test/support/pages.ts'

const policy = [
  `default-src 'none'`, `style-src ${styleHash} ${workStyle.hash}`, `script-src 'self'`, `img-src 'self'`, `form-action 'self'`, `base-uri 'none'`,
].join('; ')

/** A name that breaks only within itself made headings of five lines, and the question ended below the fold. */
function headingLines(page: Page): Promise<number> {
  return page.evaluate(`{ const h1 = document.querySelector('h1'); Math.round(h1.clientHeight / parseFloat(getComputedStyle(h1).lineHeight)) }`)
}

/**
 * What is wrong on a narrow screen. Links that stand alone are targets like buttons; those within a sentence are as high as the sentence
 * (WCAG 2.5.8). All in one go, for each question to the page costs more than its answer.
 */
const narrow = `{
  const wide = () => document.documentElement.scrollWidth > document.documentElement.clientWidth
  const faults = wide() ? ['wide at 320 px'] : []
  const alone = [...document.querySelectorAll('main p > a')].filter((a) => a.textContent === a.parentElement.textContent.trim())
  const targets = [...alone, ...document.querySelectorAll('button,input:not([type=hidden],[type=checkbox],[type=radio]),.ways a,.top a:not(.skip),.foot a,.faults a,.btn,summary,.choice label')]
    .filter((e) => e.getClientRects().length > 0 && e.getBoundingClientRect().height < 47.5)
  faults.push(...targets.map((e) => 'low target ' + e.outerHTML.slice(0, 60)), ...${touchingButtons})
  document.documentElement.style.fontSize = '200%'
  if (wide()) faults.push('wide at 200 % text')
  faults
}`

/** Says when the suggestions are armed: from then on the virtual authenticator leaves them waiting, and the button must end them. */
const noteConditional = `{
  const get = navigator.credentials.get.bind(navigator.credentials)
  navigator.credentials.get = (options) => {
    if (options.mediation === 'conditional') globalThis.armed = true
    return get(options)
  }
}`

/** Shows the samples under the policy of the real server, and tells what was posted. */
function gallery() {
  const posts: { path: string; body: URLSearchParams }[] = []
  const server = createServer((request, response) => {
    const { pathname, searchParams } = new URL(request.url ?? '/', 'http://localhost')
    const asset = assets.get(pathname)
    if (asset) return response.setHeader('Content-Type', asset.type).end(asset.body)
    if (request.method === 'POST') {
      let body = ''
      request.setEncoding('utf8').on('data', (chunk: string) => {
        body += chunk
      })
      return request.on('end', () => {
        posts.push({ path: pathname, body: new URLSearchParams(body) })
        response.setHeader('Content-Type', 'text/html').end('<!DOCTYPE html><title>posted</title>')
      })
    }
    const language = searchParams.get('in')
    const make = samples[searchParams.get('page') ?? '']
    response.setHeader('Content-Type', 'text/html; charset=utf-8').setHeader('Content-Security-Policy', policy)
    response.end(make && isLanguage(language) ? renderHtml(make(sampleView(language))) : '<!DOCTYPE html><title>none</title>')
  })
  return { posts, server }
}

describeInBrowser('the pages in Chromium', () => {
  const { posts, server } = gallery()
  let browser: Browser
  let origin = ''

  beforeAll(async () => {
    await new Promise<void>((resolve) => void server.listen(0, 'localhost', resolve))
    // -- a TCP server that listens has an AddressInfo (node:net)
    origin = `http://localhost:${(server.address() as AddressInfo).port}`
    browser = await openBrowser()
  })
  afterAll(async () => {
    await browser.close()
    server.close()
  })

  const show = (page: Page, name: string, language: Language = 'vi') =>
    page.goto(`${origin}/?page=${encodeURIComponent(name)}&in=${language}`)

  const note = (page: Page) => page.locator('#note')

  test.each(languages)('have no accessibility fault in %s, at 360 and 1280 px, light and dark', async (language) => {
    const { context, page } = await browser.visit({ reducedMotion: 'reduce' })
    await armInspection(page)
    const faults: string[] = []
    for (const name of Object.keys(samples)) {
      await page.emulateMedia({ colorScheme: 'light' })
      await show(page, name, language)
      for (const { viewport, colorScheme } of looks) {
        await page.setViewportSize(viewport)
        await page.emulateMedia({ colorScheme })
        // Of all rules only contrast can change with the scheme.
        const found = await axeFaults(page, colorScheme === 'light' ? wcag : ['color-contrast'])
        if (!(await fitsWidth(page))) found.push('wider than the window')
        if (viewport === phone && (await headingLines(page)) > 4) found.push('a heading of more than four lines')
        faults.push(...found.map((fault) => `${name}, ${viewport.width} ${colorScheme}: ${fault}`))
        if (process.env['PICTURES'] !== undefined) await picture(page, `${name} ${language} ${viewport.width} ${colorScheme}`)
      }
    }
    await context.close()
    expect(faults).toEqual([])
  }, 300_000)

  test('reflow at 320 px and at 200 % text, every target outside a sentence is 48 px high, and no button touches another', async () => {
    const { context, page } = await browser.visit({ viewport: { width: 320, height: 640 } })
    const faults: string[] = []
    for (const name of Object.keys(samples)) {
      for (const language of languages) {
        await show(page, name, language)
        const found: string[] = await page.evaluate(narrow)
        faults.push(...found.map((fault) => `${name} ${language}: ${fault}`))
      }
    }
    await context.close()
    expect(faults).toEqual([])
  }, 120_000)

  test('load three things and break no policy', async () => {
    const { context, page } = await browser.visit()
    const seen: string[] = []
    const complaints: string[] = []
    page.on('request', (request) => seen.push(request.url().replace(origin, '')))
    page.on('console', (message) => complaints.push(message.text()))
    page.on('pageerror', (error) => complaints.push(error.message))
    for (const name of ['sign-in', 'register code', 'consent', 'styleguide']) await show(page, name)
    await context.close()
    expect(complaints).toEqual([])
    expect(seen.filter((path) => path.startsWith('/assets')).length).toBeGreaterThanOrEqual(1)
    expect(new Set(seen.filter((path) => !path.startsWith('/?'))).size).toBeLessThanOrEqual(2)
  })

  test('the button signs in: the answer is posted with the token', async () => {
    const { context, page } = await browser.visit()
    const passkeys = await addPasskeys(page)
    await show(page, 'register passkey')
    await passkeys.present(async () => {
      await page.click('#passkey button')
      await page.waitForURL('**/register/passkey')
    })
    const made = posts.at(-1)
    expect(JSON.parse(made?.body.get('attestation') ?? '{}')).toMatchObject({ type: 'public-key', response: { transports: ['internal'] } })

    await page.addInitScript(noteConditional)
    await show(page, 'sign-in')
    await page.waitForFunction('globalThis.armed')
    await passkeys.present(async () => {
      await page.click('#passkey button')
      await page.waitForURL('**/interaction/*/passkey')
    })
    const sent = posts.at(-1)
    expect(sent?.path).toMatch(/^\/interaction\/[\w-]+\/passkey$/)
    expect(sent?.body.get('csrf')).toBe('c5rf-t0ken')
    const [key] = await passkeys.list()
    const id = Buffer.from(key?.credentialId ?? '', 'base64').toString('base64url')
    const userHandle = creationOptions.user.id
    expect(JSON.parse(sent?.body.get('assertion') ?? '{}')).toMatchObject({ id, type: 'public-key', response: { userHandle } })
    await context.close()
  })

  test('a passkey picked from the suggestions of the number field signs in without the button', async () => {
    const { context, page } = await browser.visit()
    const passkeys = await addPasskeys(page)
    await show(page, 'register passkey')
    await passkeys.present(async () => {
      await page.click('#passkey button')
      await page.waitForURL('**/register/passkey')
    })
    await passkeys.present(async () => {
      await show(page, 'sign-in')
      await page.waitForURL('**/interaction/*/passkey')
    })
    expect(posts.at(-1)?.body.get('assertion')).toContain('public-key')
    await context.close()
  })

  test('a refused dialog leaves a calm line, and the button can be pressed again', async () => {
    const { context, page } = await browser.visit()
    const passkeys = await addPasskeys(page)
    await passkeys.verifies(false)
    await show(page, 'register passkey')
    await passkeys.present(async () => {
      await page.click('#passkey button')
      await note(page).filter({ hasText: 'Bấm lại để thử' }).waitFor()
    })
    await passkeys.verifies(true)
    await passkeys.present(async () => {
      await page.click('#passkey button')
      await page.waitForURL('**/register/passkey')
    })
    expect(posts.at(-1)?.body.get('attestation')).toContain('public-key')
    await context.close()
  })

  test('where the browser can look at once and finds no passkey, the page with other ways opens', async () => {
    const { context, page } = await browser.visit()
    await page.addInitScript(() => {
      const asked: unknown[] = []
      Object.assign(globalThis, { asked })
      PublicKeyCredential.getClientCapabilities = async () => ({ immediateGet: true })
      PublicKeyCredential.isConditionalMediationAvailable = async () => false
      navigator.credentials.get = async (options) => {
        sessionStorage.setItem('asked', JSON.stringify(options))
        throw new DOMException('none here', 'NotAllowedError')
      }
    })
    await show(page, 'sign-in')
    await page.click('#passkey button')
    await page.waitForURL('**/no-passkey')
    expect(await page.evaluate(`JSON.parse(sessionStorage.getItem('asked'))`)).toMatchObject({ uiMode: 'immediate' })
    await context.close()
  })

  test('another phone is asked for by hint, and a closed dialog is said calmly', async () => {
    const { context, page } = await browser.visit()
    await page.addInitScript(() => {
      navigator.credentials.get = async (options) => {
        sessionStorage.setItem('asked', JSON.stringify(options))
        throw new DOMException('closed', 'NotAllowedError')
      }
    })
    await show(page, 'other phone', 'en')
    await page.click('#passkey button')
    await note(page).filter({ hasText: 'You closed the dialog' }).waitFor()
    expect(await page.evaluate(`JSON.parse(sessionStorage.getItem('asked'))`)).toMatchObject({ publicKey: { hints: ['hybrid'] } })
    await context.close()
  })

  test('a deleted passkey is told to the password manager', async () => {
    const { context, page } = await browser.visit()
    await page.addInitScript(() => {
      PublicKeyCredential.signalUnknownCredential = async (told) => sessionStorage.setItem('told', JSON.stringify(told))
    })
    await show(page, 'sign-in removed key')
    await page.waitForFunction(`sessionStorage.getItem('told')`)
    expect(await page.evaluate(`JSON.parse(sessionStorage.getItem('told'))`)).toEqual({ rpId: 'localhost', credentialId: 'AAAA' })
    await context.close()
  })

  test('a browser without passkeys shows the way to Chrome or Safari instead of a dead button', async () => {
    const userAgent = 'Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 Chrome/120 Mobile Safari/537.36 Zalo android'
    const { context, page } = await browser.visit({ userAgent })
    await page.addInitScript('delete window.PublicKeyCredential')
    await show(page, 'sign-in')
    await page.locator('#in-app').waitFor()
    expect(await page.locator('#passkey').isVisible()).toBe(false)
    expect(await page.locator('#open-chrome').getAttribute('href')).toBe(
      'intent://dvc.example/#Intent;scheme=https;package=com.android.chrome;end',
    )
    if (process.env['PICTURES'] !== undefined) await picture(page, 'in-app browser')
    await context.close()
  })

  test('without a script the forms go out all the same', async () => {
    const { context, page } = await browser.visit({ javaScriptEnabled: false })
    await show(page, 'sign-in')
    expect(await page.locator('noscript').innerText()).toContain('JavaScript')
    await page.click('#passkey button')
    await page.waitForURL('**/passkey')
    expect(posts.at(-1)?.body.get('assertion')).toBe('')
    await context.close()
  })

  test('the next code waits for its time, and a mistake is read out first', async () => {
    const { context, page } = await browser.visit({ viewport: phone })
    await page.clock.install()
    await show(page, 'register code')
    expect(await page.locator('#resend button').isDisabled()).toBe(true)
    await page.clock.runFor(10_000)
    expect(await page.locator('#wait').innerText()).toContain('0:14')
    await page.clock.runFor(15_000)
    expect(await page.locator('#resend button').isEnabled()).toBe(true)

    await show(page, 'register code wrong')
    expect(await page.evaluate('document.activeElement.id')).toBe('faults')
    await context.close()
  })
})
