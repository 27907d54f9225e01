import { z } from 'zod'
import { Problem } from '#kernel/problem.ts'
import { faultNames } from '#domain/sandbox/fault.ts'
import { trialOf } from '#domain/sandbox/trial-client.ts'
import { formatTime } from '#web/i18n/format.ts'
import { developerClientPaths, developerClientPlaces, developerPlaces, trialReportPath, trialReportPlace } from '#web/place/developer.ts'
import { faultBusyPage, requestsPage } from '#web/views/developer/requests.ts'
import { trialOverPage, trialPage } from '#web/views/developer/trial.ts'
import { atClient, developerRoute, ownClient, postedAtClient } from './at.ts'

/** A fault for this client alone, for a quarter of an hour. */
export const switchFaultOn = developerRoute({
  route: `POST ${developerClientPaths.fault}`,
  spends: 'developer-tries-per-account',
  form: postedAtClient.extend({ fault: z.enum(faultNames) }),
  act: async (scene, { id, fault }) => {
    await ownClient(scene, id)
    if (!(await scene.sandbox.faults.switchOn(scene.citizen.account, id, fault))) return { page: faultBusyPage(scene.view, id), status: 503 }
    return { redirect: `${developerClientPlaces(id).start}#fault` }
  },
})

export const switchFaultOff = developerRoute({
  route: `POST ${developerClientPaths.faultOff}`,
  form: postedAtClient,
  act: async (scene, { id }) => {
    await ownClient(scene, id)
    await scene.sandbox.faults.switchOff(id)
    return { redirect: `${developerClientPlaces(id).start}#fault` }
  },
})

export const showClientRequests = developerRoute({
  route: `GET ${developerClientPaths.requests}`,
  form: atClient,
  act: async (scene, { id }) => {
    const client = await ownClient(scene, id)
    const seen = await scene.sandbox.requests(id)
    return { page: requestsPage(scene.view, client, seen.map(({ at, ...rest }) => ({ ...rest, at: formatTime(new Date(at * 1000)) }))) }
  },
})

/** Sends the developer to the sandbox as somebody who signs in at their service. */
export const beginTrial = developerRoute({
  route: `POST ${developerClientPaths.trial}`,
  spends: 'developer-tries-per-account',
  form: postedAtClient,
  act: async ({ sandbox, citizen }, { id }) => {
    const begun = await sandbox.trials.begin(citizen.account, id)
    if (begun === undefined) throw new Problem('request.not-found')
    return { redirect: 'to' in begun ? begun.to : trialReportPlace(begun.report) }
  },
})

const parameter = z.string().max(4000)

/** Where the sandbox leads back to. The address holds the code, so nobody stays here. */
export const endTrial = developerRoute({
  route: `GET ${developerPlaces.trialAnswer}`,
  asks: true,
  form: z.record(z.string().max(64), parameter),
  act: async ({ sandbox, citizen, view }, answer) => {
    const done = await sandbox.trials.finish(citizen.account, answer)
    return done === undefined ? { page: trialOverPage(view), status: 404 } : { redirect: trialReportPlace(done.report) }
  },
})

export const showTrial = developerRoute({
  route: `GET ${trialReportPath}`,
  form: z.strictObject({ id: z.string().max(64) }),
  act: async ({ sandbox, citizen, view }, { id }) => {
    const trial = await sandbox.trials.report(citizen.account, id)
    if (trial === undefined) return { page: trialOverPage(view), status: 404 }
    return { page: trialPage(view, trial, trialOf(trial.client)), formsTo: [sandbox.issuer] }
  },
})
