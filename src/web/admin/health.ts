import { z } from 'zod'
import { dayInVietnam, type Day } from '#kernel/clock.ts'
import { clientId, type ClientId } from '#kernel/id.ts'
import { Problem } from '#kernel/problem.ts'
import type { Client } from '#domain/client/client.ts'
import { expiriesOf, isDue, type Expiry } from '#domain/client/expiry.ts'
import type { ClientStore } from '#domain/client/store.ts'
import type { Officer } from '#domain/officer/officer.ts'
import { may } from '#domain/officer/permission.ts'
import { endingOf, type Count } from '#domain/statistic/counted.ts'
import type { Line } from '#domain/statistic/figures.ts'
import { guarded, guardedDays, isOver, plainDays } from '#domain/statistic/guarded.ts'
import { keySetStandingOf } from '#domain/signing-key/watch.ts'
import type { HealthStore } from '#domain/statistic/health.ts'
import { boundsOf, month, monthOf, moved } from '#domain/statistic/period.ts'
import type { StatisticStore } from '#domain/statistic/store.ts'
import { csv } from '#web/answer/csv.ts'
import { textsOf } from '#web/i18n/language.ts'
import type { Texts } from '#web/i18n/vi.ts'
import { healthPaths } from '#web/place/console.ts'
import { healthPage, type Explain } from '#web/views/admin/health.ts'
import { officerRoute, type OfficerTools } from './officer.ts'

type ClientTools = { clientStore: Pick<ClientStore, 'find'> }
type Tools = OfficerTools & ClientTools & Parameters<typeof keySetStandingOf>[0] & { statistics: StatisticStore; health: HealthStore; explain: Explain }

const dayMilliseconds = 86_400_000
const daysShown = 14
const faultDays = 7
export const atClient = z.strictObject({ client: clientId })

/** Throws `request.not-found`. */
export async function clientAt({ clientStore }: ClientTools, id: ClientId): Promise<Client> {
  const client = await clientStore.find(id)
  if (client === undefined) throw new Problem('request.not-found')
  return client
}

/** A client belongs to its sector; one that is not there to nobody in particular. */
export const ofClient = async ({ clientStore }: ClientTools, { client }: { client: ClientId }) => ({ sector: (await clientStore.find(client))?.own.sector })

/** Whether these roles are of the organisation itself, which was told each of its counts. */
const isOwn = ({ roles }: Officer, { own }: Client, now: Date): boolean =>
  may(roles.filter(({ sector }) => sector !== undefined), 'client.read', { sector: own.sector }, now)

const showHealth = officerRoute({
  route: `GET ${healthPaths.start}`,
  may: 'client.read',
  on: (tools: Tools, asked) => ofClient(tools, asked),
  form: atClient,
  act: async (tools: Tools, { officer, view }, { client: id }) => {
    const client = await clientAt(tools, id)
    const now = view.at.getTime()
    const own = isOwn(officer, client, view.at)
    const [lastUse, until, faults, marks, days, keySet] = await Promise.all([
      tools.statistics.lastUse(id),
      tools.statistics.countedUntil(),
      tools.health.faultsOf(id, new Date(now - faultDays * dayMilliseconds)),
      tools.health.marksOf(id),
      lastDays(tools, id, { own, now: view.at }),
      keySetStandingOf(tools, client, view.at),
    ])
    const shown = marks.find(({ what }) => what === 'certificate')
    return {
      page: healthPage(view, {
        id,
        name: client.registered.client_name,
        until: until.events,
        lastUse,
        marks,
        keySet,
        own,
        days,
        faults: own ? faults : faults.map((one) => ({ ...one, count: guarded(one.count) })),
        explain: tools.explain,
        expiries: expiriesOf(client, shown && new Date(shown.detail)).filter((one) => isDue(one, view.at)),
        asksLinks: may(officer.roles, 'link.read', { sector: client.own.sector }, view.at),
      }),
    }
  },
})

/** Whole months are counted, for only with all of one it is known what may be shown of it. */
async function lastDays({ statistics }: Tools, client: ClientId, { own, now }: { own: boolean; now: Date }): Promise<readonly Line<Day>[]> {
  const back = (days: number) => dayInVietnam(new Date(now.getTime() - days * dayMilliseconds))
  const days = Array.from({ length: daysShown }, (_, at) => back(daysShown - 1 - at + (own ? 0 : 1)))
  const months = [...new Set(days.map((day) => day.slice(0, 7)))]
  const counts = await statistics.ofClient({ client, from: `${months[0]}-01`, to: dayInVietnam(new Date(now.getTime() + dayMilliseconds)) })
  if (own) return plainDays(counts, days)
  return months.flatMap((month) => guardedDays(counts, month, now)).filter(({ key }) => days.includes(key))
}

/**
 * Every count of a month, as it is, for the organisation itself, which was told each of them; why a person was refused it was not told.
 * For others the sign-ins of a month that is over, as statistics show them.
 */
const downloadUsage = officerRoute({
  route: `GET ${healthPaths.usage}`,
  may: 'client.read',
  on: (tools: Tools, asked) => ofClient(tools, asked),
  asks: true,
  form: atClient.extend({ thang: month.optional() }),
  act: async (tools: Tools, { officer, view }, { client: id, thang = moved(monthOf(view.at), -1) }) => {
    const texts = textsOf(view.language)
    const own = isOwn(officer, await clientAt(tools, id), view.at)
    if (!own && !isOver(thang, view.at)) throw new Problem('request.not-found')
    const counts = await tools.statistics.ofClient({ client: id, ...boundsOf(thang) })
    const { head, rows } = own ? everyCount(counts, texts) : guardedCounts(guardedDays(counts, thang, view.at), texts)
    return { download: { name: `${id}-${thang}.csv`, type: 'text/csv' as const, text: csv(head, rows) } }
  },
})

type Usage = { head: readonly string[]; rows: Parameters<typeof csv>[1] }

function everyCount(counts: readonly Count[], { health: t, statistics: words }: Texts): Usage {
  const rows = Map.groupBy(counts, ({ day, kind, level, outcome }) => JSON.stringify([day, t.kinds[kind], level, kind === 'token' ? outcome : words[endingOf(outcome)]]))
  return { head: t.usageHead, rows: [...rows].map(([key, all]) => [...z.array(z.union([z.string(), z.number()])).parse(JSON.parse(key)), all.reduce((sum, { count }) => sum + count, 0)]) }
}

function guardedCounts(days: readonly Line<Day>[], { health: t, statistics: words }: Texts): Usage {
  return { head: [t.day, words.finished, words.refused, words.cancelled], rows: days.map(({ key, figures }) => [key, ...figures]) }
}

export const healthRoutes = [showHealth, downloadUsage] as const

export type ExpiryTools = { clientStore: Pick<ClientStore, 'list'>; health: Pick<HealthStore, 'certificates'> }

/** What ends soon of all clients that these roles may read. */
export async function expiriesFor({ clientStore, health }: ExpiryTools, { roles }: Officer, now: Date): Promise<readonly Expiry[]> {
  const [clients, certificates] = await Promise.all([clientStore.list(), health.certificates()])
  const shown = new Map(certificates.map(({ client, detail }) => [client, new Date(detail)]))
  return clients
    .filter(({ own }) => may(roles, 'client.read', { sector: own.sector }, now))
    .flatMap((client) => expiriesOf(client, shown.get(client.id)))
    .filter((one) => isDue(one, now))
    .toSorted((one, other) => one.at.getTime() - other.at.getTime())
}
