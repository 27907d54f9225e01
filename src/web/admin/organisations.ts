import { z } from 'zod'
import { dayInVietnam } from '#kernel/clock.ts'
import { applicationId, type ApplicationId } from '#kernel/id.ts'
import { Problem } from '#kernel/problem.ts'
import { may } from '#domain/officer/permission.ts'
import { organisationRefusals } from '#domain/organisation/application.ts'
import { representing } from '#domain/organisation/organisation.ts'
import { fileOrders, fileStates, type OrganisationDirectory } from '#domain/organisation/search.ts'
import type { OrganisationStore } from '#domain/organisation/store.ts'
import { posted } from '#web/account/citizen.ts'
import { consolePlaces, organisationFilePaths, organisationFilePlaces } from '#web/place/console.ts'
import type { Answer } from '#web/route.ts'
import { filesInFile, organisationFilePage, organisationFilesPage, type FileFault } from '#web/views/admin/organisations.ts'
import { asFile, listed, rowsPerPage, sliceOf, typed } from './listing.ts'
import { officerRoute, ofTheSystem, type OfficerTools, type Scene } from './officer.ts'

type Tools = OfficerTools & { organisations: OrganisationStore; organisationDirectory: OrganisationDirectory }

const asked = z.strictObject({ tim: typed(100), tinhtrang: z.enum(fileStates).default('open'), ...listed(fileOrders, 'due') })

/** What came to the authority, by what stands in the address: first what it has to decide, the most urgent on top. */
const showFiles = officerRoute({
  route: `GET ${consolePlaces.organisationFiles}`,
  may: 'organisation.read',
  on: ofTheSystem,
  asks: true,
  form: asked,
  act: async (tools: Tools & Parameters<typeof asFile>[0], { officer, view }, { dang, ...wish }) => {
    const today = dayInVietnam(view.at)
    const { rows, all } = await tools.organisationDirectory.search({ state: wish.tinhtrang, today, text: wish.tim, order: wish.xep, ...sliceOf({ trang: wish.trang, dang }) })
    if (dang === 'csv') return asFile(tools, officer, { table: 'organisations', by: 'organisation.read', name: 'ho-so-to-chuc', ...filesInFile(view, rows) })
    return { page: organisationFilesPage(view, { rows, all, asked: wish, perPage: rowsPerPage }) }
  },
})

const showFile = officerRoute({
  route: `GET ${organisationFilePaths.start}`,
  may: 'organisation.read',
  on: ofTheSystem,
  form: z.strictObject({ id: applicationId }),
  act: async (tools: Tools, scene, { id }) => ({ page: await page(tools, scene, id) }),
})

/** What the officer may not do is not offered; the route asks again. */
async function page({ organisations }: Tools, { officer: { roles }, view }: Scene, id: ApplicationId, fault?: FileFault) {
  const known = await organisations.findApplication(id)
  if (known?.application === undefined) throw new Problem('request.not-found')
  const file = { ...known, application: known.application }
  const able = (permission: 'organisation.examine' | 'organisation.issue') => may(roles, permission, {}, view.at)
  return organisationFilePage(view, { file, representatives: representing(file.representatives, dayInVietnam(view.at)), may: { examine: able('organisation.examine'), issue: able('organisation.issue') }, fault })
}

/** Back to the file; what could not be done is said there. */
async function answer(tools: Tools, scene: Scene, id: ApplicationId, done: 'done' | FileFault): Promise<Answer> {
  return done === 'done' ? { redirect: organisationFilePlaces(id).start } : { page: await page(tools, scene, id, done), status: done === 'reason' || done === 'why' || done === 'papers' ? 422 : 409 }
}

const reasoned = posted.extend({ id: applicationId, reason: z.string().trim().max(500) })

const examine = officerRoute({
  route: `POST ${organisationFilePaths.examine}`,
  may: 'organisation.examine',
  on: ofTheSystem,
  form: reasoned.extend({ papers: z.string().trim().max(300).default('') }),
  act: async (tools: Tools, scene, { id, reason, papers }) => {
    if (reason === '') return answer(tools, scene, id, 'why')
    return answer(tools, scene, id, await tools.organisations.examine(id, { account: scene.officer.account, at: scene.view.at, reason, papers }))
  },
})

/** The second person (Decree 69/2024 Art 16: the authority's head, or whom that lets do it). */
const issue = officerRoute({
  route: `POST ${organisationFilePaths.issue}`,
  may: 'organisation.issue',
  on: ofTheSystem,
  form: reasoned,
  act: async (tools: Tools, scene, { id, reason }) => {
    if (reason === '') return answer(tools, scene, id, 'why')
    return answer(tools, scene, id, await tools.organisations.issue(id, { account: scene.officer.account, at: scene.view.at, reason }))
  },
})

const refuse = officerRoute({
  route: `POST ${organisationFilePaths.refuse}`,
  may: 'organisation.examine',
  on: ofTheSystem,
  form: posted.extend({ id: applicationId, refusal: z.string().max(32).default('') }),
  act: async (tools: Tools, scene, { id, refusal }) => {
    const reason = z.enum(organisationRefusals).safeParse(refusal).data
    if (reason === undefined) return answer(tools, scene, id, 'reason')
    return answer(tools, scene, id, await tools.organisations.refuse(id, { account: scene.officer.account, at: scene.view.at, reason }))
  },
})

export const organisationFileRoutes = [showFiles, showFile, examine, issue, refuse] as const
