import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { completedYears, dayInVietnam } from '#kernel/clock.ts'
import { agree, fillIn } from '#test/support/citizen.ts'
import { arrive, enrol, signIn, type Enrolled } from '#test/support/journey.ts'
import { makeRelyingParty, type RelyingParty } from '#test/support/relying-party.ts'
import { startServer, type TestServer } from '#test/support/running.ts'
import { testClient } from '#test/support/test-clients.ts'

const words = (text: string) => ({ vi: text, en: text })
const bar = testClient({ name: 'bar', metadata: { purposes: [{ claims: ['age_over_18'], basis: 'consent', purpose: words('Bán rượu') }] } })
const city = testClient({
  name: 'city',
  metadata: { purposes: [
    { claims: ['resident_of'], resident_of: ['79', '01', '48/Phường Hải Châu'], basis: 'consent', purpose: words('Giảm giá vé') },
    { claims: ['registry_as_of'], basis: 'consent', purpose: words('Biết dữ liệu mới hay cũ') },
  ] },
})
const open = testClient({ name: 'open' })

let server: TestServer
let someone: Enrolled
let home: string
let parties: { bar: RelyingParty; city: RelyingParty; open: RelyingParty }

beforeAll(async () => {
  server = await startServer({ clients: () => [bar, city, open].map(({ metadata }) => metadata) })
  const made = ({ party }: typeof bar) => makeRelyingParty(party(server.issuer))
  parties = { bar: await made(bar), city: await made(city), open: await made(open) }
  someone = await enrol(server, parties.bar, ({ permanentResidence, birthDate }) => {
    const fits = birthDate.length === 10 && ['79', '01'].includes(permanentResidence?.province ?? '')
    if (fits) home = permanentResidence?.province ?? ''
    return fits
  })
})
afterAll(() => server.close())

const asking = (claims: object) => ({ claims: JSON.stringify(claims) })
const other = (province: string) => (province === '79' ? '01' : '79')
const lives = (...values: string[]) => ({ resident_of: { essential: true, values } })

describe('an age', () => {
  test('is told as yes or no, and the page says so in words', async () => {
    const { url, checks } = await parties.bar.begin(asking({ id_token: { age_over_18: null } }))
    const page = await someone.visitor.open(url)
    const age = completedYears(someone.citizen.birthDate, dayInVietnam(new Date()))
    expect(page.text).toContain('Từ đủ 18 tuổi')
    expect(page.text).toContain(age >= 18 ? 'Có' : 'Không')
    expect(page.text).not.toContain(someone.citizen.birthDate.split('-').toReversed().join('/'))
    const { url: answer } = await fillIn(someone.visitor, page, '/consent', { choice: 'allow', optional: 'age-over-18' })
    expect((await parties.bar.finish(answer, checks)).claims).toMatchObject({ age_over_18: age >= 18 })
  })

  test('D02 the service that may ask one age learns no other, and no birth date, however it asks', async () => {
    const every = { age_over_14: { essential: true }, age_over_16: null, age_over_18: { essential: true }, age_over_60: { value: true }, birthdate: { essential: true } }
    const verified = { verified_claims: [{ verification: { trust_framework: null }, claims: every }] }
    const signedIn = await signIn(parties.bar, someone, { scope: 'openid profile', ...asking({ id_token: { ...every, ...verified }, userinfo: { ...every, ...verified } }) })
    for (const told of [signedIn.claims, await parties.bar.userinfo(signedIn)]) {
      expect(Object.keys(told).filter((name) => /^age_|birth|^name$|^updated/.test(name))).toEqual(['age_over_18'])
      expect(told['verified_claims']).toEqual([{ verification: { trust_framework: 'vn_eid' }, claims: { age_over_18: told['age_over_18'] } }])
    }
  })
})

describe('a residence', () => {
  test('is told as yes or no, of the places that were asked', async () => {
    const here = await signIn(parties.city, someone, asking({ userinfo: lives(home) }))
    expect(await parties.city.userinfo(here)).toMatchObject({ resident_of: true })
    const elsewhere = await signIn(parties.city, someone, asking({ id_token: lives(other(home), '48/Phường Hải Châu') }))
    expect(elsewhere.claims).toMatchObject({ resident_of: false })
    expect(elsewhere.claims).not.toHaveProperty('address')
  })

  test('the page names each place with its own answer', async () => {
    const { url } = await parties.city.begin(asking({ id_token: { resident_of: { essential: true, values: ['79', '01', '48/Phường Hải Châu'] } } }))
    const { text } = await someone.visitor.open(url)
    const answers = { '01': 'Hà Nội: Không', '79': 'TP Hồ Chí Minh: Không', [home]: home === '79' ? 'TP Hồ Chí Minh: Có' : 'Hà Nội: Có' }
    expect(text).toContain(`${answers['01']}; Phường Hải Châu, Đà Nẵng: Không; ${answers['79']}`)
  })

  test('D02 a place that is not registered is not answered for, also beside one that is', async () => {
    for (const how of [lives('04'), lives(home, '04'), { resident_of: null }, { resident_of: { essential: true } }]) {
      const signedIn = await signIn(parties.city, someone, asking({ id_token: how, userinfo: how }))
      expect([signedIn.claims, await parties.city.userinfo(signedIn)].filter((told) => 'resident_of' in told)).toEqual([])
    }
    const free = await signIn(parties.open, someone, asking({ id_token: lives(home) }))
    expect(free.claims).not.toHaveProperty('resident_of')
  })

  test('D02 agreeing about one place does not answer a token that asks about another', async () => {
    const begun = await parties.city.begin(asking({ userinfo: { resident_of: { value: other(home) } } }))
    const page = await arrive(someone.visitor, await someone.visitor.open(begun.url), someone.citizen)
    const declined = await parties.city.finish(page.url, begun.checks)
    expect(await parties.city.userinfo(declined)).not.toHaveProperty('resident_of')
    const agreed = await signIn(parties.city, someone, asking({ userinfo: { resident_of: { essential: true, value: home } } }))
    expect(await parties.city.userinfo(agreed)).toMatchObject({ resident_of: true })
    expect(await parties.city.userinfo(declined)).not.toHaveProperty('resident_of')
  })

  test('a place that is none is an error at the service, with the reason', async () => {
    for (const value of ['99', 'Hà Nội', 79]) {
      await expect(parties.city.begin(asking({ userinfo: { resident_of: { value } } })))
        .rejects.toMatchObject({ error: 'invalid_request', error_description: expect.stringContaining('resident_of') })
    }
  })
})

test('registry_as_of is a day', async () => {
  const { url, checks } = await parties.city.begin(asking({ id_token: { registry_as_of: { essential: true } } }))
  const { url: answer } = await agree(someone.visitor, await someone.visitor.open(url))
  expect((await parties.city.finish(answer, checks)).claims['registry_as_of']).toMatch(/^\d{4}-\d\d-\d\d$/)
})
