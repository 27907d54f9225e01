import { z } from 'zod'
import { Problem } from '#kernel/problem.ts'
import { notEnded } from '#domain/account/account.ts'
import type { AccountStore } from '#domain/account/store.ts'
import { may } from '#domain/officer/permission.ts'
import { roleFault, roles, roleWanted, type RoleFault, type RoleGrant } from '#domain/officer/role.ts'
import { roleOrders, roleStates, type RoleDirectory } from '#domain/officer/search.ts'
import type { OfficerStore } from '#domain/officer/store.ts'
import { propose } from '#domain/proposal/propose.ts'
import { parsePersonalNumber } from '#domain/registry/personal-number.ts'
import type { RegistryStore } from '#domain/registry/store.ts'
import { posted } from '#web/account/citizen.ts'
import { textsOf } from '#web/i18n/language.ts'
import type { Texts } from '#web/i18n/vi.ts'
import { consolePlaces, endRolePath, proposalPlaces } from '#web/place/console.ts'
import type { FieldFault } from '#web/views/field.ts'
import { endRolePage, matrixPage, proposeRolePage, rolesInFile, rolesPage, type Held } from '#web/views/admin/roles.ts'
import { asFile, listed, oneOf, rowsPerPage, sliceOf, typed as filterText } from './listing.ts'
import { nameOf, namesOf, officerRoute, ofTheSystem, type OfficerTools } from './officer.ts'

type Tools = OfficerTools & { officers: OfficerStore & RoleDirectory; accounts: Pick<AccountStore, 'find' | 'findByPerson'>; registry: Pick<RegistryStore, 'find' | 'findByNumber'> }

const asked = z.strictObject({ vaitro: oneOf(roles), tinhtrang: oneOf(roleStates), phamvi: filterText(63), ...listed(roleOrders, 'newest') })

/** Who is what, and until when. */
export const showRoles = officerRoute({
  route: `GET ${consolePlaces.roles}`,
  may: 'role.read',
  on: ofTheSystem,
  asks: true,
  form: asked,
  act: async (tools: Tools & Parameters<typeof asFile>[0], { officer, view }, { dang, ...wish }) => {
    const { rows, all } = await tools.officers.search({ role: wish.vaitro, state: wish.tinhtrang, sector: wish.phamvi, order: wish.xep, at: view.at, ...sliceOf({ trang: wish.trang, dang }) })
    const nameOnce = namesOf(tools)
    const held = await Promise.all(rows.map(async (grant) => ({ grant, holder: await nameOnce(grant.account) })))
    if (dang === 'csv') return asFile(tools, officer, { table: 'roles', by: 'role.read', name: 'vai-tro', ...rolesInFile(view, held) })
    const can = (permission: 'role.propose' | 'role.end') => may(officer.roles, permission, {}, view.at)
    return { page: rolesPage(view, { held, all, asked: wish, perPage: rowsPerPage, proposes: can('role.propose'), ends: can('role.end') }) }
  },
})

export const showMatrix = officerRoute({
  route: `GET ${consolePlaces.roleMatrix}`,
  may: 'console.open',
  on: 'list',
  form: z.strictObject({}),
  act: async (_tools: OfficerTools, { view }) => ({ page: matrixPage(view) }),
})

export const showProposeRole = officerRoute({
  route: `GET ${consolePlaces.proposeRole}`,
  may: 'role.propose',
  on: ofTheSystem,
  form: z.strictObject({}),
  act: async (_tools: OfficerTools, { view }) => ({ page: proposeRolePage(view, { typed: {}, faults: [] }) }),
})

const words = z.string().trim().max(80).default('')
const typedRole = posted.extend({
  number: z.string().max(32), role: z.string().max(32).default(''), sector: z.string().trim().max(63), endsOn: z.string().trim().max(10), reason: z.string().trim().max(500),
  deskName: words, commune: words, badge: words, shiftFrom: words, shiftUntil: words, shiftDays: words,
})
type Typed = z.output<typeof typedRole>

export const proposeRole = officerRoute({
  route: `POST ${consolePlaces.proposeRole}`,
  may: 'role.propose',
  on: ofTheSystem,
  form: typedRole,
  act: async (tools: Tools & Parameters<typeof propose>[0], { officer, view }, typed) => {
    const read = await readRole(tools, typed, textsOf(view.language))
    if ('faults' in read) return { page: proposeRolePage(view, { typed, faults: read.faults }), status: 422 }
    const proposed = await propose(tools, officer, { change: { act: 'role.grant', role: read.wanted }, reason: typed.reason })
    if ('fault' in proposed) throw new Problem('internal')
    return { redirect: proposalPlaces(proposed.proposal.id).start }
  },
})

/** A desk and its shift, where anything of it was typed; whether it is one is for `roleWanted` to say. */
function postOf({ deskName: desk, commune, badge, shiftFrom: from, shiftUntil: until, shiftDays: days }: Typed) {
  if ([desk, commune, badge, from, until, days].every((text) => text === '')) return {}
  return { post: { desk, commune, from, until, days: Number(days), ...(badge !== '' && { badge }) } }
}

async function readRole(tools: Tools, typed: Typed, { console: { roles: t, reasonMissing }, desk: { post } }: Texts) {
  const number = parsePersonalNumber(typed.number)
  const person = number && (await tools.registry.findByNumber(number))
  const account = person && notEnded(await tools.accounts.findByPerson(person.id))
  const wanted = roleWanted.safeParse({ account: account?.id, role: typed.role, ends_on: typed.endsOn, ...(typed.sector !== '' && { sector: typed.sector }), ...postOf(typed) })
  if (wanted.success && typed.reason !== '') {
    const fault = roleFault(wanted.data, tools.clock.now())
    return fault === undefined ? { wanted: wanted.data } : { faults: [{ field: fieldOf(fault), message: t.faults[fault] }] }
  }
  const messages = { account: ['number', t.noAccount], role: [`role-${roles[0]}`, t.noRole], sector: ['sector', t.sectorHint], post: ['deskName', post.fault], ends_on: ['endsOn', t.badDay] } as const
  const bad = new Set(wanted.error?.issues.map(({ path: [member] }) => String(member)))
  const faults: readonly FieldFault[] = Object.entries(messages).filter(([member]) => bad.has(member)).map(([, [field, message]]) => ({ field, message }))
  return { faults: typed.reason === '' ? [...faults, { field: 'reason', message: reasonMissing }] : faults }
}

function fieldOf(fault: RoleFault): string {
  if (fault.startsWith('post')) return 'deskName'
  return fault.startsWith('sector') ? 'sector' : 'endsOn'
}

const atRole = z.strictObject({ id: z.uuid() })

export const askToEndRole = officerRoute({
  route: `GET ${endRolePath}`,
  may: 'role.end',
  on: ofTheSystem,
  form: atRole,
  act: async (tools: Tools, { view }, { id }) => ({ page: endRolePage(view, { ...(await heldBy(tools, await roleAt(tools, id))), reasonMissing: false }) }),
})

/** One person ends a role at once: what somebody may no longer do must not wait for a second. */
export const endRole = officerRoute({
  route: `POST ${endRolePath}`,
  may: 'role.end',
  on: ofTheSystem,
  form: posted.extend({ id: z.uuid(), reason: z.string().trim().max(500) }),
  act: async (tools: Tools, { officer, view }, { id, reason }) => {
    const grant = await roleAt(tools, id)
    if (reason === '') return { page: endRolePage(view, { ...(await heldBy(tools, grant)), reasonMissing: true }), status: 422 }
    await tools.officers.end(id, tools.clock.now(), { type: 'role.ended', role: grant.role, account: grant.account, by: officer.account, reason })
    return { redirect: consolePlaces.roles }
  },
})

async function roleAt({ officers }: Tools, id: string): Promise<RoleGrant> {
  const grant = await officers.find(id)
  if (grant === undefined) throw new Problem('request.not-found')
  return grant
}

async function heldBy(tools: Tools, grant: RoleGrant): Promise<Held> {
  return { grant, holder: await nameOf(tools, grant.account) }
}
