import { z } from 'zod'
import { Problem } from '#kernel/problem.ts'
import type { AccountStore } from '#domain/account/store.ts'
import type { AuditTrail } from '#domain/audit/trail.ts'
import { places } from '#web/places.ts'
import { historyPage } from '#web/views/history.ts'
import { citizenRoute, type CitizenTools } from './citizen.ts'

type Tools = CitizenTools & { accounts: Pick<AccountStore, 'find'>; trail: Pick<AuditTrail, 'looksAt'> }

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
    return { page: historyPage(view, { rows, older: looks.length > pageRows ? rows.at(-1)?.id : undefined }) }
  },
})
