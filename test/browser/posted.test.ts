import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { html, renderHtml } from '#web/html.ts'
import { textsOf } from '#web/i18n/language.ts'
import { describeInBrowser, openBrowser, type Browser } from '#test/support/browser.ts'
import { addPasskeys } from '#test/support/browser-passkeys.ts'
import { at, makeHand, registerBy } from '#test/support/hand.ts'
import { makeRelyingParty } from '#test/support/relying-party.ts'
import { startServer, type TestServer } from '#test/support/running.ts'
import { testClient } from '#test/support/test-clients.ts'

/** A service on another site, as browsers see it: 127.0.0.1 and localhost have nothing in common. */
function elsewhere() {
  let form = ''
  const server = createServer((request, response) => {
    response.setHeader('Content-Type', 'text/html; charset=utf-8')
    response.end(request.url?.startsWith('/form') ? form : '<!DOCTYPE html><title>back</title>')
  })
  return {
    server,
    /** A form of the service, with these fields, that asks our server. */
    offer: (action: string, fields: Iterable<[string, string]>) => {
      const inputs = [...fields].map(([name, value]) => html`<input type="hidden" name="${name}" value="${value}">`)
      form = renderHtml(html`<!DOCTYPE html><title>form</title><form method="post" action="${action}">${inputs}<button>go</button></form>`)
    },
  }
}

describeInBrowser('a request that another site posts, in Chromium,', () => {
  const { server: service, offer } = elsewhere()
  let browser: Browser
  let server: TestServer
  let client: ReturnType<typeof testClient>
  let origin = ''
  beforeAll(async () => {
    await new Promise<void>((resolve) => void service.listen(0, '127.0.0.1', resolve))
    // -- a TCP server that listens has an AddressInfo (node:net)
    origin = `http://127.0.0.1:${(service.address() as AddressInfo).port}`
    client = testClient({ name: 'portal', metadata: { redirect_uris: [`${origin}/callback`], client_uri: origin } })
    ;[browser, server] = await Promise.all([openBrowser(), startServer({ clients: () => [client.metadata] })])
  })
  afterAll(async () => {
    await browser.close()
    await server.close()
    service.close()
  })

  test('finds the session of the person, though no cookie came with the form', async () => {
    const party = { ...client.party(server.issuer), redirectUri: `${origin}/callback` }
    const portal = await makeRelyingParty(party)
    const { context, page } = await browser.visit()
    const hand = makeHand(page, await addPasskeys(page))
    const citizen = server.citizen(server.nextPerson())
    const send = async (wish: Record<string, string>) => {
      const { url, checks } = await portal.begin(wish, { pushed: false })
      offer(`${server.issuer}/authorize`, url.searchParams)
      await page.goto(`${origin}/form`)
      const posted = page.waitForRequest((request) => request.method() === 'POST')
      await page.click('button')
      expect((await (await posted).allHeaders())['cookie'] ?? '').not.toContain('eid-session')
      return checks
    }
    await send({})
    await at(page, textsOf('vi').signIn.title('Dịch vụ portal'))
    await registerBy({ page, hand, language: 'vi' }, citizen, 'Dịch vụ portal')
    await page.waitForURL(`${origin}/callback?**`)

    const checks = await send({ prompt: 'none' })
    await page.waitForURL(`${origin}/callback?**`)
    expect((await portal.finish(new URL(page.url()), checks)).claims.sub).toEqual(expect.any(String))
    await context.close()
  }, 120_000)
})
