import { execFile, spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, inject, onTestFinished, test } from 'vitest'
import { printedReference } from '#domain/notice/reference.ts'
import { fillIn } from '#test/support/citizen.ts'
import { accountOf, enrol, get, type Enrolled } from '#test/support/journey.ts'
import { listen, manners, type ListeningParty, type Manner } from '#test/support/listening-party.ts'
import { mailsIn } from '#test/support/mailbox.ts'
import { command } from '#test/support/postgres-server.ts'
import { makeRelyingParty, type RelyingParty } from '#test/support/relying-party.ts'
import { engines, startServer, type TestServer } from '#test/support/running.ts'
import { templateName } from '#test/support/template.ts'
import { testClient } from '#test/support/test-clients.ts'

const postgres = inject('postgres')
const redis = inject('redis')
const root = join(import.meta.dirname, '../..')
const client = testClient({ name: 'portal' })
const soon = { timeout: 30_000 }

function present<What>(what: What | undefined): What {
  if (what === undefined) throw new Error('it is there')
  return what
}
const told = ({ house }: TestServer, account: Awaited<ReturnType<typeof accountOf>>) => house.holderNotices.ofAccount(account)
const mailsTo = (folder: string, who: Enrolled, subject: string) => mailsIn(folder).filter((mail) => mail.to === who.citizen.email && mail.subject.includes(subject))
async function print(server: TestServer, { visitor }: Enrolled) {
  return fillIn(visitor, await visitor.open(`${server.issuer}/tai-khoan/ma-khoi-phuc`), '/ma-khoi-phuc')
}
/** Their own-name mobile, as it was proven at a desk. */
async function withPhone(server: TestServer, who: Enrolled) {
  const account = await accountOf(server, who)
  await server.house.contactStore.replace(account, { kind: 'phone', value: '+84912345678', verifiedAt: new Date() }, { type: 'contact.changed', account, kind: 'phone', by: 'operator' })
  return account
}

describe.each(engines)('notices on %s', (engine) => {
  let server: TestServer
  let portal: RelyingParty
  let gateway: ListeningParty
  let manner: Manner = manners.well
  beforeAll(async () => {
    gateway = await listen((response, count) => manner(response, count))
    server = await startServer({ engine, env: { SMS_URL: `${gateway.address}/v1/messages` }, clients: () => [client.metadata] })
    portal = await makeRelyingParty(client.party(server.issuer))
  })
  afterAll(async () => {
    await server.close()
    await gateway.close()
  })

  const page = () => `${server.issuer}/tai-khoan/thong-bao`
  const messages = () => gateway.told.map(({ body }) => body)

  test('reach their holder by mail and by message, without a link, and are found again in "my e-ID"', async () => {
    manner = manners.well
    const who = await enrol(server, portal)
    const account = await withPhone(server, who)
    await print(server, who)
    await expect.poll(async () => (await told(server, account)).flatMap(({ deliveries }) => deliveries).filter(({ sentAt }) => sentAt === undefined).length, soon).toBe(0)
    const [notice] = await told(server, account)
    const reference = printedReference(present(notice).reference)
    const [mail] = mailsTo(server.mailDir, who, 'Mã khôi phục mới')
    expect([mail?.text.includes(reference), messages().filter((body) => body.includes(reference)).length]).toEqual([true, 1])
    expect(`${mail?.text}${messages().join('')}`).not.toMatch(/https?:|www\.|localhost/)
    const list = await who.visitor.open(page())
    expect(list.text).toMatch(/Một bộ mã khôi phục mới[^]*Email: đã gửi[^]*Tin nhắn: đã gửi/)
    expect(list.text).toContain(reference)
  })

  test('are checked by their reference: ours, not ours, mistyped, and of no other account', async () => {
    const [who, other] = [await enrol(server, portal), await enrol(server, portal)]
    const [mine] = await told(server, await accountOf(server, who))
    const [theirs] = await told(server, await accountOf(server, other))
    const checked = async (reference: string) => fillIn(who.visitor, await who.visitor.open(page()), '/kiem-tra', { reference })
    expect((await checked(` ${(mine?.reference ?? '').toLowerCase()} `)).text).toContain('Đúng là thông báo của chúng tôi')
    for (const strange of [theirs?.reference ?? '', '000-000-000']) expect((await checked(strange)).text).toContain('không phải thông báo của chúng tôi gửi cho bạn')
    const slip = await checked('000-000-001')
    expect([slip.status, slip.text.includes('Mã này không đúng'), (await checked('')).text.includes('Hãy nhập mã tham chiếu')]).toEqual([422, true, true])
  })

  test('come in the language that their holder chose', async () => {
    const who = await enrol(server, portal)
    const choose = async (language: string) => fillIn(who.visitor, await who.visitor.open(page()), '/ngon-ngu', { language })
    expect((await choose('en')).text).toContain('Đã lưu')
    await print(server, who)
    await expect.poll(() => mailsTo(server.mailDir, who, 'New recovery codes').length, soon).toBe(1)
    expect(mailsTo(server.mailDir, who, 'New recovery codes')[0]?.text).not.toContain('Mã khôi phục')
    await choose('vi')
    await print(server, who)
    await expect.poll(() => mailsTo(server.mailDir, who, 'Mã khôi phục mới').length, soon).toBe(1)
    expect(mailsTo(server.mailDir, who, 'Mã khôi phục mới')[0]?.text).not.toContain('recovery codes')
  })

  test('a gateway that is dead or silent holds up no mail; what waits is sent when it is back, once', async () => {
    manner = manners.badly
    const who = await enrol(server, portal)
    const account = await withPhone(server, who)
    await print(server, who)
    await expect.poll(() => mailsTo(server.mailDir, who, 'Mã khôi phục mới').length, soon).toBe(1)
    const notice = present((await told(server, account)).find(({ occasion }) => occasion.of === 'codes-printed'))
    const reference = printedReference(notice.reference)
    const heard = () => messages().filter((body) => body.includes(reference)).length
    await expect.poll(heard, soon).toBe(1)
    const again = () => server.house.database.change(sql`update job.job set start_after = now() where state = 'retry' and data->>'notice' = ${notice.id}`)
    manner = manners.never
    await expect.poll(again, soon).toBe(1)
    await expect.poll(heard, soon).toBe(2)
    manner = manners.well
    await expect.poll(again, soon).toBe(1)
    const sent = async () => (await told(server, account)).find(({ id }) => id === notice.id)?.deliveries.filter(({ sentAt }) => sentAt !== undefined).length
    await expect.poll(sent, soon).toBe(2)
    expect([heard(), mailsTo(server.mailDir, who, 'Mã khôi phục mới').length]).toEqual([3, 1])
  }, 120_000)
})

describe.skipIf(postgres === undefined || redis === undefined)('notices and processes', () => {
  test('a server that is killed between the change and its telling loses nothing: the next one tells, once by each channel', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'dinh-danh-notices-'))
    onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
    const url = new URL(postgres ?? '')
    url.pathname = `notices_${randomBytes(8).toString('hex')}`
    await command(postgres ?? '', `create database ${url.pathname.slice(1)} template ${templateName}`)
    let manner: Manner = manners.never
    const gateway = await listen((response, count) => manner(response, count))
    onTestFinished(gateway.close)
    const env = { DATA_DIR: folder, DATABASE_URL: url.href, REDIS_URL: redis ?? '', LOG_LEVEL: 'silent', SMS_URL: gateway.address }
    const server = await startServer({ env, clients: () => [client.metadata] })
    const who = await enrol(server, await makeRelyingParty(client.party(server.issuer)))
    const account = await withPhone(server, who)
    await server.close()

    const more = { ...process.env, ...env, ISSUER: server.issuer, PORT: new URL(server.issuer).port }
    const serving = async () => {
      const child = spawn(process.execPath, [join(root, 'src/cli/main.ts'), 'serve'], { env: more, cwd: root, stdio: 'ignore' })
      onTestFinished(() => void child.kill('SIGKILL'))
      await expect.poll(() => get(`${server.issuer}/readyz`).then(({ status }) => status, () => 0), soon).toBe(200)
      return child
    }
    const before = gateway.told.length
    const first = await serving()
    // At the command line, whose process tells nobody itself: it has ended when the server is killed.
    await promisify(execFile)(process.execPath, [join(root, 'src/cli/main.ts'), 'account', 'lock', who.citizen.number, '--ground', 'competent-body'], { env: more, cwd: root })
    await expect.poll(() => gateway.told.length, soon).toBeGreaterThan(before)
    first.kill('SIGKILL')
    manner = manners.well
    const mailed = () => mailsTo(server.mailDir, who, 'bị khóa').length
    await serving()
    const another = await server.another()
    onTestFinished(another.close)
    const locked = async () => (await another.house.holderNotices.ofAccount(account)).find(({ occasion }) => occasion.of === 'account-locked')
    const sent = async () => (await locked())?.deliveries.map(({ channel, sentAt }) => [channel, sentAt !== undefined])
    await expect.poll(sent, { timeout: 60_000 }).toEqual([['email', true], ['sms', true]])
    const reference = printedReference(present(await locked()).reference)
    const ids = gateway.told.map(({ body }) => body).filter((body) => body.includes(reference)).map((body) => /"id":"([^"]+)"/.exec(body)?.[1])
    expect([new Set(ids).size, mailed()]).toEqual([1, 1])
  }, 180_000)
})
