import { z } from 'zod'
import { Problem } from '#kernel/problem.ts'
import type { AccountStore } from '#domain/account/store.ts'
import type { ClientId, AccountId } from '#kernel/id.ts'
import type { Client } from '#domain/client/client.ts'
import type { ConsentStore } from '#domain/consent/store.ts'
import type { RegistryStore } from '#domain/registry/store.ts'
import type { AuditTrail } from '#domain/audit/trail.ts'
import { nameOf } from '#web/interaction/consent.ts'
import { serviceOf } from '#web/interaction/at.ts'
import type { View } from '#web/page.ts'
import { places } from '#web/place/citizen.ts'
import { readerOf } from '#web/reader.ts'
import type { AgreedByOther } from '#web/views/acting.ts'
import { historyPage } from '#web/views/history.ts'
import { citizenRoute, type CitizenTools } from './citizen.ts'

type Tools = CitizenTools & {
  accounts: Pick<AccountStore, 'find'>
  registry: Pick<RegistryStore, 'find'>
  clients: { find: (id: ClientId) => Promise<Client | undefined> }
  consents: Pick<ConsentStore, 'byOthers'>
  trail: Pick<AuditTrail, 'looksAt'>
}

const pageRows = 20

/** Who looked at what is recorded about this person (A04, L06). */
export const showHistory = citizenRoute({
  route: `GET ${places.history}`,
  asks: true,
  form: z.strictObject({ older: z.uuid().optional() }),
  act: async (tools: Tools, { citizen, view }, { older }) => {
    const found = await tools.accounts.find(citizen.account)
    if (found === undefined) throw new Problem('internal')
    const looks = await tools.trail.looksAt({ account: citizen.account, person: found.account.person }, pageRows + 1, older)
    const rows = looks.slice(0, pageRows)
    const agreed = older === undefined ? await agreedByOthers(tools, citizen.account, view) : []
    return { page: historyPage(view, { reader: await readerOf(tools, citizen.account), rows, agreed, older: looks.length > pageRows ? rows.at(-1)?.id : undefined }) }
  },
})

const mostAgreed = 50

/** What a representative agreed to in this person's name, and which of them. */
async function agreedByOthers(tools: Tools, account: AccountId, view: View): Promise<readonly AgreedByOther[]> {
  const given = await tools.consents.byOthers(account, mostAgreed)
  const names = new Map(await Promise.all([...new Set(given.map(({ by }) => by))].map(async (by) => [by, await nameOf(tools, by)] as const)))
  return Promise.all(given.map(async ({ client: id, by, givenAt }) => {
    const client = await tools.clients.find(id)
    return { at: givenAt, service: client && serviceOf(client, view), id, name: names.get(by) }
  }))
}
