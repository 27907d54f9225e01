import { z } from 'zod'
import { clientId, type AccountId } from '#kernel/id.ts'
import { errorReference, type ToldProblem } from '#domain/audit/told-problem.ts'
import type { Filter, Sought } from '#domain/audit/oversight.ts'
import type { Search } from '#domain/audit/trail.ts'
import type { Texts } from '#web/i18n/vi.ts'
import type { FieldFault } from '#web/views/field.ts'

const left = z.literal('')

/** What stands behind the question mark: everything may be left empty, as a browser sends it. */
export const typedSearch = z.strictObject({
  from: z.string().max(25).default(''),
  to: z.string().max(25).default(''),
  by: z.string().trim().max(64).default(''),
  type: z.string().max(64).default(''),
  client: z.string().trim().max(128).default(''),
  reference: z.string().trim().max(64).default(''),
  older: z.uuid().or(left).default(''),
  xep: z.enum(['oldest', '']).default(''),
})
export type TypedSearch = z.output<typeof typedSearch>

const dayLong = 86_400_000

/** A time as `datetime-local` writes it, in Viet Nam (HTML §2.3.5.5); ids of events know none before 1970 (RFC 9562 §5.7). */
function readTime(text: string): Date | undefined {
  if (!/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2})?$/.test(text)) return undefined
  const at = new Date(`${text}+07:00`)
  return at.getTime() >= 0 ? at : undefined
}

const beside = 2 * 60_000

/** What was recorded around that moment, at the same service where one is known. */
export function around({ at: told, client = '' }: ToldProblem): string {
  const at = (milliseconds: number) => new Date(told.getTime() + milliseconds + 7 * 3_600_000).toISOString().slice(0, 19)
  return queryOf(typedSearch.parse({}), { from: at(-beside), to: at(beside), client })
}

type Read = { search: Search; /** What stood on an error page. */ told: string | undefined; filters: readonly Filter[]; sought: Sought } | { faults: readonly FieldFault[] }

/** The search that was typed, and by what it is narrowed. What a citizen has done is no search but a look-up. */
export function readSearch(typed: TypedSearch, officers: readonly { account: AccountId }[], { t, now }: { t: Texts['audit']; now: Date }): Read {
  const range = readRange(typed, now)
  const client = clientId.or(left).safeParse(typed.client)
  const reference = z.uuid().or(errorReference).or(left).safeParse(typed.reference)
  const by = officers.find(({ account }) => account === typed.by)?.account
  const faults: readonly (FieldFault | false)[] = [
    'wrong' in range && { field: range.wrong === 'order' ? 'from' : range.wrong, message: range.wrong === 'order' ? t.faults.order : t.faults.time },
    typed.type !== '' && !Object.hasOwn(t.types, typed.type) && { field: 'type', message: t.faults.type },
    typed.by !== '' && by === undefined && { field: 'by', message: t.faults.by },
    !client.success && { field: 'client', message: t.faults.client },
    !reference.success && { field: 'reference', message: t.faults.reference },
  ]
  const wrong = faults.filter((fault) => fault !== false)
  if ('wrong' in range || wrong.length > 0) return { faults: wrong }
  const sought = { by, type: said(typed.type), client: client.data === '' ? undefined : client.data, reference: said(reference.data) }
  return {
    search: { ...range, ...sought, older: said(typed.older), oldestFirst: typed.xep === 'oldest' },
    told: errorReference.safeParse(typed.reference).data,
    filters: filtersOf(typed),
    sought: Object.fromEntries(Object.entries(sought).filter(([, value]) => value !== undefined)),
  }
}

const said = (value: string | undefined): string | undefined => (value === '' ? undefined : value)

function filtersOf(typed: TypedSearch): readonly Filter[] {
  return filters.filter((name) => (name === 'time' ? typed.from !== '' || typed.to !== '' : typed[name] !== ''))
}

const filters = ['time', 'by', 'type', 'client', 'reference', 'older'] as const satisfies readonly Filter[]

/** A day up to now where nothing is typed; an event that is called by its number is found whenever it was. */
function readRange({ from, to, reference }: TypedSearch, now: Date): { from: Date; to: Date } | { wrong: 'from' | 'to' | 'order' } {
  const until = to === '' ? now : readTime(to)
  if (until === undefined) return { wrong: 'to' }
  const unsaid = new Date(reference === '' ? until.getTime() - dayLong : 0)
  const since = from === '' ? unsaid : readTime(from)
  if (since === undefined) return { wrong: 'from' }
  return since < until ? { from: since, to: until } : { wrong: 'order' }
}

/** The same search as an address: what was left empty is left out. */
export function queryOf(typed: TypedSearch, changes: Partial<Record<keyof TypedSearch, string>> = {}): string {
  const query = new URLSearchParams(Object.entries({ ...typed, ...changes }).filter(([, value]) => value !== '')).toString()
  return query === '' ? '' : `?${query}`
}
