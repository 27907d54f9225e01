import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { sql } from 'kysely'
import { fillIn } from '#test/support/citizen.ts'
import { enrol, type Enrolled } from '#test/support/journey.ts'
import { approve, bootstrap, inFourWeeks } from '#test/support/officers.ts'
import { makeRelyingParty } from '#test/support/relying-party.ts'
import { engines, startServer, type TestServer } from '#test/support/running.ts'
import { testClient } from '#test/support/test-clients.ts'

const portal = testClient({ name: 'portal' })
const eid = join(import.meta.dirname, '../../bin/eid.cjs')

describe.skipIf(!engines.includes('servers'))('A01: `eid audit verify-approval`, beside a running server,', () => {
  let server: TestServer
  let first: Enrolled
  let second: Enrolled
  let third: Enrolled
  beforeAll(async () => {
    server = await startServer({ engine: 'servers', clients: () => [portal.metadata] })
    const party = await makeRelyingParty(portal.party(server.issuer))
    ;[first, second, third] = [await enrol(server, party), await enrol(server, party), await enrol(server, party)]
    await bootstrap(server, [first, 'super-admin'], [second, 'super-admin'])
  })
  afterAll(() => server.close())

  const verify = (id: string) => new Promise<{ code: number; out: string }>((done) => {
    execFile(process.execPath, [eid, 'audit', 'verify-approval', id, '--json'], { env: { ...process.env, ...server.env } }, (error, stdout, stderr) => {
      done({ code: typeof error?.code === 'number' ? error.code : 0, out: `${stdout}${stderr}` })
    })
  })

  test('says that an approval holds, that one which was altered does not, and that an unknown one is none', async () => {
    const form = await first.visitor.open(`${server.issuer}/quan-tri/vai-tro/de-xuat`)
    const proposed = await fillIn(first.visitor, form, '/de-xuat', { number: third.citizen.number, role: 'auditor', sector: '', endsOn: inFourWeeks, reason: 'thay người nghỉ' })
    const id = proposed.url.pathname.split('/').at(-1) ?? ''
    expect(await verify(id)).toMatchObject({ code: 1, out: expect.stringContaining('"fault":"not-approved"') })
    await approve(second, proposed.url)
    expect(await verify(id)).toMatchObject({ code: 0, out: expect.stringContaining('"fault":null') })
    await server.house.database.change(sql.raw(`do $$ begin
      alter table proposal disable trigger user; update proposal set reason = 'khác' where id = '${id}'; alter table proposal enable trigger user; end $$`))
    expect(await verify(id)).toMatchObject({ code: 1, out: expect.stringContaining('"fault":"wrong-signature"') })
    expect((await verify('00000000-0000-7000-8000-000000000000')).out).toContain('There is no proposal with this id.')
  }, 120_000)
})
