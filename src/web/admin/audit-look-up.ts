import { z } from 'zod'
import { accountId, lookUpId, type AccountId } from '#kernel/id.ts'
import type { AccountStore } from '#domain/account/store.ts'
import { caseNumber, lookUpGrounds } from '#domain/audit/case.ts'
import { namesSomebody } from '#domain/audit/personal-data.ts'
import { behind } from '#domain/audit/shown.ts'
import { lookedUp, lookUp, readableUntil } from '#domain/audit/look-up.ts'
import type { OfficerStore } from '#domain/officer/store.ts'
import { parsePersonalNumber } from '#domain/registry/personal-number.ts'
import type { RegistryStore } from '#domain/registry/store.ts'
import { posted } from '#web/account/citizen.ts'
import type { Texts } from '#web/i18n/vi.ts'
import { textsOf } from '#web/i18n/language.ts'
import { consolePlaces, lookUpPath, lookUpPlace } from '#web/place/console.ts'
import type { FieldFault } from '#web/views/field.ts'
import { lookUpPage, lookUpResultsPage } from '#web/views/admin/audit-look-up.ts'
import { officersOf, pageOf, type AuditTools } from './audit.ts'
import { officerRoute, ofTheSystem, type OfficerTools } from './officer.ts'

type Finding = Finders & Pick<AuditTools, 'trail'> & { officers: Pick<OfficerStore, 'list'> }
type Finders = { accounts: Pick<AccountStore, 'find' | 'findByPerson'>; registry: Pick<RegistryStore, 'find' | 'findByNumber'> }

export const showLookUp = officerRoute({
  route: `GET ${consolePlaces.auditLookUp}`,
  may: 'audit.read',
  on: ofTheSystem,
  asks: true,
  /** The event that one comes from. */
  form: z.strictObject({ event: z.uuid().optional() }),
  act: async (_tools: OfficerTools, { view }, { event }) => ({ page: lookUpPage(view, { typed: event === undefined ? {} : { whom: event }, faults: [] }) }),
})

const typedLookUp = posted.extend({ whom: z.string().trim().max(64), case: z.string().trim().max(128), ground: z.string().max(32).default('') })

/** What was typed stays out of every address: a number in one would stand in logs and in the history of a browser. */
export const takeLookUp = officerRoute({
  route: `POST ${consolePlaces.auditLookUp}`,
  may: 'audit.read',
  on: ofTheSystem,
  form: typedLookUp,
  act: async (tools: OfficerTools & Finding & Parameters<typeof lookUp>[0], { officer, view }, typed) => {
    const read = readLookUp(typed, textsOf(view.language).audit)
    if ('faults' in read) return { page: lookUpPage(view, { typed, faults: read.faults }), status: 422 }
    const { whom, ...asked } = read
    return { redirect: lookUpPlace(await lookUp(tools, officer, { ...asked, account: await accountOf(tools, whom, view.at) })) }
  },
})

function readLookUp(typed: z.output<typeof typedLookUp>, { lookUp: { faults: t } }: Texts['audit']) {
  const whom = accountId.safeParse(typed.whom).data ?? parsePersonalNumber(typed.whom)
  const number = caseNumber.safeParse(typed.case).data
  const ground = z.enum(lookUpGrounds).safeParse(typed.ground).data
  if (whom !== undefined && number !== undefined && ground !== undefined) return { whom, case: number, ground }
  const faults: readonly (FieldFault | false)[] = [
    whom === undefined && { field: 'whom', message: t.whom },
    number === undefined && { field: 'case', message: namesSomebody(typed.case) ? t.casePersonal : t.case },
    ground === undefined && { field: `ground-${lookUpGrounds[0]}`, message: t.ground },
  ]
  return { faults: faults.filter((fault) => fault !== false) }
}

/** Somebody by their personal number, by that of their account, or by that of an event which leads to them. */
async function accountOf({ accounts, registry, trail, officers }: Finding, whom: string, now: Date): Promise<AccountId | undefined> {
  const number = parsePersonalNumber(whom)
  if (number !== undefined) {
    const person = await registry.findByNumber(number)
    return person && (await accounts.findByPerson(person.id))?.id
  }
  const account = accountId.safeParse(whom).data
  const found = account && (await accounts.find(account))
  if (found !== undefined) return found.account.id
  const [event] = await trail.search({ from: new Date(0), to: now, reference: whom }, 1)
  const one = event && behind(event, new Set((await officers.list()).map((grant) => grant.account)))
  if (one === undefined || 'account' in one) return one?.account
  return 'person' in one ? (await accounts.findByPerson(one.person))?.id : undefined
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
