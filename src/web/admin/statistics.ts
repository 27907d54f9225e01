import { z } from 'zod'
import type { ClientId } from '#kernel/id.ts'
import type { ClientStore } from '#domain/client/store.ts'
import { reach } from '#domain/officer/permission.ts'
import { provinces } from '#domain/registry/province.ts'
import { accountsOf, figuresOf, provincesOf, registrationsOf } from '#domain/statistic/figures.ts'
import { isOver } from '#domain/statistic/guarded.ts'
import { boundsOf, daysOf, month, monthOf, type Month } from '#domain/statistic/period.ts'
import type { StatisticStore } from '#domain/statistic/store.ts'
import { csv } from '#web/answer/csv.ts'
import { consolePlaces } from '#web/place/console.ts'
import { statisticsPage } from '#web/views/admin/statistics.ts'
import { figureTables, tableNames, type Statistics } from '#web/views/admin/statistics-tables.ts'
import { officerRoute, type OfficerTools, type Scene } from './officer.ts'

type Tools = OfficerTools & { statistics: StatisticStore; clientStore: Pick<ClientStore, 'list'> }

const showStatistics = officerRoute({
  route: `GET ${consolePlaces.statistics}`,
  may: 'statistics.read',
  on: 'list',
  asks: true,
  form: z.strictObject({ thang: month.optional() }),
  act: async (tools: Tools, scene, { thang }) => ({ page: statisticsPage(scene.view, await statisticsOf(tools, scene, thang)) }),
})

/** One of the tables as a file: what the page shows, and no more. */
const downloadStatistics = officerRoute({
  route: `GET ${consolePlaces.statisticsFile}`,
  may: 'statistics.read',
  on: 'list',
  asks: true,
  form: z.strictObject({ thang: month, bang: z.enum(tableNames) }),
  act: async (tools: Tools, scene, { thang, bang }) => {
    const { head, rows } = figureTables(scene.view.language, await statisticsOf(tools, scene, thang))[bang]
    return { download: { name: `${bang}-${thang}.csv`, type: 'text/csv' as const, text: csv(head, rows ?? []) } }
  },
})

export const statisticsRoutes = [showStatistics, downloadStatistics] as const

/** A month as these roles may see it: whoever works for one organisation sees its services, and nothing of the country's accounts. */
async function statisticsOf({ statistics, clientStore }: Tools, { officer, view }: Scene, asked: Month | undefined): Promise<Statistics> {
  const sectors = reach(officer.roles, 'statistics.read', view.at)
  const [of, now] = [asked ?? monthOf(view.at), view.at]
  const all = await clientStore.list()
  const names = new Map<ClientId, string>(all.map(({ id, registered }) => [id, registered.client_name]))
  const clients = sectors === 'all' ? undefined : all.filter(({ own }) => sectors.includes(own.sector)).map(({ id }) => id)
  const span = { ...boundsOf(of), clients }
  const over = isOver(of, now)
  const [signIns, registrations, provinceCounts, accounts, until] = await Promise.all([
    statistics.sums('sign-in', span), statistics.sums('registration', span), clients === undefined && over ? statistics.provinces(span) : undefined, clients === undefined ? statistics.accounts() : undefined, statistics.countedUntil(),
  ])
  const days = daysOf(of, now)
  const codes = provinces.map(({ code }) => code)
  const figures = figuresOf(signIns, days)
  return {
    month: of,
    isNewest: of >= monthOf(now),
    until,
    limited: clients !== undefined,
    names,
    figures,
    provinces: clients === undefined ? { over, lines: provinceCounts && provincesOf(provinceCounts, codes, figures.total[0]) } : undefined,
    registrations: registrationsOf(registrations, days),
    accounts: accounts && accountsOf(accounts, codes),
  }
}
