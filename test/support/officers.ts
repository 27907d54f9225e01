import { newId, sector } from '#kernel/id.ts'
import type { Role } from '#domain/officer/role.ts'
import type { Post } from '#domain/officer/post.ts'
import { insertRole } from '#storage/postgres/officers.ts'
import { fillIn, requestOptions } from './citizen.ts'
import { accountOf, type Enrolled } from './journey.ts'
import type { TestServer } from './running.ts'
import type { Stop } from './visitor.ts'

/** The day so many days from now, as forms and entries have it. */
export const inDays = (days: number): string => new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10)

/** When the roles of tests end. */
export const inFourWeeks = inDays(28)

type Hired = Pick<Enrolled, 'citizen'>

/** Gives a role as if two people had decided so; of one sector where one is named. */
export async function hire(server: TestServer, who: Hired, role: Role, of?: string): Promise<void> {
  const grant = { id: newId(), account: await accountOf(server, who), role, since: new Date(), endsOn: inFourWeeks }
  await insertRole(server.house.database, { ...grant, ...(of !== undefined && { sector: sector.parse(of) }) }, undefined)
}

/** The first officers of a system, as `eid officer bootstrap` makes them. */
export async function bootstrap(server: TestServer, ...officers: readonly (readonly [Hired, Role, of?: string])[]): Promise<void> {
  const wanted = await Promise.all(officers.map(async ([who, role, of]) => ({ account: await accountOf(server, who), role, ends_on: inFourWeeks, ...(of !== undefined && { sector: sector.parse(of) }) })))
  if (!(await server.house.officers.bootstrap(wanted, new Date()))) throw new Error('this system has officers already')
}

/** Somebody whom a desk has seen: where officers are as in production, nobody at level 1 comes into the console. */
export async function prove(server: TestServer, ...people: readonly Hired[]): Promise<void> {
  for (const who of people) await server.house.accounts.move(await accountOf(server, who), { to: 'raise', by: 'officer' }, new Date())
}

/** Opens a proposal and signs it with the officer's own key. */
export async function approve({ visitor, citizen }: Enrolled, proposal: URL): Promise<Stop> {
  const page = await visitor.open(proposal)
  return fillIn(visitor, page, '/dong-y', { assertion: JSON.stringify(citizen.authenticator.get(requestOptions(page))) })
}

/** A desk that is always open, but for one minute before midnight. */
export const allDay: Post = { desk: 'Quầy 1', commune: 'phường Bến Thành', badge: 'Cán bộ Nguyễn Văn An', from: '00:00', until: '23:59', days: 7 }

/** The same for a desk. */
export async function seat(server: TestServer, who: Hired, post: Post = allDay): Promise<void> {
  const grant = { id: newId(), account: await accountOf(server, who), role: 'enrolment-officer' as const, post, since: new Date(), endsOn: inFourWeeks }
  await insertRole(server.house.database, grant, undefined)
}
