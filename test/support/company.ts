import { accountId, newId, organisationId, type OrganisationId } from '#kernel/id.ts'
import { organisationCode, type Organisation } from '#domain/organisation/organisation.ts'
import { personalNumber, type Person } from '#domain/registry/person.ts'
import { inDays } from './officers.ts'
import { scopeBox } from '#web/account/mandates.ts'
import { fillIn, tap } from './citizen.ts'
import { grownUp } from './family.ts'
import type { Enrolled } from './journey.ts'
import { isSignIn } from './journey.ts'
import { aPerson } from './made-up.ts'
import type { RelyingParty } from './relying-party.ts'
import type { TestServer } from './running.ts'
import type { Stop } from './visitor.ts'

/** A company with two legal representatives, an accountant whom no register knows as theirs, and somebody next door. */
export type Company = { organisation: Organisation } & Record<'director' | 'partner' | 'accountant' | 'neighbour', Person>

const card = { kind: 'can-cuoc' as const, issuedOn: '2025-08-01', issuedAt: 'Bộ Công an', expiresOn: '2099-01-01' }
const at = (company: number, digits: string) => personalNumber.parse(`${digits}${String(company).padStart(6, '0')}`)

/** No number of one company is another's, nor of a family (`family.ts`). */
export function aCompany(company: number): Company {
  const one = (digits: string, named: Partial<Person>) => aPerson({ card, ...named, number: at(company, digits) })
  const director = one('001175', { name: 'Nguyễn Thị Ánh Nguyệt', birthDate: '1975-05-06', sex: 'female' })
  const partner = one('001072', { name: 'Lê Quang Vinh', birthDate: '1972-01-02', sex: 'male' })
  const accountant = one('001190', { name: 'Trần Thu Trang', birthDate: '1990-02-03', sex: 'female' })
  const neighbour = one('001080', { name: 'Đỗ Văn Bình', birthDate: '1980-03-04', sex: 'male' })
  const organisation: Organisation = {
    id: organisationId.parse(newId()), code: organisationCode.parse(`02${String(company).padStart(8, '0')}`), name: `Công ty TNHH Thương mại Bình Minh ${company}`, address: 'Số 1, đường Lê Lợi, Hà Nội', state: 'operating',
    representatives: [director, partner].map(({ number, name }) => ({ number, name, since: '2020-01-01' })), source: { version: 1, confirmedAt: '2026-11-01T00:00:00Z' },
  }
  return { organisation, director, partner, accountant, neighbour }
}

/** The business registration says this of these organisations. */
export async function registered({ house }: Pick<TestServer, 'house'>, ...all: readonly Organisation[]): Promise<void> {
  await house.organisations.importAll((async function* batch() { yield all })())
}

export const organisationAt = ({ issuer }: Pick<TestServer, 'issuer'>, id: OrganisationId): string => `${issuer}/tai-khoan/to-chuc/${id}`

/** A page of "my e-ID", with a passkey moments ago where it is asked for. */
export async function mine({ visitor, citizen }: Enrolled, place: string): Promise<Stop> {
  const page = await visitor.open(place)
  return isSignIn(page) ? tap(visitor, page, citizen.authenticator) : page
}

/** One act on the page of an organisation. */
export async function actOn(server: TestServer, who: Enrolled, id: OrganisationId, act: { act: string; mandate?: string }): Promise<Stop> {
  const page = await mine(who, organisationAt(server, id))
  return fillIn(who.visitor, page, `/to-chuc/${id}`, act)
}

type Giving = { number: string; name: string; role?: string; service?: string; from?: string; until?: string }

export async function give(server: TestServer, who: Enrolled, id: OrganisationId, { service, ...typed }: Giving): Promise<Stop> {
  const page = await mine(who, `${organisationAt(server, id)}/uy-quyen`)
  return fillIn(who.visitor, page, '/uy-quyen', { role: 'accountant', from: inDays(0), until: inDays(30), ...typed, ...(service !== undefined && { scope: scopeBox('service', service) }) })
}

/** The place of the one mandate that waits for this person. */
export async function offeredTo(server: TestServer, who: Enrolled): Promise<Stop> {
  const list = await mine(who, `${server.issuer}/tai-khoan/to-chuc`)
  const place = /href="(\/tai-khoan\/uy-quyen\/[^"]+)"/.exec(list.text)?.[1]
  if (place === undefined) throw new Error('nothing was offered')
  return mine(who, `${server.issuer}${place}`)
}

type At = { server: TestServer; /** Where they register. */ service: RelyingParty }

/** An organisation whose account is in use, by the pages of both representatives and two officers. */
export async function running({ server, service }: At, { organisation: { id }, ...people }: Company): Promise<{ director: Enrolled; partner: Enrolled }> {
  const [director, partner] = [await grownUp(server, service, people.director), await grownUp(server, service, people.partner)]
  await actOn(server, director, id, { act: 'apply' })
  await actOn(server, partner, id, { act: 'agree' })
  const { organisations } = server.house
  const application = (await organisations.find(id))?.application?.id
  if (application === undefined) throw new Error('nobody has applied')
  // Two officers; the console has a story of its own.
  for (const act of ['examine', 'issue'] as const) await organisations[act](application, { account: accountId.parse(crypto.randomUUID()), at: new Date(), reason: 'x' })
  await actOn(server, director, id, { act: 'activate' })
  return { director, partner }
}

export async function mandateOf({ house }: Pick<TestServer, 'house'>, { organisation }: Company) {
  const [mandate] = await house.organisations.mandatesOf(organisation.id, 1)
  if (mandate === undefined) throw new Error('no mandate was given')
  return mandate
}

/** The accountant, with a mandate for this service that they have taken. */
export async function employed({ server, service }: At, company: Company, director: Enrolled, at: string): Promise<Enrolled> {
  const { accountant: { number, name }, organisation: { id } } = company
  const who = await grownUp(server, service, company.accountant)
  await give(server, director, id, { number, name, service: at })
  await fillIn(who.visitor, await offeredTo(server, who), `/uy-quyen/${(await mandateOf(server, company)).id}`, { act: 'accept' })
  return who
}

/** Each of them once, in turn: one a story, so that none disturbs another. */
export function oneAfterAnother(companies: readonly Company[]): () => Company {
  const left = [...companies]
  return () => {
    const company = left.shift()
    if (company === undefined) throw new Error('no company is left')
    return company
  }
}
