import { z } from 'zod'
import type { Clock } from '#kernel/clock.ts'
import { clientId, connectionId } from '#kernel/id.ts'
import { Problem } from '#kernel/problem.ts'
import type { Callable } from '#domain/client/client.ts'
import type { Connection } from '#domain/connection/connection.ts'
import { deadlineOf, type Deadline } from '#domain/connection/deadline.ts'
import { begin, lookAt, mustBeOpenTo, ownConnection, save, submit, withdraw, type Looked } from '#domain/connection/request.ts'
import type { ClientStore } from '#domain/client/store.ts'
import { keySetStandingOf, type KeySetStanding } from '#domain/signing-key/watch.ts'
import type { ConnectionRules } from '#domain/connection/rules.ts'
import type { Catalogue } from '#domain/consent/catalogue.ts'
import type { Sandbox } from '#domain/sandbox/sandbox.ts'
import type { DeveloperTools } from './at.ts'
import { citizenRoute, posted, type Scene } from '#web/account/citizen.ts'
import { draftForm, emptyPurpose } from '#web/admin/client-typed.ts'
import { readTyped, toldBeside, typedFrom, withoutFields } from '#web/admin/client-wish.ts'
import { textsOf } from '#web/i18n/language.ts'
import { connectionPaths, connectionPlaces, developerPlaces } from '#web/place/developer.ts'
import type { Answer } from '#web/route.ts'
import { connectionPage, connectionsPage, type ConnectionPage } from '#web/views/developer/connections.ts'
import type { FieldFault } from '#web/views/field.ts'

type Tools = Omit<Parameters<typeof lookAt>[0], 'sandbox'> & DeveloperTools & Parameters<typeof keySetStandingOf>[0] & { issuer: string; catalogue: Catalogue; callable: Callable; clientStore: Pick<ClientStore, 'find'> }

const at = z.strictObject({ id: connectionId })
const postedAt = posted.extend({ id: connectionId })

const showConnections = citizenRoute({
  route: `GET ${developerPlaces.connections}`,
  form: z.strictObject({}),
  act: async (tools: Tools, { citizen, view }) => {
    const [mine, clients] = await Promise.all([tools.connections.ofOwner(citizen.account), sandboxOf(tools).clients.mine(citizen.account)])
    return { page: connectionsPage(view, { mine: mine.map((one) => ({ ...one, deadline: deadlineAt(tools, one) })), clients }) }
  },
})

const beginConnection = citizenRoute({
  route: `POST ${developerPlaces.connections}`,
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
    const looked = await lookAt(tools, connection)
    return shown(tools, scene, connection, 'fault' in looked ? { incomplete: true } : { checklist: looked.checklist })
  },
})

/** Keeps what can be read of it, whole or not, and says what is missing beside each field. */
const saveConnection = citizenRoute({
  route: `POST ${connectionPaths.save}`,
  form: draftForm,
  act: async (tools: Tools, scene, { id, csrf: _csrf, do: what, ...sent }) => {
    const typed = { ...sent, advanced: '' }
    await tools.limits.spend('developer-tries-per-account', scene.citizen.account)
    const connection = await ownConnection(tools, scene.citizen.account, id)
    mustBeOpenTo('save', connection)
    if (what === 'add') return shown(tools, scene, connection, { typed: { ...typed, purposes: [...typed.purposes, emptyPurpose] } })
    const { goingLive: { request: t }, clients: { form: say } } = textsOf(scene.view.language)
    const read = readTyped(typed, { catalogue: tools.catalogue, rules: tools.callable, before: connection.entry, say })
    const again = async (faults: readonly FieldFault[], more: Partial<ConnectionPage> = {}) => ({ ...(await shown(tools, scene, connection, { typed, faults, ...more })), status: 422 })
    if (read.entry === undefined) return again(read.faults)
    const kept = await save(tools, connection, { ...withoutFields(connection.entry), ...read.entry })
    if (kept !== undefined) return again([{ field: kept.secret.startsWith('jwks') ? 'jwks' : 'clientId', message: t.secret(kept.secret) }])
    return read.faults.length > 0 ? again(read.faults, { kept: true }) : { redirect: connectionPlaces(id).start }
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
    return { ...(await shown(tools, scene, connection, { ...inTheWayOf(tools, scene, connection, inTheWay), notReady: true })), status: 422 }
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

/** What is wrong, beside the fields; what no field shows is said beside the one that is nearest to it. */
function inTheWayOf(tools: Tools, { view }: Scene, { entry }: Connection, looked: Looked): Partial<ConnectionPage> {
  if (!('fault' in looked)) return { checklist: looked.checklist }
  const { form: say } = textsOf(view.language).clients
  const { faults } = readTyped(typedFrom(entry, tools.catalogue), { catalogue: tools.catalogue, rules: tools.callable, before: entry, say })
  const { field, message } = toldBeside(looked.fault, say.faults)
  return { faults: faults.length > 0 ? faults : [{ field: field === 'advanced' ? 'clientId' : field, message }] }
}

async function shown(tools: Tools, { view }: Scene, connection: Connection, more: Partial<ConnectionPage>): Promise<{ page: Extract<Answer, { page: unknown }>['page'] }> {
  const { catalogue, issuer } = tools
  const typed = { ...typedFrom(connection.entry, catalogue), advanced: '' }
  return { page: connectionPage(view, { connection, deadline: deadlineAt(tools, connection), issuer, catalogue, faults: [], keySet: await keySetOf(tools, connection), typed: typed.purposes.length === 0 ? { ...typed, purposes: [emptyPurpose] } : typed, ...more }) }
}

/** Of a service that is live. */
async function keySetOf(tools: Tools, { state, entry }: Connection): Promise<KeySetStanding | undefined> {
  const id = state === 'live' ? clientId.safeParse(entry['client_id']).data : undefined
  const client = id && (await tools.clientStore.find(id))
  return client && keySetStandingOf(tools, client, tools.clock.now())
}
