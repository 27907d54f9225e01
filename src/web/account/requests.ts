import { z } from 'zod'
import { approvalId, type AccountId } from '#kernel/id.ts'
import { Problem } from '#kernel/problem.ts'
import { levelAt } from '#domain/account/account.ts'
import { isAnsweredBy, type Approval, type ApprovalStore } from '#domain/approval/approval.ts'
import { approve, beyondReach, match, refuse } from '#domain/approval/answer.ts'
import { organisationIn } from '#domain/acting/act.ts'
import type { Best } from '#domain/assurance/verdict.ts'
import type { Client } from '#domain/client/client.ts'
import { officesAsked, type InName, type OfficeTools } from '#domain/organisation/offices.ts'
import type { OrganisationStore } from '#domain/organisation/store.ts'
import { beginSignIn } from '#domain/passkey/authentication.ts'
import type { PasskeyStore } from '#domain/passkey/passkey.ts'
import { assertion, readResponse } from '#domain/passkey/response.ts'
import type { KnownClients } from '#oidc/client/known.ts'
import { formatCount, formatTime } from '#web/i18n/format.ts'
import { textsOf } from '#web/i18n/language.ts'
import { serviceOf } from '#web/interaction/at.ts'
import { groupsInWords, nameOf, type ClaimsReader } from '#web/interaction/consent.ts'
import { allInDetail } from '#web/interaction/detail-words.ts'
import { lastFirst, officeShown } from '#web/interaction/for-whom.ts'
import { forBrowser } from '#web/interaction/options.ts'
import { noteOf } from '#web/interaction/sign-in.ts'
import type { View } from '#web/page.ts'
import { places, requestPaths, requestPlaces } from '#web/place/citizen.ts'
import { readerOf } from '#web/reader.ts'
import type { Answer } from '#web/route.ts'
import {
  confirmPage, endedPage, matchPage, noPasskeyHerePage, requestsPage, unreachablePage, type InNames, type Request,
} from '#web/views/approval.ts'
import type { PasskeyNote } from '#web/views/passkey-form.ts'
import { citizenRoute, posted, type CitizenTools, type Scene } from './citizen.ts'

type Tools = CitizenTools & ClaimsReader & OfficeTools & {
  organisations: Pick<OrganisationStore, 'lastChoice'>
  approvals: ApprovalStore
  clients: Pick<KnownClients, 'find' | 'findServer'>
  passkeys: Pick<PasskeyStore, 'ofAccount'>
  challenges: Parameters<typeof beginSignIn>[0]['challenges']
  rp: Parameters<typeof beginSignIn>[0]['rp']
  best: Best
  monthsRemembered: number
}
type AnswerTools = Tools & Parameters<typeof approve>[0] & Parameters<typeof match>[0]

const atRequest = z.strictObject({ id: approvalId })
const postedAt = posted.extend({ id: approvalId })

/** What waits for this person's answer */
export const showRequests = citizenRoute({
  route: `GET ${places.requests}`,
  form: z.strictObject({}),
  act: async (tools: Tools, { citizen, view }) => {
    const waiting = await tools.approvals.waitingFor(citizen.account)
    const requests = await Promise.all(waiting.map(async (approval) => inWords(approval, await clientOf(tools, approval), { view, inNameOf: await otherThan(tools, citizen.account, approval) })))
    return { page: requestsPage(view, requests) }
  },
})

/** The address of one request through all its steps: which code, whether to confirm, how it ended. */
export const showRequest = citizenRoute({
  route: `GET ${requestPaths.start}`,
  form: atRequest,
  act: async (tools: Tools, scene, { id }) => {
    const approval = await ownApproval(tools, scene, id)
    const outcome = await tools.approvals.outcome(id)
    return outcome === undefined ? showStep(tools, scene, approval) : { page: endedPage(scene.view, outcome) }
  },
})

export const takeMatch = citizenRoute({
  route: `POST ${requestPaths.code}`,
  form: postedAt.extend({ code: z.string().max(32) }),
  act: async (tools: AnswerTools, scene, { id, code }) => {
    await match(tools, await ownApproval(tools, scene, id), { session: scene.citizen.session, code })
    return { redirect: requestPlaces(id).start }
  },
})

export const refuseRequest = citizenRoute({
  route: `POST ${requestPaths.refuse}`,
  form: postedAt.extend({ reason: z.enum(['not-me', 'declined', 'unreachable', 'no-organisation']) }),
  act: async (tools: AnswerTools, scene, { id, reason }) => {
    await refuse(tools, await ownApproval(tools, scene, id), reason)
    return { redirect: requestPlaces(id).start }
  },
})

export const approveRequest = citizenRoute({
  route: `POST ${requestPaths.approve}`,
  form: postedAt.extend({ assertion: z.string().max(32_768), optional: z.union([z.string(), z.array(z.string())]).default([]), choice: z.union([z.literal('self'), z.string().regex(/^organisation:[0-9a-f-]{36}$/)]).default('self') }),
  act: async (tools: AnswerTools, scene, { id, assertion: text, optional, choice }) => {
    // Without a script the form arrives empty, and the person is told what is missing.
    if (text === '') return { page: noPasskeyHerePage(scene.view, requestPlaces(id).start) }
    const answer = readResponse(assertion, text)
    if (answer === undefined) throw new Problem('request.malformed')
    const approval = await ownApproval(tools, scene, id)
    try {
      const { citizen: { account: by, session }, visit: { address } } = scene
      await approve(tools, approval, { by, session, address, answer, ticked: new Set([optional].flat()), inName: organisationIn(choice) })
      return { redirect: requestPlaces(id).start }
    } catch (error) {
      const note = error instanceof Problem ? noteOf(error) : undefined
      if (note === undefined) throw error
      return showStep(tools, scene, approval, note)
    }
  },
})

/** A request of somebody else is as good as none. */
async function ownApproval({ approvals }: Tools, { citizen }: Scene, id: Approval['id']): Promise<Approval> {
  const approval = await approvals.find(id)
  if (approval === undefined || !isAnsweredBy(approval, citizen.account)) throw new Problem('approval.over')
  return approval
}

async function clientOf({ clients }: Tools, { client: id }: Approval): Promise<Client> {
  const client = await clients.find(id)
  if (client === undefined) throw new Problem('approval.over')
  return client
}

/** Whose name is to be read, where whoever answers does it for somebody else. */
async function otherThan(tools: Tools, who: AccountId, { account }: Approval): Promise<string | undefined> {
  return account === who ? undefined : nameOf(tools, account)
}

function inWords({ id, askedAt, endsAt }: Approval, client: Client, { view, inNameOf }: { view: View; inNameOf: string | undefined }): Request {
  const time = (seconds: number) => formatTime(new Date(seconds * 1000))
  return {
    id, service: serviceOf(client, view), organisation: client.own.legal_name[view.language], sentAt: time(askedAt), endsAt: time(endsAt), inNameOf,
  }
}

async function showStep(tools: Tools, scene: Scene, approval: Approval, note?: PasskeyNote): Promise<Answer> {
  const { citizen, view } = scene
  const [client, found, matchedIn, keys] = await Promise.all([
    clientOf(tools, approval), tools.accounts.find(approval.account), tools.approvals.matchedIn(approval.id), tools.passkeys.ofAccount(citizen.account),
  ])
  const request = inWords(approval, client, { view, inNameOf: await otherThan(tools, citizen.account, approval) })
  if (found === undefined) throw new Problem('approval.over')
  const offices = await officesFor(tools, scene, { approval, client })
  const missing = beyondReach(approval, { level: levelAt(found.account, tools.clock.now()), keys }, tools.best)
  if (missing !== undefined) return { page: unreachablePage(view, request, { missing: missing === 'hardware-key' ? missing : 'account-level', reader: await readerOf(tools, approval.account) }) }
  if (approval.organisation?.only === true && offices.length === 0) return { page: unreachablePage(view, request, { missing: 'organisation', reader: await readerOf(tools, citizen.account) }) }
  if (matchedIn !== citizen.session) return { page: matchPage(view, request, approval.choices) }
  const groups = await groupsInWords(tools, { account: approval.account, items: approval.items }, { ...view, lasts: lastingOf(tools, client, view) })
  const details = await allInDetail(tools, approval.details, view.language)
  const options = forBrowser(await beginSignIn(tools, { approval: approval.id }, keys))
  return { page: confirmPage(view, request, { code: approval.code, names: await namesFor(tools, scene, { approval, client, offices }), groups, details, options, ...(note && { note }) }) }
}

/** For which of the organisations that are asked for they may answer. Nobody chooses for a ward. */
async function officesFor(tools: Tools, { citizen }: Scene, { approval: { account, organisation: asked }, client }: { approval: Approval; client: Client }): Promise<readonly InName[]> {
  return citizen.account === account ? officesAsked(tools, client, { account, asked }) : []
}

/** In whose name they may answer, where the service asks and there is a choice: what they chose last stands first, and is chosen. */
async function namesFor(tools: Tools, { citizen, view }: Scene, { approval, client, offices }: { approval: Approval; client: Client; offices: readonly InName[] }): Promise<InNames | undefined> {
  if (approval.organisation === undefined || offices.length === 0) return undefined
  const [last, self] = await Promise.all([tools.organisations.lastChoice(citizen.account, client.id), nameOf(tools, citizen.account)])
  return { self: approval.organisation.only ? undefined : self, choices: lastFirst(offices, last).map((one) => officeShown(one, view.language)), selfFirst: last === undefined || last === null }
}

/** As long as an answer given when signing in: state bodies' are remembered, those to others are for one time (Decree 69/2024 Art 19.3). */
function lastingOf({ monthsRemembered }: Tools, { own }: Client, { language }: View): string {
  const t = textsOf(language)
  return own.relying_party_class === 'A' ? t.consent.lastsMonths(formatCount(monthsRemembered, language)) : t.approval.confirm.lasts
}
