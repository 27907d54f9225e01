import { z } from 'zod'
import { clientId } from '#kernel/id.ts'
import type { Clock } from '#kernel/clock.ts'
import { Problem } from '#kernel/problem.ts'
import type { ConnectionRules } from '#domain/connection/rules.ts'
import type { DeveloperClient } from '#domain/sandbox/developer-client.ts'
import { isFresh, isGreen } from '#domain/self-test/report.ts'
import { citizenRoute, posted, type Scene } from '#web/account/citizen.ts'
import { selfTestPath, selfTestPlace } from '#web/place/developer.ts'
import type { Answer } from '#web/route.ts'
import { selfTestPage, type SelfTestPage } from '#web/views/developer/self-test.ts'
import type { DeveloperTools } from './at.ts'

type Tools = DeveloperTools & { clock: Clock; connectionRules: ConnectionRules }

const atClient = z.strictObject({ id: clientId })

const showSelfTest = citizenRoute({
  route: `GET ${selfTestPath}`,
  form: atClient,
  act: async (tools: Tools, scene, { id }) => shown(tools, scene, await ownClient(tools, scene, id)),
})

const beginSelfTest = citizenRoute({
  route: `POST ${selfTestPath}`,
  form: posted.extend({ id: clientId, initiate: z.string().trim().max(2000), logout: z.string().trim().max(2000) }),
  act: async (tools: Tools, scene, { id, initiate, logout }) => {
    await tools.limits.spend('developer-tries-per-account', scene.citizen.account)
    const client = await ownClient(tools, scene, id)
    const typed = { initiate, ...(logout !== '' && { logout }) }
    const begun = await tools.sandbox?.().selfTests.begin(scene.citizen.account, id, typed)
    if (begun === undefined) throw new Problem('request.not-found')
    if (begun === 'begun') return { redirect: selfTestPlace(id) }
    if (typeof begun === 'object') return { ...(await shown(tools, scene, client, { typed, faults: begun.faults })), status: 422 }
    return { ...(await shown(tools, scene, client, { typed, refused: refusals[begun] })), status: 409 }
  },
})

const refusals = { busy: 'busy', running: 'alreadyRunning', resting: 'resting' } as const

export const selfTestRoutes = [showSelfTest, beginSelfTest]

/** A client of somebody else is as good as none. */
async function ownClient({ sandbox }: Tools, { citizen }: Scene, id: DeveloperClient['id']): Promise<DeveloperClient> {
  const client = await sandbox?.().clients.find(citizen.account, id)
  if (client === undefined) throw new Problem('request.not-found')
  return client
}

async function shown({ sandbox, clock, connectionRules: { selfTestDays: days } }: Tools, { citizen, view }: Scene, { id, name, redirectUri }: DeveloperClient, more: Partial<SelfTestPage> = {}): Promise<Pick<Extract<Answer, { page: unknown }>, 'page'>> {
  const report = await sandbox?.().selfTests.latest(citizen.account, id)
  const typed = report?.addresses ?? { initiate: `${new URL(redirectUri).origin}/` }
  const standing = { green: report !== undefined && isGreen(report), fresh: report !== undefined && isFresh(report, clock.now(), days), days }
  return { page: selfTestPage(view, { service: { id, name }, typed, faults: {}, report, ...standing, ...more }) }
}
