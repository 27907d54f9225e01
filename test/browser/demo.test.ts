import { createServer } from 'node:http'
import type { Server } from 'node:http'
import { generateAuthenticationOptions, generateRegistrationOptions } from '@simplewebauthn/server'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { accessibilityFaults, describeInBrowser, fitsWidth, looks, openBrowser, phone, picture, touchingButtons } from '#test/support/browser.ts'
import type { Browser } from '#test/support/browser.ts'
import { addPasskeys } from '#test/support/browser-passkeys.ts'
import { homePage, signedOutPage, troublePage, welcomePage } from '#demo/pages.ts'
import type { View } from '#demo/pages.ts'

const iss = 'http://localhost:3000'
const verification = { trust_framework: 'vn_eid', assurance_level: 'level_1', time: '2026-11-22T02:00:00Z' }
const received = {
  idToken: '',
  token: { iss, sub: 'x1Yq', aud: 'thu', acr: 'urn:vn:eid:loa:2', amr: ['swk', 'user', 'mfa'], auth_time: 1795400000 },
  userinfo: {
    sub: 'ygfeqmk3l5ffo5l4jno4o7v4fceytqbtahbw3qnhexzxh6p344yq', name: 'ĐỖ ƯNG HOÀNG Ỷ <b>', birthdate: '1990-01-31', gender: 'female', vn_personal_id: '079190000123',
    verified_claims: { verification, claims: { name: 'ĐỖ ƯNG HOÀNG Ỷ', birthdate: '1990-01-31' } },
  },
}
const portal: View = { site: 'portal', language: 'vi', otherSite: '/' }
const library: View = { site: 'library', language: 'en', otherSite: '/' }
const pages: Record<string, (view: View) => string> = {
  home: homePage,
  welcome: (view) => welcomePage(view, received),
  'signed out': signedOutPage,
  trouble: (view) => troublePage(view, 'access_denied', 'access_denied: End-User aborted interaction'),
}

describeInBrowser('the demo services in Chromium', () => {
  let browser: Browser
  let server: Server
  beforeAll(async () => {
    browser = await openBrowser()
    server = createServer((_request, response) => response.setHeader('content-type', 'text/html').end('<title>x</title>'))
    await new Promise<void>((resolve) => server.listen(0, 'localhost', resolve))
  })
  afterAll(async () => {
    await browser.close()
    server.close()
  })

  test.each(looks)('every page fits, axe finds nothing, and no button touches another, at $name', async ({ name, viewport, colorScheme }) => {
    const { context, page } = await browser.visit({ viewport, colorScheme })
    for (const [title, render] of Object.entries(pages)) {
      await page.setContent(render(viewport === phone ? portal : library))
      await picture(page, `demo ${title} ${name}`)
      expect({ title, faults: await accessibilityFaults(page), fits: await fitsWidth(page), touching: await page.evaluate(touchingButtons) }).toEqual({ title, faults: [], fits: true, touching: [] })
    }
    await context.close()
  })

  test('the virtual phone makes a passkey, and signs in with it', async () => {
    const { context, page } = await browser.visit()
    const address = server.address()
    await page.goto(`http://localhost:${typeof address === 'object' && address ? address.port : 0}/`)
    const passkeys = await addPasskeys(page)
    const creation = await generateRegistrationOptions({
      rpName: 'x', rpID: 'localhost', userName: 'x', authenticatorSelection: { residentKey: 'required', userVerification: 'required' },
    })
    const make = `navigator.credentials.create({publicKey:PublicKeyCredential.parseCreationOptionsFromJSON(${JSON.stringify(creation)})}).then(c=>c.id)`
    const id = await passkeys.used(() => page.evaluate(make))
    const [kept] = await passkeys.list()
    expect(Buffer.from(kept?.credentialId ?? '', 'base64').toString('base64url')).toBe(id)

    const request = await generateAuthenticationOptions({ rpID: 'localhost', userVerification: 'required' })
    const ask = `navigator.credentials.get({publicKey:PublicKeyCredential.parseRequestOptionsFromJSON(${JSON.stringify(request)})}).then(c=>c.id)`
    // Asked once the person is there: Chromium's virtual phone never answers what it was asked before that, but for autofill.
    expect(await passkeys.used(() => page.evaluate(ask))).toBe(id)
    await passkeys.removeAll()
    expect(await passkeys.list()).toEqual([])
    await context.close()
  })
})
