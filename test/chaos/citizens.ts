import { setTimeout as pause } from 'node:timers/promises'
import { readAcr } from '#domain/assurance/level.ts'
import type { Dice } from '#test/support/dice.ts'
import { agree, register, type Citizen } from '#test/support/citizen.ts'
import { arrive, assertionOf, authorization, authorize, get, isSignIn, post, redemption, type Enrolled, type Told } from '#test/support/journey.ts'
import type { OwnCluster } from '#test/support/own-cluster.ts'
import { makeRelyingParty, type RelyingParty } from '#test/support/relying-party.ts'
import { leaveAt, testClient } from '#test/support/test-clients.ts'
import { makeVisitor } from '#test/support/visitor.ts'
import type { Ledger } from './ledger.ts'
import { showAgain, showEverywhere, unknown, type Shows } from './shown.ts'

const words = (vi: string) => ({ vi, en: vi })
const purposes = [{ claims: ['name'], basis: 'consent', purpose: words('Mở hồ sơ') }]
export const portal = testClient({ name: 'portal' })
export const app = testClient({ name: 'app', proof: 'none', metadata: { grant_types: ['authorization_code', 'refresh_token'], purposes } })

/** Somebody with an account, and what they were promised. `tokens`: answers that held one, by service and kind of grant. */
export type Promised = Enrolled & { tokens: Map<string, number>; consented: boolean; subjects: Map<string, string> }

export type Services = { portal: RelyingParty; app: RelyingParty }
export const services = async (issuer: string): Promise<Services> => ({ portal: await makeRelyingParty(portal.party(issuer)), app: await makeRelyingParty(app.party(issuer)) })

type Tools = { cluster: OwnCluster; at: Services; ledger: Ledger; dice: Dice; isOver: () => boolean; everybody: Promised[] }

/** More would run into the limit of mails from one network. */
const mostPeople = 120

/** One after another does what people and services do, as long as it lasts. What fails is tried no more; what is acknowledged is held to. */
export async function live(tools: Tools): Promise<void> {
  const { dice, everybody, isOver } = tools
  const later: Promise<void>[] = []
  let own: Promised | undefined
  while (!isOver()) {
    if (own === undefined || (dice.below(12) === 0 && everybody.length < mostPeople)) own = await enrol(tools).catch(() => own)
    else await dice.oneOf([signIn, signIn, showTwice, pushTwice, askTwice, refresh, refresh, revoke])(tools, own, later).catch(() => undefined)
    await pause(20)
  }
  await Promise.all(later)
}

async function enrol({ cluster, at, everybody, ledger }: Tools): Promise<Promised> {
  const visitor = makeVisitor({ leaveAt })
  const { url, checks } = await at.portal.begin()
  const page = await visitor.open(url)
  // Only now, or those who find nobody at work would use up the registry.
  const citizen: Citizen = cluster.nextCitizen()
  const { url: answer } = await agree(visitor, await register(visitor, page, citizen))
  if (answer.searchParams.get('code') === null) throw new Error('it did not come to that')
  const one: Promised = { citizen, visitor, tokens: new Map(), consented: false, subjects: new Map() }
  everybody.push(one)
  await finish({ at, ledger }, one, { answer, checks })
  return one
}

type Begun = Awaited<ReturnType<typeof authorize>>

async function finish({ at, ledger }: Pick<Tools, 'at' | 'ledger'>, own: Promised, { answer, checks }: Begun): Promise<void> {
  const { claims } = await at.portal.finish(answer, checks)
  add(own, 'portal authorization_code', 1)
  meet(ledger, own, { client: 'portal', sub: claims.sub, acr: String(claims['acr']) })
}

/** A passkey that is kept in the cloud shows level 2, and nothing more (docs/decisions/0005). */
function meet(ledger: Ledger, own: Promised, { client, sub, acr }: { client: string; sub: string; acr: string }): void {
  const read = readAcr(acr)
  ledger.look('evidence', read !== undefined && 'level' in read && read.level <= 2, `acr was ${acr}`)
  const known = own.subjects.get(client)
  ledger.look('subject', known === undefined || known === sub, `${client} met another subject`)
  own.subjects.set(client, sub)
}

type Act = (tools: Tools, own: Promised, later: Promise<void>[]) => Promise<void>

const signIn: Act = async (tools, own) => finish(tools, own, await authorize(tools.at.portal, own, { prompt: 'login' }))

const showTwice: Act = async ({ cluster, at, ledger, dice }, own, later) => {
  const { answer, checks } = await authorize(at.portal, own)
  if (answer.searchParams.get('code') === null) return
  const party = portal.party(cluster.issuer)
  const shows = cluster.nodes.map(({ origin }) => async () => post(`${origin}/token`, { ...redemption(party, answer, checks), ...(await assertionOf(party)) }))
  await twice({ ledger, dice, later }, 'a code', { shows, isTaken: isToken, heard: (answers) => count(own, 'portal authorization_code', answers) })
}

const pushTwice: Act = async ({ cluster, ledger, dice }, _own, later) => {
  const party = portal.party(cluster.issuer)
  const fields = { ...authorization(party), ...(await assertionOf(party)) }
  const shows = cluster.nodes.map(({ origin }) => () => post(`${origin}/par`, fields))
  await twice({ ledger, dice, later }, 'an assertion', { shows, isTaken: ({ status }) => status === 201 })
}

const askTwice: Act = async ({ cluster, at, ledger, dice }, own, later) => {
  const { url } = await at.portal.begin()
  const headers = { cookie: own.visitor.jar.header(url), accept: 'text/html' }
  const shows = cluster.nodes.map(({ origin }) => () => get(`${origin}${url.pathname}${url.search}`, headers))
  await twice({ ledger, dice, later }, 'a pushed request', { shows, isTaken: (told) => (told.headers.get('location') ?? '').includes('code=') })
}

/** A refresh token of the app, to which the person has agreed. */
async function offline({ cluster, at }: Tools, own: Promised): Promise<{ access: string; refresh: string }> {
  const { url, checks } = await at.app.begin({ scope: 'openid profile offline_access', prompt: 'consent' })
  const page = await own.visitor.open(url)
  const asked = isSignIn(page) ? await arrive(own.visitor, page, own.citizen) : page
  const { url: answer } = await agree(own.visitor, asked)
  if (answer.searchParams.get('code') === null) throw new Error('it did not come to that')
  own.consented = true
  const told = await post(`${cluster.issuer}/token`, redemption(app.party(cluster.issuer), answer, checks))
  count(own, 'app authorization_code', [told])
  if (told.status !== 200) throw new Error('it did not come to that')
  return { access: String(told.json['access_token']), refresh: String(told.json['refresh_token']) }
}

const refreshing = (token: string) => ({ grant_type: 'refresh_token', refresh_token: token, client_id: 'app' })

const refresh: Act = async (tools, own, later) => {
  const { cluster, ledger, dice } = tools
  const heard = (answers: readonly Told[]) => count(own, 'app refresh_token', answers)
  const { refresh: token } = await offline(tools, own)
  const shows = cluster.nodes.map(({ origin }) => () => post(`${origin}/token`, refreshing(token)))
  if (dice.below(2) === 0) await twice({ ledger, dice, later }, 'a refresh token', { shows, isTaken: isToken, heard })
  else heard([await post(`${cluster.issuer}/token`, refreshing(token))])
}

const revoke: Act = async (tools, own, later) => {
  const { cluster, ledger } = tools
  const { access, refresh: token } = await offline(tools, own)
  const told = await post(`${cluster.issuer}/revoke`, { token, token_type_hint: 'refresh_token', client_id: 'app' })
  if (told.status === 200) later.push(pause(5000).then(() => isDead({ cluster, ledger }, { access, token })))
}

async function isDead({ cluster, ledger }: Pick<Tools, 'cluster' | 'ledger'>, { access, token }: { access: string; token: string }): Promise<void> {
  const asked = cluster.nodes.flatMap(({ origin }) => [
    toTheEnd(() => get(`${origin}/userinfo`, { authorization: `Bearer ${access}` })),
    toTheEnd(() => post(`${origin}/token`, refreshing(token))),
  ])
  for (const { status } of await Promise.all(asked)) ledger.look('revoked', status >= 400 && status < 500, status === 200 ? 'it still gave something' : 'nobody said that it is over')
}

/** A node that is away says nothing about a token, so it is asked until it is back. */
async function toTheEnd(ask: () => Promise<Told>): Promise<Told> {
  for (let tries = 1; ; tries += 1) {
    const told = await ask().catch(unknown)
    if ((told.status !== 0 && told.status < 500) || tries === 60) return told
    await pause(500)
  }
}

const isToken = ({ status, json }: Told) => status === 200 && 'access_token' in json

function count(own: Promised, kind: string, answers: readonly Told[]): void {
  add(own, kind, answers.filter(isToken).length)
}

function add({ tokens }: Promised, kind: string, more: number): void {
  tokens.set(kind, (tokens.get(kind) ?? 0) + more)
}

type Spending = { shows: Shows; isTaken: (told: Told) => boolean; heard?: (answers: readonly Told[]) => void }

/** Shown at both nodes at once, and up to eight seconds later again. */
async function twice({ ledger, dice, later }: Pick<Tools, 'ledger' | 'dice'> & { later: Promise<void>[] }, what: string, { shows, isTaken, heard = () => undefined }: Spending): Promise<void> {
  const first = await showEverywhere(what, shows, { ledger, isTaken })
  heard(first)
  later.push(showAgain(what, shows, { ledger, isTaken, taken: first.some(isTaken), milliseconds: dice.below(8000) }).then(heard))
}
