import { Problem } from '#kernel/problem.ts'
import { z } from 'zod'
import type { Callable, Client } from '#domain/client/client.ts'
import { clientDigest, entryOf } from '#domain/client/entry.ts'
import type { ClientStore } from '#domain/client/store.ts'
import type { Catalogue } from '#domain/consent/catalogue.ts'
import { propose } from '#domain/proposal/propose.ts'
import { changeTo } from '#domain/proposal/wish.ts'
import { textsOf } from '#web/i18n/language.ts'
import { clientPaths, consolePlaces, proposalPlaces } from '#web/place/console.ts'
import type { Answer } from '#web/route.ts'
import { clientFormPage } from '#web/views/admin/client-form.ts'
import type { FieldFault } from '#web/views/field.ts'
import { clientAt, ofClient } from './client.ts'
import { changeForm, emptyClient, emptyPurpose, registerForm, type TypedClient } from './client-typed.ts'
import { toldBeside, typedFrom, wishOf } from './client-wish.ts'
import { officerRoute, type OfficerTools, type Scene } from './officer.ts'

type Tools = OfficerTools & Parameters<typeof propose>[0] & { clientStore: Pick<ClientStore, 'find'>; catalogue: Catalogue; callable: Callable }

export const showRegisterClient = officerRoute({
  route: `GET ${consolePlaces.registerClient}`,
  may: 'client.propose',
  on: 'list',
  form: z.strictObject({}),
  act: async ({ catalogue }: Tools, { view }) => ({ page: clientFormPage(view, { typed: emptyClient, faults: [], catalogue }) }),
})

/** Whose it will be is typed: `propose` looks whether that is within reach. */
export const registerClient = officerRoute({
  route: `POST ${consolePlaces.registerClient}`,
  may: 'client.propose',
  on: 'list',
  form: registerForm,
  act: (tools: Tools, scene, { csrf: _csrf, do: what, ...typed }) => answerForm(tools, scene, { typed, adds: what === 'add', live: undefined }),
})

export const showChangeClient = officerRoute({
  route: `GET ${clientPaths.change}`,
  may: 'client.propose',
  on: (tools: Tools, input) => ofClient(tools, input),
  form: z.strictObject({ client: z.string().max(128) }),
  act: async (tools: Tools, { view }, { client: id }) => {
    const live = await clientAt(tools, id)
    return { page: clientFormPage(view, { typed: typedFrom(entryOf(live), tools.catalogue), faults: [], catalogue: tools.catalogue, live: shown(live, clientDigest(live)) }) }
  },
})

export const changeClient = officerRoute({
  route: `POST ${clientPaths.change}`,
  may: 'client.propose',
  on: (tools: Tools, input) => ofClient(tools, input),
  form: changeForm,
  act: async (tools: Tools, scene, { csrf: _csrf, do: what, client: id, from, ...typed }) => {
    const live = await clientAt(tools, id)
    // Written against another state than the one that stands there: it would undo what somebody else has done since.
    if (from !== clientDigest(live)) throw new Problem('proposal.stale')
    return answerForm(tools, scene, { typed: { ...typed, clientId: live.id }, adds: what === 'add', live })
  },
})

const shown = ({ id, registered }: Client, from: string) => ({ id, name: registered.client_name, from })

type Sent = { typed: TypedClient; /** One more purpose is asked for, and nothing else yet. */ adds: boolean; live: Client | undefined }

async function answerForm(tools: Tools, { officer, view }: Scene, { typed, adds, live }: Sent): Promise<Answer> {
  const { catalogue, callable, readEntry } = tools
  const t = textsOf(view.language).clients.form
  const again = (faults: readonly FieldFault[], purposes = typed.purposes): Answer => ({
    page: clientFormPage(view, { typed: { ...typed, purposes }, faults, catalogue, live: live && shown(live, clientDigest(live)) }), ...(faults.length > 0 && { status: 422 }),
  })
  if (adds) return again([], [...typed.purposes, emptyPurpose])
  const wish = wishOf(typed, { catalogue, rules: callable, before: live && entryOf(live), say: t })
  if ('faults' in wish) return again(wish.faults)
  const read = await readEntry(wish.entry)
  if ('fault' in read) return again([toldBeside(read.fault, t.faults)])
  if (live === undefined && (await tools.clientStore.find(read.client.id)) !== undefined) return again([{ field: 'clientId', message: t.faults.taken }])
  const change = changeTo(read.client, live)
  if (change === undefined) return again([{ field: 'name', message: t.nothingChanged }])
  const proposed = await propose(tools, officer, { change, reason: typed.reason })
  return 'fault' in proposed ? again([toldBeside(proposed.fault, t.faults)]) : { redirect: proposalPlaces(proposed.proposal.id).start }
}
