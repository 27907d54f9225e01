import type { ClientId } from '#kernel/id.ts'
import type { Day } from '#kernel/clock.ts'
import type { AccountCount, Ending, ProvinceCount } from './counted.ts'
import type { Sum, Sums } from './store.ts'
import { suppress } from './suppress.ts'

export const endings = ['finished', 'refused', 'cancelled'] as const satisfies readonly Ending[]

/** A number that may be shown, or `undefined` for one that may not. */
export type Figure = number | undefined

/** One line of a table; the last figure of the wide ones is their sum. */
export type Line<Key> = { key: Key; figures: readonly Figure[] }

/** Sign-ins of a month. A table is absent where nothing of it may be shown. */
export type Figures = {
  /** Those that finished, were refused, were cancelled, and all together. */
  total: readonly Figure[]
  byDay: readonly Line<Day>[] | undefined
  byClient: readonly Line<ClientId | 'others'>[] | undefined
  /** Of those that finished. */
  byLevel: readonly Line<number>[] | undefined
  /** Of those that were refused. */
  byReason: readonly Line<string>[] | undefined
}

/** Whoever is not among the greatest stands in one line with the others. */
const clientsShown = 50

/** Every table shows the same sums, so that none gives away what another hides. */
export function figuresOf({ byDay, byClient, byLevel, byReason }: Sums, days: readonly Day[]): Figures {
  const whole = endings.map((ending) => total(byDay.filter((sum) => sum.ending === ending)))
  const sums = suppress([whole])?.at(-1) ?? [undefined, undefined, undefined, undefined]
  const [finished, refused] = sums
  const perClient = byEnding([...new Set(byClient.map(({ key }) => key))], byClient).toSorted((one, other) => sumOf(other.cells) - sumOf(one.cells))
  return {
    total: sums,
    byDay: lines(byEnding(days, byDay), sums),
    byClient: lines<ClientId | 'others'>(shortened(perClient), sums),
    byLevel: lines(byLevel.filter(({ ending }) => ending === 'finished').map(({ key, count }) => ({ key, cells: [count] })), [finished]),
    byReason: lines(byReason.map(({ key, count }) => ({ key, cells: [count] })), [refused]),
  }
}

/** Registrations that finished, day by day. */
export function registrationsOf({ byDay }: Sums, days: readonly Day[]): readonly Line<Day>[] | undefined {
  return lines(byEnding(days, byDay).map(({ key, cells: [finished = 0] }) => ({ key, cells: [finished] })))
}

/** Accounts at level 1, at level 2 and both, of each province; the last line, under no key, is the whole country. */
export function accountsOf(counts: readonly AccountCount[], provinces: readonly string[]): readonly Line<string | undefined>[] | undefined {
  const known = new Set(provinces)
  const at = (province: string, level: 1 | 2) => counts.filter((one) => one.level === level && (known.has(one.province) ? one.province : '') === province)
  const cells = [...provinces, ''].map((province) => [sumOf(at(province, 1).map(({ count }) => count)), sumOf(at(province, 2).map(({ count }) => count))])
  return suppress(cells)?.map((figures, row) => ({ key: row <= provinces.length ? (provinces[row] ?? '') : undefined, figures }))
}

/**
 * Sign-ins that finished, by province, with the sum that the other tables show. Of a month that is over alone: of one that runs, two looks a moment
 * apart would tell where the person between them lives.
 */
export function provincesOf(counts: readonly ProvinceCount[], provinces: readonly string[], total: Figure): readonly Line<string>[] | undefined {
  const known = new Set(provinces)
  const at = (province: string) => sumOf(counts.filter((one) => (known.has(one.province) ? one.province : '') === province).map(({ count }) => count))
  return lines([...provinces, ''].map((key) => ({ key, cells: [at(key)] })), [total])
}

/** How many of a hundred tries succeeded; whoever went back by themselves is not among them. */
export function successOf([finished, refused]: readonly Figure[]): number | undefined {
  if (finished === undefined || refused === undefined || finished + refused === 0) return undefined
  return (finished / (finished + refused)) * 100
}

type Cells<Key> = { key: Key; cells: readonly number[] }

function lines<Key>(rows: readonly Cells<Key>[], sums?: readonly Figure[]): readonly Line<Key>[] | undefined {
  const shown = suppress(rows.map(({ cells }) => cells), sums)
  return shown && rows.map(({ key }, at) => ({ key, figures: shown[at] ?? [] }))
}

function byEnding<Key>(keys: readonly Key[], sums: readonly Sum<Key>[]): readonly Cells<Key>[] {
  const of = Map.groupBy(sums, ({ key }) => key)
  return keys.map((key) => ({ key, cells: endings.map((ending) => total((of.get(key) ?? []).filter((sum) => sum.ending === ending))) }))
}

function shortened(rows: readonly Cells<ClientId>[]): readonly Cells<ClientId | 'others'>[] {
  if (rows.length <= clientsShown) return rows
  const rest = rows.slice(clientsShown - 1)
  return [...rows.slice(0, clientsShown - 1), { key: 'others', cells: endings.map((_, at) => sumOf(rest.map(({ cells }) => cells[at] ?? 0))) }]
}

const sumOf = (numbers: readonly number[]): number => numbers.reduce((sum, one) => sum + one, 0)
const total = (sums: readonly { count: number }[]): number => sumOf(sums.map(({ count }) => count))
