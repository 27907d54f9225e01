import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { personalNumber } from '#domain/registry/person.ts'
import { creationOptions, fillIn, upToPasskey, type Citizen } from '#test/support/citizen.ts'
import { assertionOf, authorization, authorize, enrol, get, post, redemption, type Enrolled, type Told } from '#test/support/journey.ts'
import { makeRelyingParty, type Party, type RelyingParty } from '#test/support/relying-party.ts'
import { engines, startServer, type TestServer } from '#test/support/running.ts'
import { leaveAt, testClient } from '#test/support/test-clients.ts'
import { makeVisitor } from '#test/support/visitor.ts'

const client = testClient({ name: 'portal' })
const fifty = Array.from({ length: 50 }, (_, at) => at)

describe.each(engines)('of fifty at once, on %s,', (engine) => {
  let server: TestServer
  let party: Party
  let portal: RelyingParty
  let someone: Enrolled

  beforeAll(async () => {
    server = await startServer({ engine, clients: () => [client.metadata] })
    party = client.party(server.issuer)
    portal = await makeRelyingParty(party)
    someone = await enrol(server, portal)
  })
  afterAll(() => server.close())

  const won = (answers: readonly Told[]) => answers.filter(({ status }) => status === 200)
  const replays = async () => (await server.house.database.rows(sql<{ id: string }>`select id from audit_event where type = 'grant.revoked'`)).length

  test('P06: one redeems the code, and that it was tried again kills what the winner got and is recorded', async () => {
    const before = await replays()
    const { answer, checks } = await authorize(portal, someone)
    const requests = await Promise.all(fifty.map(async () => ({ ...redemption(party, answer, checks), ...(await assertionOf(party)) })))
    const answers = await Promise.all(requests.map((fields) => post(`${server.issuer}/token`, fields)))
    const [winner, ...others] = won(answers)
    expect(others).toEqual([])
    expect(new Set(answers.filter((one) => one !== winner).map(({ status }) => Math.floor(status / 100)))).not.toContain(2)
    expect(answers.filter(({ json }) => json['error'] === 'invalid_grant').length).toBeGreaterThan(0)
    const authorization = `Bearer ${String(winner?.json['access_token'])}`
    expect((await get(`${server.issuer}/userinfo`, { authorization })).status).toBe(401)
    expect(await replays()).toBeGreaterThan(before)
  })

  test('P08: one is believed with the same client assertion', async () => {
    const proof = await assertionOf(party)
    const { answer, checks } = await authorize(portal, someone)
    const token = () => post(`${server.issuer}/token`, { ...redemption(party, answer, checks), ...proof })
    const push = () => post(`${server.issuer}/par`, { ...authorization(party), ...proof })
    const answers = await Promise.all(fifty.map((at) => (at % 10 === 9 ? token() : push())))
    expect(answers.filter(({ status }) => status < 300).map(({ json }) => Object.keys(json))).toHaveLength(1)
    expect(answers.filter(({ json }) => json['error'] === 'invalid_client').length).toBeGreaterThan(0)
  })

  test('P03: one gets a code for the same pushed request', async () => {
    const { url } = await portal.begin()
    const cookie = someone.visitor.jar.header(url)
    const answers = await Promise.all(fifty.map(() => get(url.href, { cookie })))
    const codes = answers.filter(({ headers }) => new URL(headers.get('location') ?? server.issuer).searchParams.has('code'))
    expect(codes).toHaveLength(1)
  })

  test('W13: one last step of a registration opens the account, although each holds an answer of the same phone', async () => {
    const citizen = server.citizen(server.nextPerson())
    const steps = [await lastStep(citizen), await lastStep(citizen), await lastStep(citizen)]
    const answers = steps.map((step) => ({ ...step, attestation: JSON.stringify(citizen.authenticator.create(step.options)) }))
    const posted = fifty.flatMap((at) => answers[at % answers.length] ?? [])
    const ends = await Promise.all(posted.map(({ visitor, page, attestation }) => fillIn(visitor, page, '/register/passkey', { attestation })))
    expect(ends.filter(({ status }) => status === 200).length).toBeGreaterThan(0)

    const person = await server.house.registry.findByNumber(personalNumber.parse(citizen.number))
    const { rows } = server.house.database
    const accounts = await rows(sql<{ id: string }>`select id from account where person_id = ${person?.id}`)
    expect(accounts).toHaveLength(1)
    expect(await rows(sql`select id from passkey where account_id = ${accounts[0]?.id}`)).toHaveLength(1)
  })

  async function lastStep(citizen: Citizen) {
    const visitor = makeVisitor({ leaveAt })
    const page = await upToPasskey(visitor, await visitor.open((await portal.begin()).url), citizen)
    return { visitor, page, options: creationOptions(page) }
  }
})
