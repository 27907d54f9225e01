import { sql } from 'kysely'
import { applicationId, clientId, connectionId, newId, organisationId, proposalId, sector, type AccountId } from '#kernel/id.ts'
import { monthOf } from '#domain/statistic/period.ts'
import { organisationCode } from '#domain/organisation/organisation.ts'
import { subjectOf, type Change } from '#domain/proposal/change.ts'
import { personalNumber } from '#domain/registry/person.ts'
import { aDoubt } from './chip-at-desk.ts'
import { fillIn } from './citizen.ts'
import { registered } from './company.ts'
import { accountOf, enrol, get, type Enrolled } from './journey.ts'
import { bootstrap, hire, inFourWeeks, seat } from './officers.ts'
import { makeRelyingParty } from './relying-party.ts'
import type { TestServer } from './running.ts'
import { greenResults } from './self-test-results.ts'
import { approvalBy } from './signed-approval.ts'
import { testClient } from './test-clients.ts'

const clients = { own: testClient({ name: 'own' }), stopped: testClient({ name: 'stopped' }), secretly: testClient({ name: 'secretly', proof: 'client_secret_basic' }) }

/** What the server of such a test is started with. */
export const consoleClients = Object.values(clients).map(({ metadata }) => metadata)

type Ids = Record<string, string>

/** An officer of every role that one person may have, and for each page of the console one thing that it can be opened with. */
export type ConsoleTargets = { officer: Enrolled; /** The address of a route of the console, with what stands behind a question mark where it asks. */ placeOf: (route: string) => string }

export async function consoleTargets(server: TestServer): Promise<ConsoleTargets> {
  const party = await makeRelyingParty(clients.own.party(server.issuer))
  const [officer, colleague, applicant] = [await enrol(server, party), await enrol(server, party), await enrol(server, party)]
  await bootstrap(server, [officer, 'super-admin'], [officer, 'auditor'], [colleague, 'approver'])
  await hire(server, officer, 'client-admin', 'own.example')
  await seat(server, officer)
  const by = { mine: await accountOf(server, officer), other: await accountOf(server, colleague) }
  const ids = {
    ...(await proposals(server, by, colleague)), ...(await requestToConnect(server, by.other)), ...(await applications(server, applicant, by.other)), ...(await found(server, officer, applicant, by.other)),
    '/vai-tro': (await server.house.officers.rolesOf(by.other))[0]?.id ?? '',
    '/khoa': /"kid":"([^"]+)"/.exec((await get(`${server.issuer}/jwks`)).text)?.[1] ?? '',
    '/thong-bao': newId(),
  }
  await server.house.database.change(sql`update client set state = 'suspended' where id = 'stopped'`)
  await server.house.database.change(sql`
    insert into banner (id, kind, text_vi, text_en, starts_at, ends_at, set_by, reason) values (${ids['/thong-bao']}, 'information', 'a', 'a', now(), ${inFourWeeks}::date, ${by.mine}, 'x')`)
  return { officer, placeOf: (route) => placed(route, ids) }
}

/** Found by the room and the last part of the path, or by the room alone. */
function placed(route: string, ids: Ids): string {
  const [, path = ''] = route.split(' ')
  const [, room = ''] = /^\/quan-tri(\/[^/]+)/.exec(path) ?? []
  const client = path.endsWith('/hoat-dong-lai') ? 'stopped' : path.includes('khoa-bi-mat') ? 'secretly' : 'own'
  const id = ids[`${room}${path.slice(path.lastIndexOf('/'))}`] ?? ids[room]
  if (path.includes(':id') && id === undefined) throw new Error(`nothing is there to open ${route} with`)
  const place = path.replace(':client', client).replace(':id', id ?? '')
  if (place.includes(':')) throw new Error(`nobody knows what the address of ${route} names`)
  return `${place}${asked[path] ?? ''}`
}

const thisMonth = monthOf(new Date())
const asked: Readonly<Record<string, string>> = {
  '/quan-tri/thong-ke/tep': `?thang=${thisMonth}&bang=ngay`, '/quan-tri/ung-dung/:client/suc-khoe/tep': `?thang=${thisMonth}`,
}

type By = { mine: AccountId; other: AccountId }

/** One of one's own, one of somebody else, and one that made a secret to collect. */
async function proposals(server: TestServer, { mine, other }: By, { citizen: { authenticator } }: Enrolled): Promise<Ids> {
  const { house } = server
  const add = async (change: Change, proposer: AccountId) => {
    const proposal = { id: proposalId.parse(newId()), change, proposer, proposedAt: new Date(), reason: 'x' }
    await house.proposals.add(proposal, { type: 'proposal.made', proposal: proposal.id, act: change.act, subject: subjectOf(change), by: proposer })
    return proposal
  }
  const end = { act: 'client.end', client: clientId.parse('own') } as const
  const [own, others] = [(await add(end, mine)).id, (await add(end, other)).id]
  const secret = await add({ act: 'client.secret', client: clientId.parse('secretly'), keeps_days: 7 }, mine)
  await house.proposals.decide(secret, { decision: await approvalBy(server, authenticator, secret), event: { type: 'proposal.approved', proposal: secret.id, act: 'client.secret', subject: 'secretly', proposer: mine, by: other } })
  return { '/phe-duyet': others, '/phe-duyet/rut-lai': own, '/phe-duyet/tra-lai': others }
}

async function requestToConnect({ house: { connections } }: TestServer, owner: AccountId): Promise<Ids> {
  const [id, tried] = [connectionId.parse(newId()), clientId.parse('tried')]
  const selfTest = { finishedAt: new Date(), results: greenResults }
  await connections.add({ id, owner, tried, entry: {}, state: 'draft', createdAt: new Date() })
  await connections.save(id, { entry: { client_name: 'Mới' }, sector: sector.parse('moi.example') })
  await connections.submit(id, { at: new Date(), selfTest, event: { type: 'connection.submitted', connection: id, tried, by: owner } })
  return { '/ket-noi': id }
}

/** Two organisations have applied, and the application of one has been examined. */
async function applications(server: TestServer, applicant: Enrolled, someoneElse: AccountId): Promise<Ids> {
  const { organisations, registry } = server.house
  const person = await registry.findByNumber(personalNumber.parse(applicant.citizen.number))
  if (person === undefined) throw new Error('nobody has this number')
  const by = { person: person.id, account: await accountOf(server, applicant), at: new Date() }
  const ids: Ids = {}
  for (const [ending, code] of [['/xem-xet', '0100000001'], ['/cap', '0100000002']] as const) {
    const organisation = { id: organisationId.parse(newId()), code: organisationCode.parse(code), name: `Công ty ${code}`, state: 'operating' as const, representatives: [{ number: person.number, name: person.name, since: '2020-01-01' }], source: { version: 1, confirmedAt: '2026-11-01T00:00:00Z' } }
    await registered(server, organisation)
    const id = applicationId.parse(newId())
    await organisations.apply(organisation.id, { id, reference: id.slice(-9) }, by)
    if (ending === '/cap') await organisations.examine(id, { account: someoneElse, at: new Date(), reason: 'x' })
    ids[`/to-chuc${ending}`] = id
    ids['/to-chuc'] = id
  }
  return ids
}

/** Somebody stands at the desk, and another whose card is doubted; and somebody was looked up. */
async function found(server: TestServer, { visitor }: Enrolled, { citizen }: Enrolled, someoneElse: AccountId): Promise<Ids> {
  const { issuer, nextPerson } = server
  const last = ({ url }: { url: URL }) => url.pathname.slice(url.pathname.lastIndexOf('/') + 1)
  const dossier = { case: '000.00.19.H29-261104-0001' }
  const find = async (number: string) => fillIn(visitor, await visitor.open(`${issuer}/quan-tri/quay`), '/quay', { number, purpose: 'level-2', ...dossier })
  const doubted = nextPerson()
  await aDoubt(server, { person: doubted, officer: someoneElse })
  const [held, desk] = [await find(doubted.number), await find(nextPerson().number)]
  const lookUp = await fillIn(visitor, await visitor.open(`${issuer}/quan-tri/nhat-ky/tra-cuu`), '/tra-cuu', { whom: citizen.number, ground: 'court', ...dossier })
  return { '/quay': last(desk), '/quay/nghi-ngo': last(held), '/nhat-ky': last(lookUp) }
}
