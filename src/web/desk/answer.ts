import { z } from 'zod'
import { Problem, type ProblemCode } from '#kernel/problem.ts'
import { answerDesk, askForKey, browserOf, goingOn, takeDeskCode, type Live } from '#domain/desk/answer.ts'
import type { DeskStore } from '#domain/desk/application.ts'
import { stageOf } from '#domain/desk/stage.ts'
import { assertion, attestation, readResponse } from '#domain/passkey/response.ts'
import { parsePersonalNumber } from '#domain/registry/personal-number.ts'
import { posted, type CitizenTools } from '#web/account/citizen.ts'
import { forBrowser, forCreation } from '#web/interaction/options.ts'
import { places } from '#web/place/citizen.ts'
import { viewOf, type Visit } from '#web/request/visit.ts'
import { route } from '#web/route.ts'
import { noPasskeyHerePage } from '#web/views/approval.ts'
import { deskCodePage, deskEndPage, deskNumberPage, deskWaitPage } from '#web/views/desk.ts'
import { giveToken, tokenOf } from './browser.ts'

type Tools = CitizenTools & { desk: DeskStore; issuer: string } & Parameters<typeof askForKey>[0]

const showCode = route({
  route: `GET ${places.level2}`,
  who: 'anyone',
  form: z.strictObject({}),
  act: async (tools: CitizenTools, visit) => ({ page: deskCodePage(viewOf(tools, visit)) }),
})

/** Wrong, over and used are one sentence (W10). */
const takeCode = route({
  route: `POST ${places.level2}`,
  who: 'anyone',
  form: posted.extend({ code: z.string().max(40), number: z.string().max(40).optional() }),
  act: async (tools: Tools & Parameters<typeof takeDeskCode>[0], visit, { code: typed, number: owner }) => {
    const number = owner === undefined ? undefined : parsePersonalNumber(owner)
    if (owner !== undefined && number === undefined) return { page: deskCodePage(viewOf(tools, visit), { owner: { typed: owner, fault: true } }), status: 422 }
    const taken = await takeDeskCode(tools, { typed, address: visit.address, number })
    if (taken.is === 'number-first') return { page: deskCodePage(viewOf(tools, visit), { owner: { typed: '', fault: false } }), status: 422 }
    if (taken.is === 'wrong') return { page: deskCodePage(viewOf(tools, visit), { fault: typed.trim() === '' ? 'missing' : 'wrong', ...(owner !== undefined && { owner: { typed: owner, fault: false } }) }), status: 422 }
    giveToken(visit, { token: taken.token, secure: tools.issuer.startsWith('https:') })
    return { redirect: places.level2Answer }
  },
})

const showNumber = route({
  route: `GET ${places.level2Answer}`,
  who: 'anyone',
  form: z.strictObject({}),
  act: async (tools: Tools, visit) => {
    const here = await found(tools, visit)
    return here === undefined ? { redirect: places.level2 } : { page: await pageOf(tools, visit, here.application) }
  },
})

/** Failures after which the next try is one tap away; all others get a page of their own. */
const again: ReadonlySet<ProblemCode> = new Set(['passkey.challenge-spent', 'passkey.not-verified', 'passkey.not-recognised', 'passkey.not-asked-for', 'passkey.removed'])

/** "Yes, that is the number", by the passkey itself. */
const takeAnswer = route({
  route: `POST ${places.level2Answer}`,
  who: 'anyone',
  form: posted.extend({ assertion: z.string().max(8192).optional(), attestation: z.string().max(65_536).optional() }),
  act: async (tools: Tools & Parameters<typeof answerDesk>[0], visit, { assertion: signed, attestation: made }) => {
    const here = await found(tools, visit)
    if (here === undefined) return { redirect: places.level2 }
    if (stageOf(here.application, visit.at) !== 'answering') return { redirect: places.level2Answer }
    // Without a script the form arrives empty, and the person is told what is missing.
    if (!signed && !made) return { page: noPasskeyHerePage(viewOf(tools, visit), places.level2Answer) }
    try {
      const outcome = await answerDesk(tools, here.token, here.application, readAnswer(signed, made))
      return outcome === 'done' ? { redirect: places.level2Answer } : { page: deskEndPage(viewOf(tools, visit), outcome === 'closed' ? 'closed' : 'over'), status: 409 }
    } catch (error) {
      if (!(error instanceof Problem && again.has(error.code))) throw error
      return { page: await numberPage(tools, visit, here.application, 'failed') }
    }
  },
})

function readAnswer(signed: string | undefined, made: string | undefined): Parameters<typeof answerDesk>[3] {
  const shown = signed ? readResponse(assertion, signed) : undefined
  if (shown !== undefined) return { assertion: shown }
  const key = made ? readResponse(attestation, made) : undefined
  if (key === undefined) throw new Problem('request.malformed')
  return { attestation: key }
}

/** "No": the code ends here and is on record, for somebody else may have given it to them. */
const denyNumber = route({
  route: `POST ${places.level2Deny}`,
  who: 'anyone',
  form: posted,
  act: async (tools: Tools, visit) => {
    const here = await found(tools, visit)
    if (here === undefined) return { redirect: places.level2 }
    await tools.desk.deny(here.application.id, { browser: browserOf(here.token), at: tools.clock.now() })
    return { redirect: places.level2Answer }
  },
})

async function found(tools: Tools, visit: Visit): Promise<{ token: string; application: Live } | undefined> {
  const token = tokenOf(visit)
  const application = token === undefined ? undefined : await goingOn(tools, token)
  return token === undefined || application === undefined ? undefined : { token, application }
}

async function pageOf(tools: Tools, visit: Visit, application: Live) {
  const view = viewOf(tools, visit)
  const stage = stageOf(application, visit.at)
  if (stage === 'answering') return numberPage(tools, visit, application)
  if (stage === 'comparing') return deskWaitPage(view, application)
  return deskEndPage(view, stage === 'done' || stage === 'denied' || stage === 'refused' ? stage : 'over')
}

async function numberPage(tools: Tools, visit: Visit, application: Live, note?: 'failed') {
  const asked = await askForKey(tools, application)
  const key = asked.is === 'sign' ? { act: 'confirm' as const, options: forBrowser(asked.options) } : { act: 'create' as const, options: forCreation(asked.options) }
  return deskNumberPage(viewOf(tools, visit), application, { ...key, note })
}

export const level2Routes = [showCode, takeCode, showNumber, takeAnswer, denyNumber] as const
