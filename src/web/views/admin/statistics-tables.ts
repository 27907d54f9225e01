import type { ClientId } from '#kernel/id.ts'
import { ownPagesId } from '#domain/client/client.ts'
import { provinces } from '#domain/registry/province.ts'
import { successOf, type Figure, type Figures, type Line } from '#domain/statistic/figures.ts'
import type { Month } from '#domain/statistic/period.ts'
import { formatBirthDate as formatDate, formatCount } from '#web/i18n/format.ts'
import { textsOf, type Language } from '#web/i18n/language.ts'
import { isProblemCode } from '#web/i18n/problem.ts'

export type Statistics = {
  month: Month
  /** There is no later month yet. */
  isNewest: boolean
  until: { events: Date; accounts: Date }
  /** Only services of one organisation. */
  limited: boolean
  names: ReadonlyMap<ClientId, string>
  figures: Figures
  registrations: readonly Line<string>[] | undefined
  /** Where the people live; absent for whoever sees one organisation. */
  provinces: { over: boolean; lines: readonly Line<string>[] | undefined } | undefined
  accounts: readonly Line<string | undefined>[] | undefined
}

export const tableNames = ['ngay', 'dich-vu', 'muc', 'ly-do', 'dang-ky', 'dang-nhap-tinh', 'tinh'] as const
export type TableName = (typeof tableNames)[number]

/** A table in words, for the page and for the file alike; no rows where nothing may be shown. */
export type FigureTable = { caption: string; head: readonly string[]; rows: readonly (readonly [string, ...(string | Figure)[]])[] | undefined }

export function figureTables(language: Language, { figures, registrations, provinces: lived, accounts, names }: Statistics): Readonly<Record<TableName, FigureTable>> {
  const { statistics: t } = textsOf(language)
  const nameOf = (client: ClientId | 'others') => (client === 'others' ? t.others : client === ownPagesId ? t.ownPages : (names.get(client) ?? client))
  const endings = [t.finished, t.refused, t.cancelled, t.all, t.success]
  const wide = <Key>(all: readonly Line<Key>[] | undefined, name: (key: Key) => string) =>
    all?.map(({ key, figures: row }) => [name(key), ...row, rateOf(row, language)] as const)
  const narrow = <Key>(all: readonly Line<Key>[] | undefined, name: (key: Key) => string) => all?.map(({ key, figures: row }) => [name(key), ...row] as const)
  return {
    ngay: { caption: t.byDay, head: [t.day, ...endings], rows: wide(figures.byDay, formatDate) },
    'dich-vu': { caption: t.byClient, head: [t.client, ...endings], rows: wide(figures.byClient, nameOf) },
    muc: { caption: t.byLevel, head: [t.level, t.signIns], rows: narrow(figures.byLevel, (level) => t.levelName(String(level))) },
    'ly-do': { caption: t.byReason, head: [t.reason, t.signIns], rows: narrow(figures.byReason, (reason) => wordReason(reason, language)) },
    'dang-ky': { caption: t.registrations, head: [t.day, t.registered], rows: narrow(registrations, formatDate) },
    'dang-nhap-tinh': { caption: t.byProvince, head: [t.province, t.signIns], rows: narrow(lived?.lines, (code) => provinceName(code, language)) },
    tinh: {
      caption: t.accounts,
      head: [t.province, t.accountLevel('1'), t.accountLevel('2'), t.all, t.perThousand],
      rows: accounts?.map(({ key, figures: row }) => [provinceName(key, language), ...row, perThousand(key, row.at(-1), language)] as const),
    },
  }
}

/** `97,5 %`, a dash where nobody tried, and nothing where it would tell what is hidden. */
export function rateOf(figures: readonly Figure[], language: Language): string | undefined {
  const [finished, refused] = figures
  if (finished === undefined || refused === undefined) return undefined
  const success = successOf(figures)
  return success === undefined ? '–' : `${formatCount(Math.round(success * 10) / 10, language)} %`
}

/** Why sign-ins fail, in the words that people are told. */
export function wordReason(reason: string, language: Language): string {
  const { problems, statistics: { reasons } } = textsOf(language)
  if (isProblemCode(reason)) return problems.list[reason].title
  return Object.entries(reasons).find(([name]) => name === reason)?.[1] ?? reason
}

function provinceName(code: string | undefined, language: Language): string {
  const { country, elsewhere } = textsOf(language).statistics
  return code === undefined ? country : (provinces.find((one) => one.code === code)?.name ?? elsewhere)
}

function perThousand(code: string | undefined, accounts: Figure, language: Language): string | undefined {
  const counted = code === undefined ? provinces : provinces.filter((one) => one.code === code)
  const thousands = counted.reduce((sum, one) => sum + one.thousands, 0)
  return accounts === undefined || thousands === 0 ? undefined : formatCount(Math.round((accounts / thousands) * 100) / 100, language)
}
