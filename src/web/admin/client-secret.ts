import { Problem } from '#kernel/problem.ts'
import type { Client } from '#domain/client/client.ts'
import type { ClientStore } from '#domain/client/store.ts'
import { propose } from '#domain/proposal/propose.ts'
import { collectSecret, endFormerSecret, issueFirstSecret, replacement, secretOf, toCollect } from '#domain/proposal/secret.ts'
import { clientPaths, clientPlaces, proposalPlaces } from '#web/place/console.ts'
import { collectPage, endFormerPage, firstSecretPage, newSecretPage, replaceSecretPage } from '#web/views/admin/client-secret.ts'
import type { AdminView } from '#web/views/admin/frame.ts'
import { asking, atClient, because, clientAt, ofClient } from './client.ts'
import { officerRoute, type OfficerTools } from './officer.ts'

type Tools = OfficerTools & Parameters<typeof propose>[0] & Parameters<typeof collectSecret>[0] & { clientStore: Pick<ClientStore, 'find'> }

/** A client that proves itself by a secret. Throws `request.not-found`. */
async function bySecret(tools: Tools, id: string): Promise<Client> {
  const client = await clientAt(tools, id)
  if (secretOf(client) === 'none') throw new Problem('request.not-found')
  return client
}

function askPage(view: AdminView, { proposalRules }: Tools, client: Client, reason?: string) {
  const about = asking(client, view, reason)
  return secretOf(client) === 'missing' ? firstSecretPage(view, about) : replaceSecretPage(view, { ...about, days: proposalRules.secretOverlapDays })
}

const askForSecret = officerRoute({
  route: `GET ${clientPaths.secret}`,
  may: 'client.propose',
  on: (tools: Tools, input) => ofClient(tools, input),
  form: atClient,
  act: async (tools: Tools, { view }, { client: id }) => ({ page: askPage(view, tools, await bySecret(tools, id)) }),
})

/** Its first secret one person gives it; another in its place takes two (A01). */
const giveSecret = officerRoute({
  route: `POST ${clientPaths.secret}`,
  may: 'client.propose',
  on: (tools: Tools, input) => ofClient(tools, input),
  form: because,
  act: async (tools: Tools, { officer, view }, { client: id, reason }) => {
    const client = await bySecret(tools, id)
    if (reason === '') return { page: askPage(view, tools, client, reason), status: 422 }
    if (secretOf(client) === 'missing') return { page: newSecretPage(view, { id: client.id, secret: await issueFirstSecret(tools, officer, client, reason) }) }
    const proposed = await propose(tools, officer, { change: replacement(client, tools.proposalRules), reason })
    if ('fault' in proposed) throw new Problem('proposal.stale', { cause: proposed.fault })
    return { redirect: proposalPlaces(proposed.proposal.id).start }
  },
})

const askToCollect = officerRoute({
  route: `GET ${clientPaths.newSecret}`,
  may: 'client.propose',
  on: (tools: Tools, input) => ofClient(tools, input),
  form: atClient,
  act: async (tools: Tools, { officer, view }, { client: id }) => {
    const client = await bySecret(tools, id)
    if ((await toCollect(tools, officer, client)) === undefined) throw new Problem('request.not-found')
    return { page: collectPage(view, asking(client, view)) }
  },
})

/** Whoever has proposed the replacement sees it, once. */
const collect = officerRoute({
  route: `POST ${clientPaths.newSecret}`,
  may: 'client.propose',
  on: (tools: Tools, input) => ofClient(tools, input),
  form: because,
  act: async (tools: Tools, { officer, view }, { client: id, reason }) => {
    const client = await bySecret(tools, id)
    if (reason === '') return { page: collectPage(view, asking(client, view, reason)), status: 422 }
    return { page: newSecretPage(view, { id: client.id, secret: await collectSecret(tools, officer, client, reason) }) }
  },
})

const askToEndFormer = officerRoute({
  route: `GET ${clientPaths.formerSecret}`,
  may: 'client.propose',
  on: (tools: Tools, input) => ofClient(tools, input),
  form: atClient,
  act: async (tools: Tools, { view }, { client: id }) => ({ page: endFormerPage(view, asking(await bySecret(tools, id), view)) }),
})

const endFormer = officerRoute({
  route: `POST ${clientPaths.formerSecret}`,
  may: 'client.propose',
  on: (tools: Tools, input) => ofClient(tools, input),
  form: because,
  act: async (tools: Tools, { officer, view }, { client: id, reason }) => {
    const client = await bySecret(tools, id)
    if (reason === '') return { page: endFormerPage(view, asking(client, view, reason)), status: 422 }
    await endFormerSecret(tools, officer, client, reason)
    return { redirect: clientPlaces(client.id).start }
  },
})

export const secretRoutes = [askForSecret, giveSecret, askToCollect, collect, askToEndFormer, endFormer] as const
