import { z } from 'zod'
import { accountId, clientId } from '#kernel/id.ts'
import type { Filter } from '#domain/audit/oversight.ts'
import type { Search } from '#domain/audit/trail.ts'
import type { Texts } from '#web/i18n/vi.ts'
import type { FieldFault } from '#web/views/field.ts'

const left = z.literal('')

/** What stands behind the question mark: everything may be left empty, as a browser sends it. */
export const typedSearch = z.strictObject({
  from: z.string().max(25).default(''),
  to: z.string().max(25).default(''),
  by: accountId.or(left).default(''),
  type: z.string().max(64).default(''),
  client: z.string().trim().max(128).default(''),
  reference: z.string().trim().max(64).default(''),
  older: z.uuid().or(left).default(''),
})
export type TypedSearch = z.output<typeof typedSearch>

const dayLong = 86_400_000

/** A time as `datetime-local` writes it, in Viet Nam (HTML §2.3.5.5). */
function readTime(text: string): Date | undefined {
  if (!/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2})?$/.test(text)) return undefined
  const at = new Date(`${text}+07:00`)
  return Number.isNaN(at.getTime()) ? undefined : at
}

type Read = { search: Search; filters: readonly Filter[] } | { faults: readonly FieldFault[] }

/** The search that was typed, and by what it is narrowed. */
export function readSearch(typed: TypedSearch, { faults: t }: Texts['audit'], now: Date): Read {
  const range = readRange(typed, now)
  const client = clientId.or(left).safeParse(typed.client)
  const reference = z.uuid().or(left).safeParse(typed.reference)
  const faults: readonly (FieldFault | false)[] = [
    'wrong' in range && { field: range.wrong === 'to' ? 'to' : 'from', message: range.wrong === 'order' ? t.order : t.time },
    !client.success && { field: 'client', message: t.client },
    !reference.success && { field: 'reference', message: t.reference },
  ]
  const wrong = faults.filter((fault) => fault !== false)
  if ('wrong' in range || wrong.length > 0) return { faults: wrong }
  const { by, type, older } = typed
  return {
    search: { ...range, by: by || undefined, type: type || undefined, client: client.data || undefined, reference: reference.data || undefined, older: older || undefined },
    filters: filtersOf(typed),
  }
}

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
