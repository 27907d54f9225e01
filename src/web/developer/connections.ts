import { z } from 'zod'
import type { Clock } from '#kernel/clock.ts'
import { clientId, connectionId } from '#kernel/id.ts'
import { Problem } from '#kernel/problem.ts'
import type { ClientEntry } from '#domain/client/entry.ts'
import type { Connection } from '#domain/connection/connection.ts'
import { deadlineOf, type Deadline } from '#domain/connection/deadline.ts'
import { begin, lookAt, ownConnection, save, submit, withdraw, type Looked } from '#domain/connection/request.ts'
import type { ClientStore } from '#domain/client/store.ts'
import { keySetStandingOf, type KeySetStanding } from '#domain/signing-key/watch.ts'
import type { ConnectionRules } from '#domain/connection/rules.ts'
import type { Sandbox } from '#domain/sandbox/sandbox.ts'
import type { DeveloperTools } from './at.ts'
import { citizenRoute, posted, type Scene } from '#web/account/citizen.ts'
import { textsOf } from '#web/i18n/language.ts'
import { connectionPaths, connectionPlaces, places } from '#web/places.ts'
import type { Answer } from '#web/route.ts'
import { connectionPage, connectionsPage, type ConnectionPage } from '#web/views/developer/connections.ts'

type Tools = Omit<Parameters<typeof lookAt>[0], 'sandbox'> & DeveloperTools & Parameters<typeof keySetStandingOf>[0] & { issuer: string; clientStore: Pick<ClientStore, 'find'> }

const at = z.strictObject({ id: connectionId })
const postedAt = posted.extend({ id: connectionId })

const showConnections = citizenRoute({
  route: `GET ${places.connections}`,
  form: z.strictObject({}),
  act: async (tools: Tools, { citizen, view }) => {
    const [mine, clients] = await Promise.all([tools.connections.ofOwner(citizen.account), sandboxOf(tools).clients.mine(citizen.account)])
    return { page: connectionsPage(view, { mine: mine.map((one) => ({ ...one, deadline: deadlineAt(tools, one) })), clients }) }
  },
})

const beginConnection = citizenRoute({
  route: `POST ${places.connections}`,
  form: posted.extend({ client: clientId }),
  act: async (tools: Tools, { citizen }, { client }) => {
    await tools.limits.spend('developer-acts-per-account', citizen.account)
    const tried = await sandboxOf(tools).clients.find(citizen.account, client)
    if (tried === undefined) throw new Problem('request.not-found')
    return { redirect: connectionPlaces(await begin(tools, citizen.account, tried)).start }
  },
})

const showConnection = citizenRoute({
  route: `GET ${connectionPaths.start}`,
  form: at,
  act: async (tools: Tools, scene, { id }) => {
    const connection = await ownConnection(tools, scene.citizen.account, id)
    return shown(tools, scene, connection, lookedAt(scene, await lookAt(tools, connection)))
  },
})

const saveConnection = citizenRoute({
  route: `POST ${connectionPaths.save}`,
  form: postedAt.extend({ entry: z.string().max(30_000) }),
  act: async (tools: Tools, scene, { id, entry: text }) => {
    await tools.limits.spend('developer-tries-per-account', scene.citizen.account)
    const connection = await ownConnection(tools, scene.citizen.account, id)
    const entry = entryIn(text)
    if (entry === undefined) return { ...(await shown(tools, scene, connection, { text, fault: textsOf(scene.view.language).goingLive.request.notJson })), status: 422 }
    const kept = await save(tools, connection, entry)
    if (kept !== undefined) return { ...(await shown(tools, scene, connection, { text, fault: textsOf(scene.view.language).goingLive.request.secret(kept.secret) })), status: 422 }
    return { redirect: connectionPlaces(id).start }
  },
})

const sendConnection = citizenRoute({
  route: `POST ${connectionPaths.send}`,
  form: postedAt,
  act: async (tools: Tools, scene, { id }) => {
    await tools.limits.spend('developer-tries-per-account', scene.citizen.account)
    const connection = await ownConnection(tools, scene.citizen.account, id)
    const inTheWay = await submit(tools, connection)
    if (inTheWay === undefined) return { redirect: connectionPlaces(id).start }
    return { ...(await shown(tools, scene, connection, { ...lookedAt(scene, inTheWay), notReady: true })), status: 422 }
  },
})

const withdrawConnection = citizenRoute({
  route: `POST ${connectionPaths.withdraw}`,
  form: postedAt,
  act: async (tools: Tools, { citizen }, { id }) => {
    await tools.limits.spend('developer-acts-per-account', citizen.account)
    await withdraw(tools, await ownConnection(tools, citizen.account, id))
    return { redirect: connectionPlaces(id).start }
  },
})

export const connectionRoutes = [showConnections, beginConnection, showConnection, saveConnection, sendConnection, withdrawConnection]

/** Without a sandbox nothing is tried, and nothing is asked for here. */
function sandboxOf({ sandbox }: Tools): Sandbox {
  if (sandbox === undefined) throw new Problem('request.not-found')
  return sandbox()
}

function deadlineAt({ clock, connectionRules: { checkDays } }: { clock: Clock; connectionRules: ConnectionRules }, { submittedAt }: Connection): Deadline | undefined {
  return submittedAt && deadlineOf(submittedAt, clock.now(), checkDays)
}

const lookedAt = ({ view }: Scene, looked: Looked): Partial<ConnectionPage> =>
  ('fault' in looked ? { fault: textsOf(view.language).goingLive.request.faulty(looked.fault) } : { checklist: looked.checklist })

async function shown(tools: Tools, { view }: Scene, connection: Connection, more: Partial<ConnectionPage>): Promise<{ page: Extract<Answer, { page: unknown }>['page'] }> {
  return { page: connectionPage(view, { connection, deadline: deadlineAt(tools, connection), issuer: tools.issuer, text: JSON.stringify(connection.entry, null, 2), keySet: await keySetOf(tools, connection), ...more }) }
}

/** Of a service that is live. */
async function keySetOf(tools: Tools, { state, entry }: Connection): Promise<KeySetStanding | undefined> {
  const id = state === 'live' ? clientId.safeParse(entry['client_id']).data : undefined
  const client = id && (await tools.clientStore.find(id))
  return client && keySetStandingOf(tools, client, tools.clock.now())
}

const object: z.ZodType<ClientEntry> = z.record(z.string().max(100), z.json())

function entryIn(text: string): ClientEntry | undefined {
  try {
    return object.safeParse(JSON.parse(text)).data
  } catch {
    return undefined
  }
}
