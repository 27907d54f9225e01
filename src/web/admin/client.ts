import { z } from 'zod'
import { clientId } from '#kernel/id.ts'
import { Problem } from '#kernel/problem.ts'
import { dayInVietnam } from '#kernel/clock.ts'
import type { AccountStore } from '#domain/account/store.ts'
import type { Client } from '#domain/client/client.ts'
import type { ClientDirectory } from '#domain/client/directory.ts'
import { entryOf } from '#domain/client/entry.ts'
import type { ClientStore } from '#domain/client/store.ts'
import { suspendNow } from '#domain/client/suspend.ts'
import type { Catalogue } from '#domain/consent/catalogue.ts'
import type { Officer } from '#domain/officer/officer.ts'
import { may, type Permission } from '#domain/officer/permission.ts'
import { isFor, propose } from '#domain/proposal/propose.ts'
import { secretOf, toCollect } from '#domain/proposal/secret.ts'
import type { ProposalStore } from '#domain/proposal/store.ts'
import type { RegistryStore } from '#domain/registry/store.ts'
import { posted } from '#web/account/citizen.ts'
import { textsOf } from '#web/i18n/language.ts'
import { clientPaths, clientPlaces, proposalPlaces } from '#web/place/console.ts'
import type { Answer } from '#web/route.ts'
import { clientPage, endPage, resumePage, suspendPage, type Ways } from '#web/views/admin/client.ts'
import type { AdminView } from '#web/views/admin/frame.ts'
import { inWords, withNames } from './approvals.ts'
import { officerRoute, type OfficerTools, type Scene } from './officer.ts'

type Tools = OfficerTools & Parameters<typeof propose>[0] & Parameters<typeof suspendNow>[0] & Pick<Parameters<typeof toCollect>[0], 'isApproved'> & {
  clientStore: Pick<ClientStore, 'find' | 'suspend' | 'secretsIssued'>
  clientDirectory: Pick<ClientDirectory, 'usedBy'>
  proposals: Pick<ProposalStore, 'about' | 'add'>
  accounts: Pick<AccountStore, 'find'>
  registry: Pick<RegistryStore, 'find'>
  catalogue: Catalogue
}
type Store = { clientStore: Pick<ClientStore, 'find'> }

export const atClient = z.strictObject({ client: z.string().max(128) })
/** What is missing is asked for, once it is known that the client is within reach. */
export const because = posted.extend({ client: z.string().max(128), reason: z.string().trim().max(500).default('') })

/** The client of a path. Throws `request.not-found`. */
export async function clientAt({ clientStore }: Store, id: string): Promise<Client> {
  const parsed = clientId.safeParse(id)
  const found = parsed.success ? await clientStore.find(parsed.data) : undefined
  if (found === undefined) throw new Problem('request.not-found')
  return found
}

/** Whose it is. */
export const ofClient = async (tools: Store, { client }: { client: string }) => ({ sector: (await clientAt(tools, client)).own.sector })

/** Everything about one client: as it stands, what is proposed, what was decided. */
export const showClient = officerRoute({
  route: `GET ${clientPaths.start}`,
  may: 'client.read',
  on: (tools: Tools, input) => ofClient(tools, input),
  form: atClient,
  act: async (tools: Tools, { officer, view }, { client: id }) => {
    const client = await clientAt(tools, id)
    const about = await Promise.all((await tools.proposals.about(client.id)).map((one) => inWords(tools, one)))
    return {
      page: clientPage(view, {
        id: client.id, name: client.registered.client_name, state: client.state ?? 'live', entry: await withNames(tools, entryOf(client)), catalogue: tools.catalogue,
        waiting: about.filter(({ decision }) => decision === undefined), decided: about.filter(({ decision }) => decision !== undefined),
        ways: waysOf(officer, client, view.at), secret: secretOf(client),
        collects: (await toCollect(tools, officer, client)) !== undefined,
        formerUntil: client.former !== undefined && client.former.until > view.at ? client.former.until : undefined,
      }),
    }
  },
})

function waysOf({ roles }: Officer, client: Client, now: Date): Ways {
  const can = (permission: Permission) => may(roles, permission, { sector: client.own.sector }, now)
  const proposes = can('client.propose')
  return {
    change: proposes && isFor('client.change', client.state),
    resume: proposes && isFor('client.resume', client.state),
    end: proposes && isFor('client.end', client.state),
    suspend: client.state === undefined && can('client.suspend'),
    secret: proposes && client.state !== 'ended' && secretOf(client) !== 'none',
  }
}

/** What stands on a page that asks why: whose it is, and what was missing. */
export function asking(client: Client, view: AdminView, reason?: string) {
  const missing = reason === '' ? [{ field: 'reason', message: textsOf(view.language).console.reasonMissing }] : []
  return { id: client.id, name: client.registered.client_name, faults: missing, reason }
}

export const askToSuspend = officerRoute({
  route: `GET ${clientPaths.suspend}`,
  may: 'client.suspend',
  on: (tools: Tools, input) => ofClient(tools, input),
  form: atClient,
  act: async (tools: Tools, { view }, { client: id }) => {
    const client = await clientAt(tools, id)
    return { page: suspendPage(view, { ...asking(client, view), people: await usersToday(tools, client) }) }
  },
})

export const suspend = officerRoute({
  route: `POST ${clientPaths.suspend}`,
  may: 'client.suspend',
  on: (tools: Tools, input) => ofClient(tools, input),
  form: because.extend({ name: z.string().trim().max(200).default('') }),
  act: async (tools: Tools, { officer, view }, { client: id, name, reason }) => {
    const client = await clientAt(tools, id)
    const about = asking(client, view, reason)
    const wrong = name.normalize('NFC') === about.name.normalize('NFC').trim() ? [] : [{ field: 'name', message: textsOf(view.language).clients.suspend.wrong }]
    const faults = [...wrong, ...about.faults]
    if (faults.length > 0) return { page: suspendPage(view, { ...about, faults, typed: name, people: await usersToday(tools, client) }), status: 422 }
    await suspendNow(tools, officer, client, reason)
    return { redirect: clientPlaces(client.id).start }
  },
})

/** Since midnight in Viet Nam. */
function usersToday({ clientDirectory, clock }: Tools, { id }: Client): Promise<number> {
  return clientDirectory.usedBy(id, new Date(`${dayInVietnam(clock.now())}T00:00:00+07:00`))
}

export const askToResume = officerRoute({
  route: `GET ${clientPaths.resume}`,
  may: 'client.propose',
  on: (tools: Tools, input) => ofClient(tools, input),
  form: atClient,
  act: async (tools: Tools, { view }, { client: id }) => ({ page: resumePage(view, asking(await clientAt(tools, id), view)) }),
})

export const proposeToResume = officerRoute({
  route: `POST ${clientPaths.resume}`,
  may: 'client.propose',
  on: (tools: Tools, input) => ofClient(tools, input),
  form: because,
  act: (tools: Tools, scene, typed) => proposeMove(tools, scene, { ...typed, act: 'client.resume', page: resumePage }),
})

export const askToEnd = officerRoute({
  route: `GET ${clientPaths.end}`,
  may: 'client.propose',
  on: (tools: Tools, input) => ofClient(tools, input),
  form: atClient,
  act: async (tools: Tools, { view }, { client: id }) => ({ page: endPage(view, asking(await clientAt(tools, id), view)) }),
})

export const proposeToEnd = officerRoute({
  route: `POST ${clientPaths.end}`,
  may: 'client.propose',
  on: (tools: Tools, input) => ofClient(tools, input),
  form: because,
  act: (tools: Tools, scene, typed) => proposeMove(tools, scene, { ...typed, act: 'client.end', page: endPage }),
})

type Move = { client: string; reason: string; act: 'client.resume' | 'client.end'; page: typeof endPage }

async function proposeMove(tools: Tools, { officer, view }: Scene, { client: id, reason, act, page }: Move): Promise<Answer> {
  const client = await clientAt(tools, id)
  const about = asking(client, view, reason)
  if (about.faults.length > 0) return { page: page(view, about), status: 422 }
  const proposed = await propose(tools, officer, { change: { act, client: client.id }, reason })
  if ('fault' in proposed) throw new Problem('internal', { cause: proposed.fault })
  return { redirect: proposalPlaces(proposed.proposal.id).start }
}
