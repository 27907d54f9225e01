import { z } from 'zod'
import { dayInVietnam } from '#kernel/clock.ts'
import { clientId, type ClientId } from '#kernel/id.ts'
import { Problem } from '#kernel/problem.ts'
import type { Client } from '#domain/client/client.ts'
import { expiriesOf, isDue, type Expiry } from '#domain/client/expiry.ts'
import type { ClientStore } from '#domain/client/store.ts'
import type { Officer } from '#domain/officer/officer.ts'
import { may } from '#domain/officer/permission.ts'
import { endingOf } from '#domain/statistic/counted.ts'
import type { HealthStore } from '#domain/statistic/health.ts'
import { boundsOf, month, monthOf } from '#domain/statistic/period.ts'
import type { StatisticStore } from '#domain/statistic/store.ts'
import { csv } from '#web/answer/csv.ts'
import { textsOf } from '#web/i18n/language.ts'
import { healthPaths } from '#web/places.ts'
import { healthPage, type Explain } from '#web/views/admin/health.ts'
import { officerRoute, type OfficerTools } from './officer.ts'

type ClientTools = { clientStore: Pick<ClientStore, 'find'> }
type Tools = OfficerTools & ClientTools & { statistics: StatisticStore; health: HealthStore; explain: Explain }

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

const showHealth = officerRoute({
  route: `GET ${healthPaths.start}`,
  may: 'client.read',
  on: (tools: Tools, asked) => ofClient(tools, asked),
  form: atClient,
  act: async (tools: Tools, { officer, view }, { client: id }) => {
    const client = await clientAt(tools, id)
    const now = view.at.getTime()
    const days = Array.from({ length: daysShown }, (_, at) => dayInVietnam(new Date(now - (daysShown - 1 - at) * dayMilliseconds)))
    const [counts, lastUse, until, faults, marks] = await Promise.all([
      tools.statistics.ofClient({ client: id, from: days[0] ?? '', to: dayInVietnam(new Date(now + dayMilliseconds)) }),
      tools.statistics.lastUse(id),
      tools.statistics.countedUntil(),
      tools.health.faultsOf(id, new Date(now - faultDays * dayMilliseconds)),
      tools.health.marksOf(id),
    ])
    const of = (day: string, ending: string) => counts
      .filter((one) => one.kind === 'sign-in' && one.day === day && endingOf(one.outcome) === ending).reduce((sum, { count }) => sum + count, 0)
    const shown = marks.find(({ what }) => what === 'certificate')
    return {
      page: healthPage(view, {
        id,
        name: client.registered.client_name,
        until: until.events,
        lastUse,
        marks,
        days: days.map((day) => ({ day, finished: of(day, 'finished'), refused: of(day, 'refused'), cancelled: of(day, 'cancelled') })),
        faults,
        explain: tools.explain,
        expiries: expiriesOf(client, shown && new Date(shown.detail)).filter((one) => isDue(one, view.at)),
        asksLinks: may(officer.roles, 'link.read', { sector: client.own.sector }, view.at),
      }),
    }
  },
})

/** Every count of a month, as it is: it is the organisation's own, which was told each of them. Why a person was refused it was not told. */
const downloadUsage = officerRoute({
  route: `GET ${healthPaths.usage}`,
  may: 'client.read',
  on: (tools: Tools, asked) => ofClient(tools, asked),
  asks: true,
  form: atClient.extend({ thang: month.optional() }),
  act: async (tools: Tools, { view }, { client, thang = monthOf(view.at) }) => {
    const { health: t, statistics: words } = textsOf(view.language)
    await clientAt(tools, client)
    const counts = await tools.statistics.ofClient({ client, ...boundsOf(thang) })
    const rows = Map.groupBy(counts, ({ day, kind, level, outcome }) => JSON.stringify([day, t.kinds[kind], level, kind === 'token' ? outcome : words[endingOf(outcome)]]))
    const summed = [...rows].map(([key, all]) => [...z.array(z.union([z.string(), z.number()])).parse(JSON.parse(key)), all.reduce((sum, { count }) => sum + count, 0)])
    return { download: { name: `${client}-${thang}.csv`, type: 'text/csv' as const, text: csv(t.usageHead, summed) } }
  },
})

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
