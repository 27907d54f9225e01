import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { routes } from '#web/routes.ts'
import { consoleClients, consoleTargets, type ConsoleTargets } from '#test/support/console-targets.ts'
import { trustedCountry } from '#test/support/chip-at-desk.ts'
import { startServer, type TestServer } from '#test/support/running.ts'

const reads = routes.flatMap(({ route }) => (/^GET \/quan-tri(\/|$)/.test(route) ? [route] : []))
/** Saved and not shown. */
const isFile = (route: string): boolean => /\/(tep|tai-ve)$/.test(route)

const tagsOf = (text: string, name: string) => [...text.matchAll(new RegExp(`<${name}\\b[^>]*>`, 'g'))].map(([tag]) => tag)
const attribute = (tag: string, name: string): string | undefined => new RegExp(`\\s${name}="([^"]*)"`).exec(tag)?.[1]
const isHidden = (tag: string): boolean => /\shidden(?=[\s>])/.test(tag)

/** What of a form does nothing where no script runs. A passkey is one's own device's, and the page says in words that it cannot be used. */
function faultsOfForm(form: string, page: string): readonly string[] {
  const [start = ''] = tagsOf(form, 'form')
  const buttons = tagsOf(form, 'button').filter((tag) => !isHidden(tag))
  const faults: readonly (string | false)[] = [
    !/^\/(?!\/)/.test(attribute(start, 'action') ?? '') && `a form that is sent nowhere: ${start}`,
    !['get', 'post'].includes(attribute(start, 'method') ?? '') && `a form without a method: ${start}`,
    buttons.filter((tag) => !/\s(?:type="(?:button|reset)"|disabled)/.test(tag)).length === 0 && `a form that no button sends: ${start}`,
    attribute(start, 'data-act') !== undefined && !/<noscript>[^]*?JavaScript[^]*?<\/noscript>/.test(page) && `a key to use, and no word for whoever cannot: ${start}`,
    ...buttons.filter((tag) => /\s(?:type="(?:button|reset)"|disabled)/.test(tag)).map((tag) => `a button that sends nothing: ${tag}`),
  ]
  return faults.filter((fault) => fault !== false)
}

/** Every control of a page that only a script could make work; what a script would first have to show is not there for anybody else. */
function needsScript(page: string): readonly string[] {
  const shown = page.replaceAll(/<section\b[^>]*\shidden>[^]*?<\/section>/g, '')
  const forms = [...shown.matchAll(/<form\b[^>]*>[^]*?<\/form>/g)].map(([form]) => form)
  const outside = shown.replaceAll(/<form\b[^>]*>[^]*?<\/form>/g, '')
  const leadsNowhere = (tag: string) => {
    const to = attribute(tag, 'href')
    return to === undefined || to === '#' || to.startsWith('javascript:') || (to.startsWith('#') && !page.includes(`id="${to.slice(1)}"`))
  }
  return [
    ...forms.flatMap((form) => faultsOfForm(form, page)),
    ...['button', 'input', 'select', 'textarea'].flatMap((name) => tagsOf(outside, name)).map((tag) => `in no form: ${tag}`),
    ...tagsOf(shown, 'a').filter(leadsNowhere).map((tag) => `leads nowhere: ${tag}`),
    ...[...shown.matchAll(/<[a-z][^>]*\son[a-z]+="[^>]*>/g)].map(([tag]) => `acts by a script: ${tag}`),
  ]
}

describe('every page of the console without JavaScript', () => {
  let server: TestServer
  let targets: ConsoleTargets
  beforeAll(async () => {
    const trusted = trustedCountry()
    server = await startServer({ clients: () => consoleClients, env: trusted.env, files: trusted.files })
    targets = await consoleTargets(server)
  })
  afterAll(() => server.close())

  test('there are such pages, and what finds faults in them finds some', () => {
    expect(reads.length).toBeGreaterThan(40)
    const faulty = '<form action="#"><button type="button" onclick="x()">x</button></form><button>y</button><a href="#gone">z</a><form id="passkey" method="post" action="/x" data-act="confirm"><button>s</button></form>'
    expect(needsScript(faulty).map((fault) => fault.split(':')[0])).toEqual([
      'a form that is sent nowhere', 'a form without a method', 'a form that no button sends', 'a button that sends nothing', 'a key to use, and no word for whoever cannot', 'in no form', 'leads nowhere', 'acts by a script',
    ])
  })

  test.each(reads.filter((route) => !isFile(route)))('%s opens, has its heading, and no control that needs a script', async (route) => {
    const place = targets.placeOf(route)
    const page = await targets.officer.visitor.open(`${server.issuer}${place}`)
    expect([page.status, page.url.pathname, /^text\/html/.test(page.headers.get('content-type') ?? '')]).toEqual([200, place, true])
    expect([...page.text.matchAll(/<h1[^>]*>[^]*?<\/h1>/g)].map(([heading]) => heading.replaceAll(/<[^>]+>/g, '').trim())).toEqual([expect.stringMatching(/\S/)])
    expect(needsScript(page.text)).toEqual([])
  })

  test.each(reads.filter(isFile))('%s is a file that is saved', async (route) => {
    const file = await targets.officer.visitor.open(`${server.issuer}${targets.placeOf(route)}`)
    expect([file.status, file.headers.get('content-type'), file.headers.get('content-disposition')]).toEqual([200, 'text/csv; charset=utf-8', expect.stringMatching(/^attachment; /)])
  })
})
