import { z } from 'zod'
import { may } from '#domain/officer/permission.ts'
import { roles } from '#domain/officer/role.ts'
import { roleStates } from '#domain/officer/search.ts'
import { keyStandings, overseenBy, staffOrders, type StaffDirectory } from '#domain/officer/staff.ts'
import { consolePlaces } from '#web/place/console.ts'
import { officersInFile, officersPage } from '#web/views/admin/officers.ts'
import { asFile, listed, oneOf, rowsPerPage, sliceOf, typed } from './listing.ts'
import { namesOf, officerRoute, ofTheSystem, type OfficerTools } from './officer.ts'

type Tools = OfficerTools & Parameters<typeof asFile>[0] & Parameters<typeof namesOf>[0] & { staff: StaffDirectory }

const asked = z.strictObject({
  vaitro: oneOf(roles), tinhtrang: z.enum([...roleStates, 'all']).default('in-force'), noi: typed(80), to: typed(63), khoa: oneOf(keyStandings), ...listed(staffOrders, 'newest'),
})

/** Who is at which post, when they were last here and with what key: those whom the reader oversees. */
const showOfficers = officerRoute({
  route: `GET ${consolePlaces.officers}`,
  may: 'officer.read',
  on: ofTheSystem,
  asks: true,
  form: asked,
  act: async (tools: Tools, { officer, view }, { dang, ...wish }) => {
    const within = overseenBy(officer.roles, view.at)
    const state = wish.tinhtrang === 'all' ? undefined : wish.tinhtrang
    const { rows, all } = await tools.staff.search({
      within, role: wish.vaitro, state, at: view.at, sector: wish.to, place: wish.noi, keys: wish.khoa, order: wish.xep, ...sliceOf({ trang: wish.trang, dang }),
    })
    const nameOnce = namesOf(tools)
    const staff = await Promise.all(rows.map(async (one) => ({ ...one, name: await nameOnce(one.grant.account) })))
    if (dang === 'csv') return asFile(tools, officer, { table: 'officers', by: 'officer.read', name: 'can-bo', ...officersInFile(view, staff) })
    const can = (permission: 'role.propose' | 'role.end') => may(officer.roles, permission, {}, view.at)
    return { page: officersPage(view, { staff, all, asked: wish, perPage: rowsPerPage, within, proposes: can('role.propose'), ends: can('role.end') }) }
  },
})

export const officersRoutes = [showOfficers] as const
