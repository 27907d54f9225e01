import { Problem } from '#kernel/problem.ts'
import { chipStanding } from '#domain/desk/chip-standing.ts'
import { pairReader, type ChipDesk, type ReaderStore } from '#domain/desk/reader.ts'
import { posted } from '#web/account/citizen.ts'
import { deskPaths, deskPlaces, readerRoot } from '#web/places.ts'
import { chipPage } from '#web/views/admin/desk-chip.ts'
import { atApplication, deskRoute, theirs, type DeskTools } from './desk.ts'

type Tools = DeskTools & { readers: ReaderStore; chipDesk?: ChipDesk | undefined }

/** Where the operator has named nobody whose cards are believed, there is no reader. */
function mustRead({ chipDesk }: Tools): void {
  if (chipDesk === undefined) throw new Problem('request.not-found')
}

const showChip = deskRoute({
  route: `GET ${deskPaths.chip}`,
  form: atApplication,
  act: async (tools: Tools, scene, { id }) => {
    mustRead(tools)
    const application = await theirs(tools, scene, id)
    const [newest, ...older] = await tools.readers.readings(id)
    const pairing = await tools.readers.ofApplication(id)
    const live = pairing !== undefined && pairing.session === scene.session && pairing.is !== 'heard' && pairing.expiresAt > scene.view.at ? pairing : undefined
    return { page: chipPage(scene.view, {
      application, pairing: live, readAt: new URL(readerRoot, tools.issuer), newest,
      standing: chipStanding(newest === undefined ? [] : [newest, ...older], scene.officer.account),
    }) }
  },
})

const letReaderIn = deskRoute({
  route: `POST ${deskPaths.chip}`,
  form: posted.extend(atApplication.shape),
  act: async (tools: Tools, scene, { id }) => {
    mustRead(tools)
    await theirs(tools, scene, id)
    const { station, session } = scene
    return { redirect: (await pairReader(tools, station, { id, session })) ? deskPlaces(id).chip : deskPlaces(id).start }
  },
})

export const deskChipRoutes = [showChip, letReaderIn] as const
