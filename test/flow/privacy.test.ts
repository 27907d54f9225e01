import { randomUUID } from 'node:crypto'
import { Redis } from 'ioredis'
import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest'
import { person as personSchema, type Person } from '#domain/registry/person.ts'
import { people } from '#domain/registry/synthetic.ts'
import { makeLog } from '#observe/log.ts'
import { agree, creationOptions, fillIn, requestOptions, tap, upToPasskey } from '#test/support/citizen.ts'
import { assertionOf, get, post, redemption } from '#test/support/journey.ts'
import { makeRelyingParty, type Party, type RelyingParty } from '#test/support/relying-party.ts'
import { engines, startServer, type TestServer } from '#test/support/running.ts'
import { leaveAt, testClient } from '#test/support/test-clients.ts'
import { makeVisitor, type Stop, type Visitor } from '#test/support/visitor.ts'

const client = testClient({ name: 'portal', profile: 'fapi2' })

/** Somebody whose every attribute is a word that occurs nowhere else. */
function canary(): { person: Person; words: readonly string[] } {
  const [template] = people({ people: 60, seed: 'canary' })
  const word = (name: string) => `Chimyen${name}`
  const place = (name: string) => ({ text: word(name) })
  const number = '079192998877'
  const person = personSchema.parse({
    ...template, id: randomUUID(), number, formerNumbers: [{ number: '079192998866', cancelledOn: '2020-01-01', reason: word('Lydo') }], kind: 'citizen',
    name: `${word('Ho')} ${word('Dem')} ${word('Ten')}`, otherName: word('Biet'), birthDate: '1992-12-11', birthPlace: place('Sinh'), birthRegistrationPlace: place('Khaisinh'), hometown: place('Que'),
    ethnicity: word('Dantoc'), religion: word('Tongiao'), oldNumber: '918273645', card: { kind: 'can-cuoc', issuedOn: '2024-08-07', issuedAt: word('Capthe'), expiresOn: '2052-12-11' },
    relations: [{ kind: 'mother', name: word('Me'), number: '079160998855' }], permanentResidence: place('Thuongtru'), temporaryResidence: place('Tamtru'), currentResidence: place('Hientai'),
    household: [{ name: word('Chuho'), number: '079160998844', relation: word('Quanhe') }], life: { status: 'alive' }, phones: ['+84998877661'], emails: ['chimyen.sodangky@example.com'], other: { ghichu: word('Khac') },
  })
  const said = JSON.stringify(person)
  const words = [...said.matchAll(/Chimyen\w+|0791\d{8}|918273645|\+84998877661|chimyen\.sodangky/g)].map(([found]) => found)
  return { person, words: [...new Set([...words, '1992-12-11'])] }
}

const redis = inject('redis')

describe.each(engines)('L04, D05: of a person with unmistakable attributes, on %s,', (engine) => {
  const lines: string[] = []
  const { person, words } = canary()
  const secrets = new Map<string, string>()
  let server: TestServer
  let party: Party
  let portal: RelyingParty

  beforeAll(async () => {
    const log = makeLog({ level: 'debug', to: { write: (line) => void lines.push(line) } })
    server = await startServer({ engine, clients: () => [client.metadata], log, people: [person] })
    party = client.party(server.issuer)
    portal = await makeRelyingParty(party)
    await live()
  })
  afterAll(() => server.close())

  const secret = (name: string, value: string | null | undefined) => {
    if (typeof value === 'string' && value.length > 5) secrets.set(`${name} ${secrets.size}`, value)
  }

  /** A life with the electronic identity, with everything in it that can go wrong. What passes by is remembered. */
  async function live(): Promise<void> {
    const citizen = server.citizen(person)
    const visitor = watched(makeVisitor({ leaveAt }))
    const everything = {
      scope: 'openid profile email phone address vn_identity',
      claims: JSON.stringify({ id_token: { name: { essential: true }, verified_claims: { verification: { trust_framework: null }, claims: { birthdate: { essential: true } } } } }),
    }
    const first = await portal.begin(everything)
    secret('pushed request', first.url.searchParams.get('request_uri')?.split(':').at(-1))
    const page = await visitor.open(first.url)
    await fillIn(visitor, page, '/narrow', { number: person.number })
    const passkeyPage = await upToPasskey(visitor, page, citizen)
    secret('contact code', await citizen.readCode())
    await fillIn(visitor, await visitor.open(`${page.url.href}/register/passkey`), '/register/passkey', { attestation: JSON.stringify(citizen.authenticator.create(creationOptions(passkeyPage), { userVerified: false })) })
    const options = creationOptions(await visitor.open(`${page.url.href}/register/passkey`))
    secret('challenge', options.challenge)
    const attestation = citizen.authenticator.create(options)
    secret('attestation', attestation.response.attestationObject)
    const done = await fillIn(visitor, passkeyPage, '/register/passkey', { attestation: JSON.stringify(attestation) })
    const end = await agree(visitor, await fillIn(visitor, done, '/register/finish'))
    secret('code', end.url.searchParams.get('code'))
    const signedIn = await portal.finish(end.url, first.checks)
    secret('access token', signedIn.tokens.access_token)
    secret('ID token', signedIn.tokens.id_token)
    expect(signedIn.claims).toMatchObject({ name: person.name })
    expect(await portal.userinfo(signedIn)).toMatchObject({ vn_personal_id: person.number, email: citizen.email, birthdate: person.birthDate })
    secret('email', citizen.email)

    const { verifier } = first.checks
    secret('verifier', verifier)
    const proof = await assertionOf(party)
    secret('client assertion', proof['client_assertion'])
    await post(`${server.issuer}/token`, { ...redemption(party, end.url, first.checks), ...proof })
    // With the proof of possession it gets as far as the code, which is spent.
    await expect(portal.finish(end.url, first.checks)).rejects.toMatchObject({ error: 'invalid_grant' })
    await get(`${server.issuer}/userinfo`, { authorization: `Bearer ${signedIn.tokens.access_token}` })
    await get(`${server.issuer}/authorize?client_id=portal&login_hint=${person.number}&claims=${encodeURIComponent(person.name)}&redirect_uri=${encodeURIComponent(party.redirectUri)}`)

    const again = watched(makeVisitor({ leaveAt }))
    const asked = await again.open((await portal.begin()).url)
    const assertion = citizen.authenticator.get(requestOptions(asked))
    for (const [name, value] of Object.entries({ challenge: requestOptions(asked).challenge, signature: assertion.response.signature, 'client data': assertion.response.clientDataJSON })) secret(name, value)
    const refused = await fillIn(again, asked, '/passkey', { assertion: JSON.stringify({ ...assertion, response: { ...assertion.response, signature: assertion.response.signature.toLowerCase() } }) })
    await tap(again, refused, citizen.authenticator)
    const twin = watched(makeVisitor({ leaveAt }))
    await upToPasskey(twin, await twin.open((await portal.begin()).url), { ...citizen, name: person.otherName ?? '' })
    for (const broken of [`${server.issuer}/${encodeURIComponent(person.name)}`, `${server.issuer}/authorize?state=${person.number}%ff`]) await get(broken)
    await post(`${server.issuer}/token`, `code=${person.number}&${'x'.repeat(70_000)}`)
  }

  /** Remembers every cookie that is given. */
  function watched(visitor: Visitor): Visitor {
    const note = async (stop: Promise<Stop>) => {
      const { url } = await stop
      for (const path of [url.pathname, '/authorize', '/']) {
        for (const [name, value] of visitor.jar.read(new URL(path, server.issuer))) if (name !== 'eid-language') secret(`cookie ${name}`, value)
      }
      return stop
    }
    return { ...visitor, open: (...sent) => note(visitor.open(...sent)), submit: (...sent) => note(visitor.submit(...sent)) }
  }

  const found = (text: string, wanted: Iterable<readonly [string, string]>) => [...wanted].filter(([, value]) => text.includes(value)).map(([name]) => name)
  const attributes = () => words.map((word) => [word, word] as const)
  const everywhere = () => [...attributes(), ...secrets]

  test('what passed by is known: attributes and secrets of every kind', () => {
    expect(words.length).toBeGreaterThan(20)
    const kinds = new Set([...secrets.keys()].map((name) => name.replace(/ \d+$/, '')))
    for (const kind of ['code', 'access token', 'ID token', 'challenge', 'client assertion', 'email', 'contact code', 'cookie eid-session', 'cookie eid-interaction', 'pushed request']) expect(kinds).toContain(kind)
  })

  test('no line of the log says anything', () => {
    expect(lines.length).toBeGreaterThan(3)
    expect(found(lines.join('\n'), everywhere())).toEqual([])
  })

  test('no audit event says anything, though each step has one', async () => {
    const rows = await server.house.database.rows(sql<{ type: string }>`select * from audit_event`)
    for (const type of ['registration.finished', 'login.finished', 'login.refused', 'consent.given', 'token.issued', 'claims.released', 'registration.refused', 'grant.revoked']) expect(rows.map((row) => row.type)).toContain(type)
    expect(found(JSON.stringify(rows), everywhere())).toEqual([])
  })

  test('no table of the database says anything, in any column', async () => {
    const { rows } = server.house.database
    const tables = await rows(sql<{ name: string }>`select tablename as name from pg_tables where schemaname = 'public'`)
    expect(tables.length).toBeGreaterThan(8)
    for (const { name } of tables) {
      const texts = await rows(sql<{ text: string }>`select row_to_json(t)::text as text from ${sql.id(name)} t`)
      const all = texts.map(({ text }) => text.replaceAll(/"\\\\x([0-9a-f]*)"/g, (_all, hex: string) => Buffer.from(hex, 'hex').toString('latin1') + Buffer.from(hex, 'hex').toString('utf8'))).join('\n')
      expect([name, found(all, everywhere())]).toEqual([name, []])
    }
  })

  test.each(engine === 'servers' && redis !== undefined ? [redis] : [])('no key of Redis and no value says anything', async (url) => {
    const reader = new Redis(url)
    try {
      const keys = await reader.keys('*')
      expect(keys.length).toBeGreaterThan(10)
      const values = await Promise.all(keys.map(async (key) => ((await reader.type(key)) === 'string' ? (await reader.getBuffer(key))?.toString('latin1') : '') ?? ''))
      const text = [...keys, ...values].join('\n')
      expect(found(`${text}\n${Buffer.from(text, 'latin1').toString('utf8')}`, everywhere())).toEqual([])
    } finally {
      reader.disconnect()
    }
  })
})
