import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { answerBody, filesBody } from '#domain/chip/body.ts'
import type { Post } from '#domain/officer/post.ts'
import { personalNumber, type Person } from '#domain/registry/person.ts'
import type { SimulatedCard } from '#cli/chip-simulate.ts'
import { pemOf } from '#chip/pem.ts'
import { makeCountry, type Country } from '#chip/synthetic/card.ts'
import { revocationList } from '#chip/synthetic/certificate.ts'
import { trustOf } from '#chip/synthetic/kept.ts'
import { cardOf, readAt, trustedCountry } from '#test/support/chip-at-desk.ts'
import { creationOptions, fillIn, type Citizen } from '#test/support/citizen.ts'
import { accountOf, enrol, signIn, tell, type Enrolled } from '#test/support/journey.ts'
import { allDay, approve, hire, seat } from '#test/support/officers.ts'
import { makeRelyingParty, type RelyingParty } from '#test/support/relying-party.ts'
import { engines, startServer, type TestServer } from '#test/support/running.ts'
import { leaveAt, testClient } from '#test/support/test-clients.ts'
import { temporaryFolder } from '#test/support/tmp.ts'
import { makeVisitor, titleOf, type Stop } from '#test/support/visitor.ts'

const client = testClient({ name: 'portal' })
const ministry = testClient({ name: 'ministry', profile: 'fapi2' })
const base = '/quay/doc-chip'

describe.each(engines)('the chip of a card at the desk, on %s:', (engine) => {
  let server: TestServer
  let country: Country
  let officer: Enrolled
  let colleague: Enrolled
  let manager: Enrolled
  let service: RelyingParty
  let party: RelyingParty
  beforeAll(async () => {
    const trusted = trustedCountry()
    ;({ country } = trusted)
    server = await startServer({ engine, clients: () => [client.metadata, ministry.metadata], env: { OFFICER_KEYS: 'any', ...trusted.env }, files: trusted.files })
    party = await makeRelyingParty(client.party(server.issuer))
    ;[officer, colleague, manager] = [await enrol(server, party), await enrol(server, party), await enrol(server, party)]
    service = await makeRelyingParty(ministry.party(server.issuer))
    await seat(server, officer)
    await seat(server, colleague, { ...allDay, desk: 'Quầy 2' })
  }, 180_000)
  afterAll(() => server.close())

  const nextPerson = () => server.nextPerson(({ birthDate }) => birthDate.length === 10)
  const find = async (number: string, by = officer) => fillIn(by.visitor, await by.visitor.open(`${server.issuer}/quan-tri/quay`), '/quay', { number, case: 'HS-1', purpose: 'level-2' })
  /** Lets a reader in, as the officer does, and answers its code. */
  async function pair(page: Stop, by = officer): Promise<string> {
    const made = await fillIn(by.visitor, await by.visitor.open(`${page.url}/chip`), '/chip', {})
    return /class="match"[^>]*>([2-9A-Z-]{19})</.exec(made.text)?.[1] ?? `no code: ${titleOf(made.text)}`
  }
  async function makeCode(page: Stop, by = officer): Promise<Stop> {
    const now = await by.visitor.open(page.url)
    const csrf = /name="csrf" value="([^"]+)"/.exec(/<form[^>]*action="[^"]*\/(?:ma|tu-choi)"[^]*?<\/form>/.exec(now.text)?.[0] ?? '')?.[1] ?? ''
    const body = new URLSearchParams([['csrf', csrf], ['seen', 'card-seen'], ['seen', 'face-compared']])
    return by.visitor.submit(new URL(`${page.url.pathname}/ma`, page.url), body, page.url)
  }
  /** Readings are never changed: what was read yesterday is written by a hand that has put the trigger out of the way. */
  async function dayLater(page: Stop): Promise<void> {
    const { database } = server.house
    await database.change(sql`alter table desk_reading disable trigger desk_reading_is_kept`)
    await database.change(sql`update desk_reading set at = at - interval '24 hours' where application_id = ${idOf(page)} and reason is not null`)
    await database.change(sql`alter table desk_reading enable trigger desk_reading_is_kept`)
  }
  const codeOn = (page: Stop) => /class="match"[^>]*>(\d{4} \d{4})</.exec(page.text)?.[1]
  const answer = async (visitor: ReturnType<typeof makeVisitor>, { authenticator }: Pick<Citizen, 'authenticator'>) => {
    const page = await visitor.open(`${server.issuer}/m2/xac-nhan`)
    return fillIn(visitor, page, '/m2/xac-nhan', { attestation: JSON.stringify(authenticator.create(creationOptions(page))) })
  }
  const post = (path: string, body: unknown, code: string | undefined, type = 'application/json') => fetch(`${server.issuer}${base}${path}`, {
    method: 'POST', body: typeof body === 'string' ? body : JSON.stringify(body), headers: { 'content-type': type, ...(code !== undefined && { authorization: `Bearer ${code}` }) },
  }).then(tell)
  const question = async (code: string) => (await post('/question', {}, code)).json
  /** What a chip says to a question that was put to it. */
  const reading = (card: SimulatedCard, asked: Record<string, unknown>) =>
    ({ reading: asked['reading'], ...filesBody(card.files), answer: answerBody({ active: card.chip.signNonce(Buffer.from(String(asked['nonce']), 'base64')) }) })
  const idOf = ({ url }: Stop) => url.pathname.split('/').at(-1) ?? ''
  const kept = async (page: Stop) => (await server.house.database.rows(sql<{ reason: string | null }>`select reason from desk_reading where application_id = ${idOf(page)} order by at`)).map(({ reason }) => reason ?? 'verified')
  const eventsOf = async (type: string, page: Stop) => (await server.house.database.rows(sql<{ data: Record<string, unknown> }>`select data from audit_event where type = ${type} and data->>'application' = ${idOf(page)}`)).map(({ data }) => data)
  const card = (person: Person, wish: Partial<Parameters<typeof cardOf>[1]> = {}) => cardOf(person, { country, ...wish })

  test.each(['signs', 'agrees'] as const)('a chip that %s is believed, and is evidence of the level', async (kind) => {
    const person = nextPerson()
    const page = await find(person.number)
    expect((await officer.visitor.open(page.url)).text).toContain('Chưa đọc.')
    const code = await pair(page)
    const chip = kind === 'signs' ? { active: { curve: 'brainpoolP256r1' } } as const : { agreement: { curve: 'brainpoolP256r1', cipher: 2 } } as const
    expect(await readAt(server.issuer, card(person, { chip }), code)).toEqual({ is: 'verified' })
    expect((await officer.visitor.open(`${page.url}/chip`)).text).toContain('Chip đúng, đã đọc lúc')
    expect((await officer.visitor.open(page.url)).text).toContain('Được lưu làm bằng chứng.')
    expect([await kept(page), await eventsOf('desk.chip-verified', page)]).toEqual([['verified'], [expect.objectContaining({ by: await accountOf(server, officer) })]])

    const coded = await makeCode(page)
    const visitor = makeVisitor({ leaveAt })
    await fillIn(visitor, await visitor.open(`${server.issuer}/m2`), '/m2', { code: codeOn(coded) ?? '' })
    await fillIn(officer.visitor, await officer.visitor.open(page.url), '/so', { same: 'yes' })
    const citizen = server.citizen(person)
    expect(titleOf((await answer(visitor, citizen)).text)).toContain('Hoàn tất')
    const found = await server.house.registry.findByNumber(person.number)
    const account = found && (await server.house.accounts.findByPerson(found.id))
    const rows = await server.house.database.rows(sql<{ kind: string }>`select kind from account_evidence where account_id = ${account?.id} order by kind`)
    expect([account?.level, rows.map(({ kind: one }) => one)]).toEqual([2, ['card-seen', 'chip-verified', 'face-compared', 'passkey']])
    // Services that ask how it was proven are told, each check by itself.
    const verification = { trust_framework: null, assurance_level: null, evidence: [{ type: { value: 'electronic_record' }, check_details: [{ check_method: null, organization: null }] }] }
    const { claims } = await signIn(service, { citizen, visitor: makeVisitor({ leaveAt }) }, { claims: JSON.stringify({ id_token: { verified_claims: { verification, claims: { name: { essential: true } } } } }) })
    expect(claims['verified_claims']).toMatchObject({ verification: { assurance_level: 'level_2', evidence: [{ check_details: [
      { check_method: 'data', organization: 'Định Danh' }, ...['vpip', 'pvp', 'vcrypt'].map((method) => ({ check_method: method, organization: 'Công an xã, phường' })),
    ] }] } })
    // Nothing of what the card says is kept with the reading.
    const row = JSON.stringify(await server.house.database.rows(sql`select * from desk_reading where application_id = ${idOf(page)}`))
    expect([row.includes(person.number), row.includes(person.birthDate)]).toEqual([false, false])
  })

  test('a code is good for one question and one reading, whoever repeats either', async () => {
    const person = nextPerson()
    const page = await find(person.number)
    const code = await pair(page)
    const asked = await Promise.all(Array.from({ length: 8 }, () => post('/question', {}, code)))
    expect([asked.filter(({ status }) => status === 200).length, asked.filter(({ status }) => status === 401).length]).toEqual([1, 7])
    const body = reading(card(person), asked.find(({ status }) => status === 200)?.json ?? {})
    const heard = await Promise.all(Array.from({ length: 8 }, () => post('/reading', body, code)))
    expect(heard.filter(({ json }) => json['is'] === 'verified')).toHaveLength(1)
    expect((await post('/reading', body, code)).status).toBe(401)
    expect(await kept(page)).toEqual(['verified'])
    // The same answer under a new code, for the same person: the question is another one.
    const again = await pair(page)
    const other = await question(again)
    expect((await post('/reading', { ...body, reading: other['reading'] }, again)).json).toMatchObject({ is: 'refused', reason: 'chip.answer-wrong', trouble: 'copied' })
    expect(await eventsOf('desk.chip-forged', page)).toHaveLength(1)
  })

  test('what one reader began no other finishes', async () => {
    const [person, next] = [nextPerson(), nextPerson()]
    const page = await find(person.number)
    const code = await pair(page)
    const asked = await question(code)
    const elsewhere = await find(next.number, colleague)
    const other = await pair(elsewhere, colleague)
    await question(other)
    expect((await post('/reading', reading(card(person), asked), other)).json).toMatchObject({ is: 'refused', reason: 'challenge.spent', trouble: 'stale' })
    expect([await kept(page), await kept(elsewhere)]).toEqual([[], []])
    expect((await post('/reading', reading(card(person), asked), code)).json).toEqual({ is: 'verified' })
  })

  test('another person’s card gives no code, and ends one that was made', async () => {
    const person = nextPerson()
    const page = await find(person.number)
    const coded = await makeCode(page)
    expect(codeOn(coded)).toMatch(/^\d{4} \d{4}$/)
    expect(await readAt(server.issuer, card(nextPerson()), await pair(page))).toMatchObject({ is: 'refused', reason: 'card.other-person', trouble: 'other-card' })
    expect((await officer.visitor.open(`${page.url}/chip`)).text).toContain('Đây là thẻ của người khác.')
    const visitor = makeVisitor({ leaveAt })
    const typed = await fillIn(visitor, await visitor.open(`${server.issuer}/m2`), '/m2', { code: codeOn(coded) ?? '' })
    expect(typed.status).toBe(422)
    // The page has no button that would refuse; a form of before is refused.
    const now = await officer.visitor.open(page.url)
    expect([now.text.includes('Tạo mã xác nhận'), now.text.includes('Chip của thẻ này không được tin')]).toEqual([false, true])
    const refused = await makeCode(page)
    expect([refused.status, refused.text.includes('Chip của thẻ này không được tin')]).toEqual([409, true])
    expect([await eventsOf('desk.chip-refused', page), await eventsOf('desk.chip-forged', page)]).toMatchObject([[{ reason: 'card.other-person' }], []])
    // The person brings their own: that ends no doubt, and a day does.
    expect(await readAt(server.issuer, card(person), await pair(page))).toEqual({ is: 'verified' })
    expect((await makeCode(page)).status).toBe(409)
    await dayLater(page)
    expect(codeOn(await makeCode(page))).toMatch(/^\d{4} \d{4}$/)
  })

  test('a forged card is doubted in the next application too, at whatever desk, whoever reads what: only two officers end that, neither of whom has read it', async () => {
    const person = nextPerson()
    const page = await find(person.number)
    expect(await readAt(server.issuer, card(person, { country: makeCountry({ at: new Date() }) }), await pair(page))).toMatchObject({ is: 'refused', trouble: 'forged' })
    await fillIn(officer.visitor, await officer.visitor.open(page.url), '/tu-choi', { refusal: 'withdrawn' })

    // A week later, before a colleague, with a right card.
    const anew = await find(person.number, colleague)
    expect([idOf(anew) === idOf(page), (await colleague.visitor.open(anew.url)).text.includes('Tạo mã xác nhận')]).toEqual([false, false])
    expect((await makeCode(anew, colleague)).status).toBe(409)
    expect(await readAt(server.issuer, card(person), await pair(anew, colleague))).toEqual({ is: 'verified' })
    expect((await makeCode(anew, colleague)).status).toBe(409)
    const shown = await colleague.visitor.open(`${anew.url.href}/chip`)
    expect([shown.text.includes('Điều còn nghi ngờ về thẻ'), shown.text.includes('Chip đúng, đã đọc lúc')]).toEqual([true, false])

    const ask = async (reason: string) => fillIn(colleague.visitor, await colleague.visitor.open(`${anew.url.href}/chip`), '/nghi-ngo', { reason })
    expect((await ask(' ')).status).toBe(422)
    const proposal = await ask('Đã đối chiếu với kho lưu trữ')
    expect(proposal.url.pathname).toMatch(/^\/quan-tri\/phe-duyet\//)
    expect((await colleague.visitor.open(`${anew.url.href}/chip`)).text).toContain('đang chờ người quản lý cán bộ quyết định')
    // Whoever has read it does not decide, whatever else they are; and neither does whoever has asked.
    await hire(server, officer, 'officer-manager')
    await hire(server, colleague, 'officer-manager')
    for (const one of [officer, colleague]) expect((await one.visitor.open(proposal.url)).text).not.toContain('/dong-y"')
    expect((await makeCode(anew, colleague)).status).toBe(409)
    await hire(server, manager, 'officer-manager')
    const review = await manager.visitor.open(proposal.url)
    expect([review.text.includes('sod.signature') || review.text.includes('authority.unknown'), review.text.includes(person.number), review.text.includes('Đã đối chiếu')]).toEqual([true, false, true])
    expect((await approve(manager, proposal.url)).text).toContain('Đã phê duyệt')
    expect(await eventsOf('desk.doubt-ended', page)).toEqual([expect.objectContaining({ by: await accountOf(server, manager) })])
    expect(codeOn(await makeCode(anew, colleague))).toMatch(/^\d{4} \d{4}$/)
  })

  test('a card that comes to be doubted when the numbers were compared already is not finished on', async () => {
    const person = nextPerson()
    const page = await find(person.number)
    const reader = await pair(page)
    const coded = await makeCode(page)
    const visitor = makeVisitor({ leaveAt })
    await fillIn(visitor, await visitor.open(`${server.issuer}/m2`), '/m2', { code: codeOn(coded) ?? '' })
    await fillIn(officer.visitor, await officer.visitor.open(page.url), '/so', { same: 'yes' })
    const options = await visitor.open(`${server.issuer}/m2/xac-nhan`)
    expect(await readAt(server.issuer, card(person, { country: makeCountry({ at: new Date() }) }), reader)).toMatchObject({ is: 'refused', trouble: 'forged' })
    await fillIn(visitor, options, '/m2/xac-nhan', { attestation: JSON.stringify(server.citizen(person).authenticator.create(creationOptions(options))) })
    const found = await server.house.registry.findByNumber(person.number)
    expect(found && (await server.house.accounts.findByPerson(found.id))).toBeUndefined()
    expect(await eventsOf('desk.chip-forged', page)).toHaveLength(1)
  })

  test('what a reader has asked is heard out when another officer goes on with the person: a forged card is doubted there too', async () => {
    const person = nextPerson()
    const page = await find(person.number)
    const code = await pair(page)
    const body = reading(card(person, { country: makeCountry({ at: new Date() }) }), await question(code))
    const theirs = await find(person.number, colleague)
    const waits = await colleague.visitor.open(`${theirs.url.href}/chip`)
    expect([waits.text.includes('Máy đọc của cán bộ khác đang đọc thẻ'), waits.text.includes('Tạo mã cho máy đọc')]).toEqual([true, false])
    const coded = await makeCode(theirs, colleague)
    expect(codeOn(coded)).toMatch(/^\d{4} \d{4}$/)
    expect((await post('/reading', body, code)).json).toMatchObject({ is: 'refused', trouble: 'forged' })
    expect([await eventsOf('desk.chip-forged', page), (await makeCode(theirs, colleague)).status]).toMatchObject([[{ by: await accountOf(server, officer) }], 409])
    const visitor = makeVisitor({ leaveAt })
    expect((await fillIn(visitor, await visitor.open(`${server.issuer}/m2`), '/m2', { code: codeOn(coded) ?? '' })).text).not.toContain('class="match"')
  })

  test('a card that is over is refused with what to do; one that is read badly is read again', async () => {
    const person = nextPerson()
    const page = await find(person.number)
    expect(await readAt(server.issuer, card(person, { expiresOn: '2026-01-31' }), await pair(page))).toMatchObject({ reason: 'card.expired', trouble: 'out-of-force' })
    const own = card(person)
    const torn = { ...own, files: { ...own.files, sod: own.files.sod.subarray(0, 400) } }
    expect(await readAt(server.issuer, torn, await pair(page))).toMatchObject({ reason: 'der.truncated', part: 'sod', trouble: 'unreadable' })
    const shown = (await officer.visitor.open(`${page.url}/chip`)).text
    expect([shown.includes('Không đọc được trọn vẹn.'), shown.includes('mã lỗi der.truncated'), shown.includes('Chưa tạo được mã cho người này')]).toEqual([true, true, true])
  })

  test('a reader is let in by the officer of the application, in its state and time, and by nobody else', async () => {
    const person = nextPerson()
    const page = await find(person.number)
    const code = await pair(page)
    // Another officer finds the person: what the first one let in is over.
    const theirs = await find(person.number, colleague)
    expect(idOf(theirs)).toBe(idOf(page))
    expect((await post('/question', {}, code)).status).toBe(401)
    expect((await officer.visitor.open(`${page.url}/chip`)).status).toBe(404)
    const late = await pair(theirs, colleague)
    await server.house.database.change(sql`update desk_reader set expires_at = now() - interval '1 second' where application_id = ${idOf(page)}`)
    expect((await post('/question', {}, late)).status).toBe(401)
    const decided = await pair(theirs, colleague)
    await fillIn(colleague.visitor, await colleague.visitor.open(theirs.url), '/tu-choi', { refusal: 'withdrawn' })
    expect((await post('/question', {}, decided)).status).toBe(401)
    expect((await colleague.visitor.open(`${theirs.url}/chip`)).text).not.toContain('Tạo mã cho máy đọc')
    for (const guess of [undefined, '', 'ABCD-EFGH-JKLM-NPQR', 'abcd']) expect((await post('/question', {}, guess)).status).toBe(401)
  })

  test('a reader is heard no longer than its officer serves: each word looks at role, shift, commune and account', async () => {
    const { database, accounts } = server.house
    const by = await accountOf(server, colleague)
    const set = async (post: Post) => database.change(sql`update officer_role set post = ${JSON.stringify(post)}::jsonb where account_id = ${by} and role = 'enrolment-officer' and ended_at is null`)
    const here = { ...allDay, desk: 'Quầy 2' }
    const ends: Record<string, readonly [end: () => Promise<unknown>, back: () => Promise<unknown>]> = {
      shift: [() => set({ ...here, until: '00:01' }), () => set(here)],
      commune: [() => set({ ...here, commune: 'xã Tân Nhựt' }), () => set(here)],
      account: [() => accounts.move(by, { to: 'lock', ground: 'holder-request', by: 'holder' }, new Date()), () => accounts.move(by, { to: 'unlock', ground: 'holder-request', by: 'operator' }, new Date())],
      role: [() => database.change(sql`update officer_role set ended_at = now() where account_id = ${by} and role = 'enrolment-officer' and ended_at is null`), () => seat(server, colleague, here)],
    }
    const refusals = async () => (await database.rows(sql`select 1 from audit_event where type = 'officer.refused' and data->>'reason' = 'off-duty' and actor = ${by}`)).length
    for (const [what, [end, back]] of Object.entries(ends)) {
      // A lock ends the session too.
      await signIn(party, colleague)
      const person = nextPerson()
      const page = await find(person.number, colleague)
      const first = await pair(page, colleague)
      const before = await refusals()
      await end()
      expect([what, (await post('/question', {}, first)).status, await refusals()]).toEqual([what, 401, before + 1])
      await back()
      const body = reading(card(person), await question(first))
      await end()
      expect([what, (await post('/reading', body, first)).status, await kept(page)]).toEqual([what, 401, []])
      await back()
      expect([what, (await post('/reading', body, first)).json]).toEqual([what, { is: 'verified' }])
    }
  }, 60_000)

  test('says what is wrong with a call as a problem in JSON, and reads no more than a card has', async () => {
    const page = await find(nextPerson().number)
    const code = await pair(page)
    const unknown = await post('/question', {}, 'ABCD-EFGH-JKLM-NPQR')
    expect([unknown.status, unknown.headers.get('www-authenticate'), unknown.json['type']]).toEqual([401, 'Bearer error="invalid_token"', 'urn:vn:eid:problem:reader.not-paired'])
    // Of whoever has no code nothing is read, however long it is.
    for (const body of ['{"dg14":', { dg14: 'A'.repeat(2_000_000) }]) expect((await post('/question', body, 'ABCD-EFGH-JKLM-NPQR')).status).toBe(401)
    expect((await post('/reading', '{', code)).status).toBe(401)
    expect((await post('/question', '{"dg14":', code)).status).toBe(400)
    expect((await post('/question', { more: 1 }, code)).status).toBe(400)
    expect((await post('/question', '{}', code, 'text/plain')).status).toBe(400)
    expect((await post('/question', { dg14: 'A'.repeat(2_000_000) }, code)).status).toBe(413)
    expect((await post('/nowhere', {}, code)).status).toBe(404)
    // Nothing of that has cost the code, and a question about keys that make no sense has not either.
    expect((await post('/question', { dg14: 'AAAA' }, code)).json).toMatchObject({ is: 'refused', trouble: 'unreadable', part: 'dg14' })
    expect((await post('/question', {}, code)).headers.get('cache-control')).toBe('no-store')
  })
})

test('a signer that the authority revokes while the server runs is believed no more', async () => {
  const file = join(temporaryFolder(), 'trust.pem')
  const { country } = trustedCountry()
  writeFileSync(file, trustOf(country))
  const server = await startServer({ env: { OFFICER_KEYS: 'any', CHIP_TRUST_FILE: file }, files: { [file]: trustOf(country) } })
  try {
    const held = server.house.chipTrust
    expect(held?.now().lists.map(({ revoked }) => revoked.size)).toEqual([1])
    writeFileSync(file, pemOf('CERTIFICATE', country.authorityCertificate) + pemOf('X509 CRL', revocationList({ issuer: country.authority, from: new Date(), until: new Date(Date.now() + 86_400_000), revoked: [0x666, country.signerSerial] })))
    await expect.poll(() => held?.now().lists.map(({ revoked }) => revoked.size), { timeout: 15_000 }).toEqual([2])
  } finally {
    await server.close()
  }
}, 60_000)

test('where the operator has named nobody whose cards are believed, no reader is heard or let in', async () => {
  const server = await startServer({ clients: () => [client.metadata], env: { OFFICER_KEYS: 'any' } })
  try {
    const officer = await enrol(server, await makeRelyingParty(client.party(server.issuer)))
    await seat(server, officer)
    const person = server.nextPerson()
    const page = await fillIn(officer.visitor, await officer.visitor.open(`${server.issuer}/quan-tri/quay`), '/quay', { number: personalNumber.parse(person.number), case: 'HS-1', purpose: 'level-2' })
    expect(page.text).not.toContain('Chip của thẻ')
    expect((await officer.visitor.open(`${page.url}/chip`)).status).toBe(404)
    expect((await fetch(`${server.issuer}${base}/question`, { method: 'POST', body: '{}', headers: { 'content-type': 'application/json', authorization: 'Bearer ABCD-EFGH-JKLM-NPQR' } })).status).toBe(404)
  } finally {
    await server.close()
  }
}, 120_000)
