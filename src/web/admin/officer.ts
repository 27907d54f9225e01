import type { z } from 'zod'
import type { Clock } from '#kernel/clock.ts'
import type { AccountId } from '#kernel/id.ts'
import { Problem } from '#kernel/problem.ts'
import type { AccountStore } from '#domain/account/store.ts'
import { mustNameNobody } from '#domain/audit/personal-data.ts'
import { mustMay, type Officer } from '#domain/officer/officer.ts'
import type { Owned, Permission } from '#domain/officer/permission.ts'
import type { RegistryStore } from '#domain/registry/store.ts'
import { viewOf, type Visit } from '#web/request/visit.ts'
import { route, type Answer, type Route } from '#web/route.ts'
import type { AdminView } from '#web/views/admin/frame.ts'
import type { AuditLog } from '#domain/audit/event.ts'

export type OfficerTools = Parameters<typeof viewOf>[0] & { audit: AuditLog; clock: Clock }

/** A page of an officer at work. */
export type Scene = { officer: Officer; view: AdminView; visit: Visit }

type Declared<Tools, Form extends z.ZodType> = {
  route: Route<Tools>['route']
  may: Permission
  /**
   * Whom that belongs to which the page is about, so that a role of one sector ends there; `list` where the page shows whatever the roles
   * reach, and looks at that itself.
   */
  on: 'list' | ((tools: Tools, input: z.output<Form>) => Promise<Owned>)
  signs?: boolean
  asks?: boolean
  upload?: number
  form: Form
  act: (tools: Tools, scene: Scene, input: z.output<Form>) => Promise<Answer>
}

/** What belongs to nobody in particular is for roles that reach everything. */
export const ofTheSystem = async (): Promise<Owned> => ({})

/** A route of the console. Whoever lacks the permission on just this never reaches `act` (A03). */
export function officerRoute<Tools extends OfficerTools, Form extends z.ZodType>({ route: at, may, on, signs = false, asks = false, upload, form, act }: Declared<Tools, Form>): Route<Tools> {
  return route({
    route: at,
    who: may,
    signs,
    asks,
    ...(upload !== undefined && { upload }),
    form,
    act: async (tools: Tools, visit, input) => {
      const { officer } = visit
      if (officer === undefined) throw new Problem('internal')
      if (on !== 'list') await mustMay(tools, officer, may, await on(tools, input))
      mustNameNobody(input)
      return act(tools, { officer, visit, view: { ...viewOf(tools, visit), officer, at: tools.clock.now() } }, input)
    },
  })
}

type NameTools = { accounts: Pick<AccountStore, 'find'>; registry: Pick<RegistryStore, 'find'> }

/** Colleagues are known by name. */
export async function nameOf({ accounts, registry }: NameTools, account: AccountId): Promise<string> {
  const found = await accounts.find(account)
  const person = found && (await registry.find(found.account.person))
  return person?.name ?? account
}

/** Each of them looked up once, however often they stand in a table. */
export function namesOf(tools: NameTools): (account: AccountId) => Promise<string> {
  const known = new Map<AccountId, Promise<string>>()
  return (account) => {
    const name = known.get(account) ?? nameOf(tools, account)
    known.set(account, name)
    return name
  }
}
