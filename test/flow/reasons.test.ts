import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { routes } from '#web/routes.ts'
import { consoleClients, consoleTargets, type ConsoleTargets } from '#test/support/console-targets.ts'
import { startServer, type TestServer } from '#test/support/running.ts'

const writes = routes.flatMap(({ route }) => (route.startsWith('POST /quan-tri') ? [route] : []))

/** What asks for something else in its place. */
const otherwise: Readonly<Record<string, string>> = {
  'POST /quan-tri/phe-duyet/:id/dong-y': 'signs the reason that the proposer gave, with the rest',
  'POST /quan-tri/nhat-ky/tra-cuu': 'asks for the number of a case and its ground',
  'POST /quan-tri/quay': 'asks for the number of a case and what the person came for',
  'POST /quan-tri/quay/:id/ma': 'asks what the officer has seen',
  'POST /quan-tri/quay/:id/chip': 'lets a reader in for the application that has a case and a purpose',
  'POST /quan-tri/quay/:id/so': 'asks whether two numbers are the same',
  'POST /quan-tri/quay/:id/tu-choi': 'asks for one of the grounds on which the law lets a desk refuse',
  'POST /quan-tri/to-chuc/:id/tu-choi': 'asks for one of the grounds on which the authority refuses',
  'POST /quan-tri/ung-dung/:client/lien-ket': 'changes nothing: an organisation asks about its own subjects, which is on record',
}

/** A form on a page: what a browser would send of it when nothing is typed, and what can be typed. */
function formOf(page: string, ending: string): { action: string; sent: Record<string, string>; names: readonly string[] } {
  const form = [...page.matchAll(/<form\b[^>]*>[^]*?<\/form>/g)].map(([text]) => text).find((text) => new RegExp(`action="[^"]*${ending}"`).test(text)) ?? ''
  const name = (tag: string) => /\bname="([^"]*)"/.exec(tag)?.[1] ?? ''
  const inputs = [...form.matchAll(/<input\b[^>]*>/g)].map(([tag]) => tag).filter((tag) => !/type="(radio|checkbox)"/.test(tag))
  const texts = [...form.matchAll(/<textarea\b[^>]*>/g)].map(([tag]) => name(tag))
  const sent = Object.fromEntries([...inputs.map((tag) => [name(tag), /\bvalue="([^"]*)"/.exec(tag)?.[1] ?? '']), ...texts.map((one) => [one, ''])])
  return { action: /action="([^"]*)"/.exec(form)?.[1] ?? '', sent, names: texts }
}

describe('every write of the console asks for a reason', () => {
  let server: TestServer
  let targets: ConsoleTargets
  beforeAll(async () => {
    server = await startServer({ clients: () => consoleClients })
    targets = await consoleTargets(server)
  })
  afterAll(() => server.close())

  /** Where the form of a route stands, for something that it may be done to. */
  function pageOf(route: string): string {
    const place = targets.placeOf(route)
    return routes.some((one) => one.route === route.replace('POST', 'GET')) ? place : place.slice(0, place.lastIndexOf('/'))
  }

  const asked = writes.filter((route) => !Object.hasOwn(otherwise, route))

  test('there are such writes, and each that asks for something else is one of them', () => {
    expect(asked.length).toBeGreaterThanOrEqual(18)
    expect(Object.keys(otherwise).filter((route) => !writes.some((one) => one === route))).toEqual([])
  })

  test.each(asked)('%s has a field for it, and without one is refused with that field', async (route) => {
    const { visitor } = targets.officer
    const page = await visitor.open(`${server.issuer}${pageOf(route)}`)
    expect([page.status, page.url.pathname]).toEqual([200, pageOf(route)])
    const ending = route.slice(route.lastIndexOf('/'))
    const { action, sent, names } = formOf(page.text, ending)
    expect([action, names.filter((name) => ['reason', 'why'].includes(name))]).toEqual([expect.stringMatching(/^\/quan-tri/), [expect.any(String)]])
    const counted = async () => (await server.house.database.first(sql<{ count: number }>`select count(*) as count from audit_event`))?.count
    const before = await counted()
    for (const reason of ['', ' \t\r\n ']) {
      const told = await visitor.submit(new URL(action, page.url), { ...sent, ...Object.fromEntries(names.filter((name) => ['reason', 'why'].includes(name)).map((name) => [name, reason])) }, page.url)
      expect([told.status, told.text.includes('Hãy ghi lý do')]).toEqual([422, true])
      expect(formOf(told.text, ending).names.some((name) => ['reason', 'why'].includes(name))).toBe(true)
    }
    expect(await counted()).toBe(before)
  })
})
