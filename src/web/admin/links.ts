import { z } from 'zod'
import { linkFile, readSubjects, reportLinks } from '#domain/account/link.ts'
import type { SubjectStore } from '#domain/account/store.ts'
import { posted } from '#web/account/citizen.ts'
import { textsOf } from '#web/i18n/language.ts'
import { formatCount } from '#web/i18n/format.ts'
import { healthPaths } from '#web/place/console.ts'
import { linksPage } from '#web/views/admin/links.ts'
import { atClient, clientAt, ofClient } from './health.ts'
import { officerRoute, type OfficerTools } from './officer.ts'

type Tools = OfficerTools & Parameters<typeof clientAt>[0] & { subjects: Pick<SubjectStore, 'accountsOf'> }

/** A hundred thousand subjects of ours, with room for line ends and quotes. */
const mostBytes = 6_000_000

const showLinks = officerRoute({
  route: `GET ${healthPaths.links}`,
  may: 'link.read',
  on: (tools: Tools, asked) => ofClient(tools, asked),
  form: atClient,
  act: async (tools: Tools, { view }, { client }) => ({ page: linksPage(view, { id: client, name: (await clientAt(tools, client)).registered.client_name }) }),
})

/** An organisation's own subjects, asked about together (Decree 320/2026): a file for a file. */
const askLinks = officerRoute({
  route: `POST ${healthPaths.links}`,
  may: 'link.read',
  on: (tools: Tools, asked) => ofClient(tools, asked),
  upload: mostBytes,
  form: posted.extend({ client: atClient.shape.client, file: z.string() }),
  act: async (tools: Tools, { officer, view }, { client: id, file }) => {
    const { health: { links: t } } = textsOf(view.language)
    const client = await clientAt(tools, id)
    const read = readSubjects(file)
    const fault = 'fault' in read ? (read.fault === 'too-many' ? t.tooMany : t.wrong(formatCount(read.fault.line, view.language))) : read.subjects.length === 0 ? t.missing : undefined
    if ('fault' in read || fault !== undefined) return { page: linksPage(view, { id, name: client.registered.client_name, fault }), status: 422 }
    const rows = await reportLinks(tools, { client: id, sector: client.own.sector, by: officer.account, subjects: read.subjects })
    return { download: { name: `${id}-link-status.csv`, type: 'text/csv' as const, text: linkFile(rows) } }
  },
})

export const linkRoutes = [showLinks, askLinks] as const
