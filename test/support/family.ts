import { personalNumber, type Person } from '#domain/registry/person.ts'
import { fillIn, tap } from './citizen.ts'
import { accountOf, enrol, type Enrolled } from './journey.ts'
import { aPerson } from './made-up.ts'
import type { RelyingParty } from './relying-party.ts'
import type { TestServer } from './running.ts'
import { formAt, makeVisitor, type Stop, type Visitor } from './visitor.ts'
import { leaveAt } from './test-clients.ts'

/** Two parents, their child of eight, the grandmother under the mother's guardianship, and a man next door. */
export type Family = Record<'mother' | 'father' | 'child' | 'grandmother' | 'neighbour', Person>

const relation = (kind: Person['relations'][number]['kind'], { name, number }: Person) => ({ kind, name, number })
const at = (family: number, who: string) => personalNumber.parse(`${who}${String(family).padStart(6, '0')}`)

/** No number of one family is another's; the numbers of the synthetic population begin elsewhere. */
export function aFamily(family: number, changes: Partial<Record<keyof Family, Partial<Person>>> = {}): Family {
  const card = { kind: 'can-cuoc' as const, issuedOn: '2025-08-01', issuedAt: 'Bộ Công an', expiresOn: '2099-01-01' }
  const one = (who: keyof Family, digits: string, named: Partial<Person>) => aPerson({ card, ...named, number: at(family, digits), ...changes[who] })
  const mother = one('mother', '079185', { name: 'Lê Thị Thu Hà', birthDate: '1985-05-06', sex: 'female' })
  const father = one('father', '079084', { name: 'Phạm Văn Đức', birthDate: '1984-01-02', sex: 'male' })
  const grandmother = one('grandmother', '079155', {
    name: 'Trần Thị Bảy', birthDate: '1955-02-03', sex: 'female', relations: [relation('legal-representative', mother)], guardianship: { ground: 'capacity-lost', since: '2025-01-01' },
  })
  const child = one('child', '079218', { name: 'Phạm Minh Anh', birthDate: '2018-09-10', sex: 'male', relations: [relation('mother', mother), relation('father', father)] })
  const neighbour = one('neighbour', '079080', { name: 'Đỗ Văn Bình', birthDate: '1980-03-04', sex: 'male', relations: [relation('child', child), relation('represented', grandmother)] })
  const tied = (parent: Person, more: Person['relations'] = []) => ({ ...parent, relations: [relation('child', child), ...more] })
  return { mother: tied(mother, [relation('represented', grandmother)]), father: tied(father), child, grandmother, neighbour }
}

/** Registers one of them, with an account of level 2. */
export async function grownUp(server: TestServer, service: RelyingParty, { number }: Person): Promise<Enrolled> {
  const who = await enrol(server, service, (person) => person.number === number)
  await server.house.accounts.move(await accountOf(server, who), { to: 'raise', by: 'officer' }, new Date())
  return who
}

/** In "my e-ID" the representative opens accounts for all they represent. */
export async function openWards({ issuer }: TestServer, { visitor }: Enrolled): Promise<Stop> {
  let page = await visitor.open(`${issuer}/tai-khoan/nguoi-dai-dien`)
  while (page.text.includes('name="ward"')) page = await fillIn(visitor, page, '/nguoi-dai-dien')
  return page
}

/** Whoever comes to the service in a browser of their own, up to the question for whom. */
export async function askedForWhom(service: RelyingParty, { citizen }: Pick<Enrolled, 'citizen'>, parameters: Record<string, string> = {}): Promise<{ visitor: Visitor; page: Stop; checks: Awaited<ReturnType<RelyingParty['begin']>>['checks'] }> {
  const visitor = makeVisitor({ leaveAt })
  const { url, checks } = await service.begin(parameters)
  return { visitor, page: await tap(visitor, await visitor.open(url), citizen.authenticator), checks }
}

/** The value of the button that says this name. */
export function choiceOf({ text }: Pick<Stop, 'text'>, name: string): string {
  const button = [...text.matchAll(/<button[^>]*name="choice" value="([^"]+)"[^>]*>([^]*?)<\/button>/g)].find(([, , label = '']) => label.includes(name))
  if (button?.[1] === undefined) throw new Error(`nobody is offered under the name ${name}`)
  return button[1]
}

/** Where the library signs one person out before another comes in, its page posts by itself. */
export async function onward(visitor: Visitor, page: Stop): Promise<Stop> {
  if (!page.text.includes('name="xsrf"')) return page
  const { action, fields } = formAt(page.text, '/confirm')
  return visitor.submit(new URL(action, page.url), fields, page.url)
}

export async function actFor(visitor: Visitor, page: Stop, name: string): Promise<Stop> {
  return onward(visitor, await fillIn(visitor, page, '/thay-cho', { choice: name === 'self' ? name : choiceOf(page, name) }))
}
