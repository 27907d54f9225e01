import { z } from 'zod'
import { accountId, lookUpId } from '#kernel/id.ts'
import type { AccountStore } from '#domain/account/store.ts'
import { caseNumber, lookUpGrounds } from '#domain/audit/case.ts'
import { lookedUp, lookUp, readableUntil } from '#domain/audit/look-up.ts'
import type { OfficerStore } from '#domain/officer/store.ts'
import { parsePersonalNumber } from '#domain/registry/personal-number.ts'
import type { RegistryStore } from '#domain/registry/store.ts'
import { posted } from '#web/account/citizen.ts'
import type { Texts } from '#web/i18n/vi.ts'
import { textsOf } from '#web/i18n/language.ts'
import { lookUpPath, lookUpPlace, places } from '#web/places.ts'
import type { FieldFault } from '#web/views/field.ts'
import { lookUpPage, lookUpResultsPage } from '#web/views/admin/audit-look-up.ts'
import { officersOf, pageOf, type AuditTools } from './audit.ts'
import { officerRoute, ofTheSystem, type OfficerTools } from './officer.ts'

type Finders = { accounts: Pick<AccountStore, 'find' | 'findByPerson'>; registry: Pick<RegistryStore, 'find' | 'findByNumber'> }

export const showLookUp = officerRoute({
  route: `GET ${places.auditLookUp}`,
  may: 'audit.read',
  on: ofTheSystem,
  form: z.strictObject({}),
  act: async (_tools: OfficerTools, { view }) => ({ page: lookUpPage(view, { typed: {}, faults: [] }) }),
})

const typedLookUp = posted.extend({ whom: z.string().trim().max(64), case: z.string().trim().max(128), ground: z.string().max(32).default('') })

/** What was typed stays out of every address: a number in one would stand in logs and in the history of a browser. */
export const takeLookUp = officerRoute({
  route: `POST ${places.auditLookUp}`,
  may: 'audit.read',
  on: ofTheSystem,
  form: typedLookUp,
  act: async (tools: OfficerTools & Finders & Parameters<typeof lookUp>[0], { officer, view }, typed) => {
    const read = readLookUp(typed, textsOf(view.language).audit)
    if ('faults' in read) return { page: lookUpPage(view, { typed, faults: read.faults }), status: 400 }
    const { whom, ...asked } = read
    return { redirect: lookUpPlace(await lookUp(tools, officer, { ...asked, account: await accountOf(tools, whom) })) }
  },
})

function readLookUp(typed: z.output<typeof typedLookUp>, { lookUp: { faults: t } }: Texts['audit']) {
  const whom = accountId.safeParse(typed.whom).data ?? parsePersonalNumber(typed.whom)
  const number = caseNumber.safeParse(typed.case).data
  const ground = z.enum(lookUpGrounds).safeParse(typed.ground).data
  if (whom !== undefined && number !== undefined && ground !== undefined) return { whom, case: number, ground }
  const faults: readonly (FieldFault | false)[] = [
    whom === undefined && { field: 'whom', message: t.whom },
    number === undefined && { field: 'case', message: t.case },
    ground === undefined && { field: `ground-${lookUpGrounds[0]}`, message: t.ground },
  ]
  return { faults: faults.filter((fault) => fault !== false) }
}

async function accountOf({ accounts, registry }: Finders, whom: string) {
  const account = accountId.safeParse(whom).data
  if (account !== undefined) return (await accounts.find(account))?.account.id
  const number = parsePersonalNumber(whom)
  const person = number && (await registry.findByNumber(number))
  return person && (await accounts.findByPerson(person.id))?.id
}

/** What a look-up has opened to its officer, for as long as it does. Nobody known by the number, or nothing recorded: the same page. */
export const showLookedUp = officerRoute({
  route: `GET ${lookUpPath}`,
  may: 'audit.read',
  on: ofTheSystem,
  asks: true,
  form: z.strictObject({ id: lookUpId, older: z.uuid().optional() }),
  act: async (tools: AuditTools & { officers: Pick<OfficerStore, 'list'> } & Parameters<typeof lookedUp>[0], { officer, view }, { id, older: before }) => {
    const found = await lookedUp(tools, officer, id)
    const { account } = found
    const search = { from: new Date(0), to: view.at, account, older: before }
    const [{ rows, older }, named] = await Promise.all([account === undefined ? { rows: [], older: undefined } : pageOf(tools, search), officersOf(tools)])
    const next = older && `${lookUpPlace(id)}?older=${older}`
    return { page: lookUpResultsPage(view, { case: found.case, until: readableUntil(found), rows, named, older: next }) }
  },
})
