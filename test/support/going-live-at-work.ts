import { connectionId, newId, sector, type AccountId } from '#kernel/id.ts'
import { textsOf } from '#web/i18n/language.ts'
import type { Result } from '#domain/self-test/self-test.ts'
import { selfTestReports } from '#storage/sandbox/self-tests.ts'
import type { Tour } from './clients-at-work.ts'
import { typeRequest } from './connection-form.ts'
import { makeClient, sandboxOf } from './developer.ts'
import type { Hand } from './hand.ts'
import { greenResults } from './self-test-results.ts'

const results = greenResults.map((one): Result => (one.test === 'foreign-key' ? { ...one, passed: false, saw: 'signed-in', status: 200 } : one))
const entry = {
  client_id: 'so-y-te', client_name: 'Sở Y tế Hà Nội', legal_name: { vi: 'Sở Y tế thành phố Hà Nội', en: 'Hanoi Department of Health' }, sector: 'yte.example', relying_party_class: 'A', profile: 'fapi2',
  agreement: { number: '12/TT-2026', signed_on: '2026-01-02', ends_on: '2099-01-02' }, security_level: 3, contacts: ['ops@example.com'], jwks_uri: 'https://dichvu.yte.example/jwks',
  redirect_uris: ['https://dichvu.yte.example/callback'], post_logout_redirect_uris: ['https://dichvu.yte.example/'],
  purposes: [{ claims: ['name', 'birthdate'], basis: 'law', reference: { vi: 'Luật Khám bệnh, chữa bệnh 2023 Điều 10', en: 'Law on Medical Examination and Treatment 2023, Article 10' }, purpose: { vi: 'Đăng ký khám bệnh', en: 'Booking an examination' } }],
}

/** From a test application to a request to connect, and the desk of those who review one of somebody else. */
export async function goingLiveAtWork({ product: { server }, page, language, look }: Tour, { hand, developer, other }: { hand: Hand; developer: AccountId; other: AccountId }): Promise<void> {
  const { goingLive: t } = textsOf(language)
  const beside = sandboxOf(server)
  const { id } = await makeClient(beside, developer)
  const reports = selfTestReports(beside.house.database)
  const startedAt = new Date()
  const addresses = { initiate: 'https://dichvu.yte.example/login' }
  await page.goto(`${server.issuer}/nha-phat-trien/${id}/tu-kiem-tra`)
  const title = t.selfTest.title('Ứng dụng thử')
  await look('self-test', title)
  await hand.fill(t.selfTest.initiate, 'https://elsewhere.example/')
  await hand.tap(t.selfTest.begin)
  await look('self-test, another server', title)
  const before = new Date(startedAt.getTime() - 120_000)
  await reports.begin(id, addresses, before)
  for (const [name, finishedAt, done] of [['self-test, running', undefined, 4], ['self-test, green', startedAt, greenResults.length]] as const) {
    await reports.note({ client: id, startedAt: before, finishedAt, addresses, results: greenResults.slice(0, done) })
    await page.goto(`${server.issuer}/nha-phat-trien/${id}/tu-kiem-tra`)
    await look(name, title)
  }
  await reports.begin(id, addresses, startedAt)
  await reports.note({ client: id, startedAt, finishedAt: new Date(), addresses, results })
  await page.goto(`${server.issuer}/nha-phat-trien/${id}/tu-kiem-tra`)
  await look('self-test, red', title)

  await page.goto(`${server.issuer}/nha-phat-trien/ket-noi`)
  await look('requests to connect', t.request.title)
  await hand.tap(t.request.begin('Ứng dụng thử'))
  await look('a request to connect, empty', 'Ứng dụng thử')
  await hand.tap(t.request.save)
  await look('a request to connect, not whole', 'Ứng dụng thử')
  await typeRequest({ page, hand, language }, entry)
  await hand.tap(t.request.save)
  await look('a request to connect', entry.client_name)
  await hand.tap(t.request.send)
  await look('a request to connect, not ready', entry.client_name)
  await hand.tap(t.request.withdraw)
  await look('a request to connect, withdrawn', entry.client_name)

  const connection = connectionId.parse(newId())
  const { connections } = server.house
  await connections.add({ id: connection, owner: other, tried: (await makeClient(beside, other)).id, entry, state: 'draft', createdAt: new Date() })
  await connections.save(connection, { entry, sector: sector.parse(entry.sector) })
  const event = { type: 'connection.submitted', connection, tried: id, by: other } as const
  await connections.submit(connection, { at: new Date(Date.now() - 40 * 86_400_000), selfTest: { finishedAt: startedAt, results }, event })
  await page.goto(`${server.issuer}/quan-tri`)
  await look('the overview, a request is overdue', textsOf(language).console.title)
  await page.goto(`${server.issuer}/quan-tri/ket-noi`)
  await look('requests to review', t.review.title)
  await page.goto(`${server.issuer}/quan-tri/ket-noi?tinhtrang=overdue`)
  await look('requests to review, the overdue', t.review.title)
  await page.locator(`a[href$="${connection}"]`).click()
  await look('a request under review', entry.client_name)
  await hand.tap(t.review.return)
  await look('a request, returned without a reason', entry.client_name)
  await hand.tap(t.review.propose)
  await look('a request, proposed without a reason', entry.client_name)
}
