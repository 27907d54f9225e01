import { randomBytes, randomUUID } from 'node:crypto'
import { expect, test } from 'vitest'
import { accountId, applicationId, newId, organisationId } from '#kernel/id.ts'
import { declaration } from '#domain/organisation/declared.ts'
import { makeSealer } from '#keys/sealer.ts'
import { accounts } from '#storage/postgres/accounts.ts'
import { applyGrants } from '#storage/postgres/grant.ts'
import { organisations } from '#storage/postgres/organisations.ts'
import { registry } from '#storage/postgres/registry.ts'
import { openAs } from '#test/support/database-users.ts'
import { databases } from '#test/support/engines.ts'
import { anAccount, aPerson } from '#test/support/made-up.ts'

const open = databases['postgres']
const sealer = makeSealer({ seal: [{ version: 1, secret: randomBytes(32) }], index: randomBytes(32) })
const at = new Date('2026-11-25T03:04:05.678Z')

test.skipIf(open === undefined)('what no register knows is declared by the one plane and decided by the other, each with its own user', async () => {
  if (open === undefined) throw new Error('no PostgreSQL in this run')
  const owner = await open()
  await applyGrants(owner)
  const [citizen, console] = [organisations(await openAs(owner, 'citizen'), sealer, { now: () => at }), organisations(await openAs(owner, 'console'), sealer, { now: () => at })]
  const person = aPerson()
  await registry(owner, sealer).importAll((async function* one() { yield [person] })())
  const account = anAccount({ person: person.id, level: 1 })
  await accounts(owner, sealer).open({ account })
  const by = { person: person.id, account: account.id, at }
  const what = declaration.parse({
    code: '0500000001', name: 'Hội Khuyến học Tân Tiến', kind: 'association', address: 'Số 1, đường Lê Lợi, Hà Nội', papers: { number: '1234/QĐ-UBND', issuer: 'Hà Nội', issuedOn: '2020-01-02' }, others: [],
  })
  const [organisation, id] = [organisationId.parse(newId()), applicationId.parse(newId())]
  expect(await citizen.declare(what, { organisation, id, reference: id.slice(-9) }, by)).toBe('done')
  const officer = () => ({ account: accountId.parse(randomUUID()), at, reason: 'x' })
  expect([await console.examine(id, { ...officer(), papers: 'Bản chính' }), await console.issue(id, officer())]).toEqual(['done', 'done'])
  expect((await citizen.move(organisation, { to: 'activate', by: 'representative' }, by)).is).toBe('moved')
})
