import { z } from 'zod'
import { Problem } from '#kernel/problem.ts'
import type { Application } from '#domain/desk/application.ts'
import { standingOfChip, type ChipStanding } from '#domain/desk/chip-standing.ts'
import type { Doubt } from '#domain/desk/doubt.ts'
import { pairReader, type ChipDesk, type ReaderStore } from '#domain/desk/reader.ts'
import { propose } from '#domain/proposal/propose.ts'
import type { ProposalStore } from '#domain/proposal/store.ts'
import { posted } from '#web/account/citizen.ts'
import { deskPaths, deskPlaces, proposalPlaces } from '#web/place/console.ts'
import { readerRoot } from '#web/place/program.ts'
import { chipPage } from '#web/views/admin/desk-chip.ts'
import { atApplication, deskRoute, theirs, type DeskTools, type OnDuty } from './desk.ts'

type Tools = DeskTools & { readers: ReaderStore; chipDesk?: ChipDesk | undefined; proposals: Pick<ProposalStore, 'about' | 'add'> }

const showChip = deskRoute({
  route: `GET ${deskPaths.chip}`,
  form: atApplication,
  act: async (tools: Tools, scene, { id }) => {
    const application = await theirs(tools, scene, id)
    const standing = await standingFor(tools, scene, application)
    // Where the operator has named nobody whose cards are believed, there is no reader.
    if (tools.chipDesk === undefined && standing.is !== 'doubtful') throw new Problem('request.not-found')
    return { page: await page(tools, scene, { application, standing }) }
  },
})

async function standingFor(tools: Tools, { officer, view }: OnDuty, application: Application): Promise<ChipStanding> {
  const person = await tools.registry.find(application.person)
  if (person === undefined) throw new Problem('internal')
  return standingOfChip(tools, { application, person, officer: officer.account, at: view.at })
}

type Shown = { application: Application; standing: ChipStanding; reasonMissing?: boolean }

async function page(tools: Tools, { officer, session, view }: OnDuty, { application, standing, reasonMissing = false }: Shown) {
  const { id } = application
  const [newest] = await tools.readers.readings(id)
  const pairing = await tools.readers.ofApplication(id)
  const live = pairing !== undefined && pairing.session === session && pairing.is !== 'heard' && pairing.expiresAt > view.at ? pairing : undefined
  const asked = standing.is === 'doubtful' && (await waitingAbout(tools, standing.doubts)) !== undefined
  const elsewhere = pairing?.is === 'asked' && pairing.officer !== officer.account && pairing.expiresAt > view.at ? pairing.expiresAt : undefined
  return chipPage(view, { application, pairing: live, elsewhere, readAt: tools.chipDesk && new URL(readerRoot, tools.issuer), newest, standing, asked, reasonMissing })
}

const letReaderIn = deskRoute({
  route: `POST ${deskPaths.chip}`,
  form: posted.extend(atApplication.shape),
  act: async (tools: Tools, scene, { id }) => {
    if (tools.chipDesk === undefined) throw new Problem('request.not-found')
    await theirs(tools, scene, id)
    const { station, session } = scene
    await pairReader(tools, station, { id, session })
    return { redirect: deskPlaces(id).chip }
  },
})

/** What stands against a card ends by whoever stands above the desk, who reads why. */
const askToEndDoubt = deskRoute({
  route: `POST ${deskPaths.doubt}`,
  form: posted.extend({ ...atApplication.shape, reason: z.string().trim().max(500) }),
  act: async (tools: Tools & Parameters<typeof propose>[0], scene, { id, reason }) => {
    const application = await theirs(tools, scene, id)
    const standing = await standingFor(tools, scene, application)
    if (standing.is !== 'doubtful') return { redirect: deskPlaces(id).start }
    if (reason === '') return { page: await page(tools, scene, { application, standing, reasonMissing: true }), status: 422 }
    if ((await waitingAbout(tools, standing.doubts)) !== undefined) return { redirect: deskPlaces(id).chip }
    const readings = standing.doubts.slice(0, 20).map(({ id: reading, reason: chip, at, officer: by, commune, reference }) => ({ id: reading, chip, at: at.toISOString(), by, commune, reference }))
    const proposed = await propose(tools, scene.officer, { change: { act: 'doubt.end', readings }, reason })
    if ('fault' in proposed) throw new Problem('internal')
    return { redirect: proposalPlaces(proposed.proposal.id).start }
  },
})

/** Whether somebody has asked already for the newest of them to be ended. */
async function waitingAbout({ proposals }: Tools, [newest]: readonly Doubt[]) {
  return newest && (await proposals.about(newest.id)).find(({ decision }) => decision === undefined)
}

export const deskChipRoutes = [showChip, letReaderIn, askToEndDoubt] as const
