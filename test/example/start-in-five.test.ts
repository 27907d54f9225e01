import { afterAll, beforeAll, expect, test } from 'vitest'
import { blocks } from '#test/house/pages.ts'
import { open } from '#test/house/source.ts'
import { agree, register } from '#test/support/citizen.ts'
import { startWorld, type Example, type World } from '#test/support/example.ts'
import { makeVisitor } from '#test/support/visitor.ts'

const [first] = blocks(open('docs/relying-parties/start-in-five-minutes.md')).filter(({ language }) => language === 'json')

let world: World
let site: Example
beforeAll(async () => {
  world = await startWorld(first?.text)
  site = await world.start('node', () => [process.execPath, 'app.js'], { CLIENT_ID: 'tax-portal' })
})
afterAll(() => world.close())

test('the client of "start in five minutes" signs somebody in as it stands, and receives what its purpose names', async () => {
  const citizen = world.server.citizen(world.server.nextPerson())
  const visitor = makeVisitor({ leaveAt: () => false })
  const home = await agree(visitor, await register(visitor, await visitor.open(`${site.origin}/sign-in`), citizen))
  expect([home.url.href, home.text.includes(citizen.name)]).toEqual([`${site.origin}/`, true])
  const { claims, userinfo } = await site.told('userinfo')
  expect(claims).toMatchObject({ aud: 'tax-portal' })
  expect(userinfo).toEqual({ sub: expect.any(String), name: citizen.name, birthdate: citizen.birthDate })
})
