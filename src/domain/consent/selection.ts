import type { Shape } from './verification-shape.ts'

/** A part of a request beside the facts it is about; `now` is when it was asked, in milliseconds. */
type Asked = { template: unknown; fact: unknown; now: number }

/** What of a fact is told. `unmet`: something was insisted on that is not so. No value: there is nothing to tell. */
export type Selection = { is: 'met'; value?: unknown } | { is: 'unmet' }

const nothing: Selection = { is: 'met' }
const unmet: Selection = { is: 'unmet' }

/**
 * Cuts facts down to what was asked of them (OIDC4IDA §5.5, §5.7). Nothing comes that was not asked, but for what no valid answer can
 * be without; and a restriction is never passed over, be it on something that is not known here.
 */
export function select(shape: Shape, asked: Asked): Selection {
  switch (shape.is) {
    case 'text': case 'time': case 'type': return leaf(asked)
    case 'whole': return { is: 'met', value: asked.fact }
    case 'object': return members(shape, asked)
    case 'list': return entries(shape.of, asked)
  }
}

function leaf({ template, fact, now }: Asked): Selection {
  if (fact === undefined) return restricts(template) ? unmet : nothing
  return isAccepted(template, fact, now) ? { is: 'met', value: fact } : unmet
}

function isAccepted(template: unknown, fact: unknown, now: number): boolean {
  const { value, values, max_age: maxAge } = recordOf(template)
  if (value !== undefined && value !== fact) return false
  if (Array.isArray(values) && !values.includes(fact)) return false
  return typeof maxAge !== 'number' || (now - lastInstant(String(fact))) / 1000 <= maxAge
}

/** A date lasts until its last second (OIDC4IDA §5.6.2). A time cut to the day counts as it is written, for the reader counts so too. */
function lastInstant(time: string): number {
  return Date.parse(time.length === 10 ? `${time}T23:59:59Z` : time)
}

type Members = Extract<Shape, { is: 'object' }>

/** What of an object is told: what is asked, and what it is no valid one without. */
function wanted({ members: known, required }: Members, asked: Readonly<Record<string, unknown>>): readonly string[] {
  return Object.keys(known).filter((name) => Object.hasOwn(asked, name) || required.includes(name))
}

function members(shape: Members, { template, fact, now }: Asked): Selection {
  const { members: known, required } = shape
  const asked = recordOf(template)
  const facts = recordOf(fact)
  const unknown = Object.fromEntries(Object.entries(asked).filter(([name]) => !Object.hasOwn(known, name)))
  if (restricts(unknown)) return unmet
  const chosen = wanted(shape, asked).map((name) => [name, selectMember(known[name], { template: asked[name], fact: facts[name], now })] as const)
  if (chosen.some(([, { is }]) => is === 'unmet')) return unmet
  const given = Object.fromEntries(chosen.flatMap(([name, one]) => (one.is === 'met' && one.value !== undefined ? [[name, one.value]] : [])))
  const isWhole = Object.keys(given).length > 0 && required.every((name) => Object.hasOwn(given, name))
  return isWhole ? { is: 'met', value: given } : nothing
}

function selectMember(shape: Shape | undefined, asked: Asked): Selection {
  return shape === undefined ? nothing : select(shape, asked)
}

/** Each entry of the facts that fits an alternative of the request, cut by the first it fits. */
function entries(of: Shape, { template, fact, now }: Asked): Selection {
  const alternatives: readonly unknown[] = Array.isArray(template) ? template : [template]
  const facts: readonly unknown[] = Array.isArray(fact) ? fact : []
  const fitting = facts.flatMap((one) => {
    const tried = alternatives.map((alternative) => select(of, { template: alternative, fact: one, now }))
    const fits = tried.find(({ is }) => is === 'met')
    return fits?.is === 'met' && fits.value !== undefined ? [fits.value] : []
  })
  if (fitting.length > 0) return { is: 'met', value: fitting }
  return alternatives.some(restricts) ? unmet : nothing
}

/** The leaves of a shape that a template asks for, by their path; what comes along unasked is among them. Restrictions take none away. */
export function reach(shape: Shape, template: unknown, path: readonly string[] = []): readonly string[] {
  if (shape.is === 'list') {
    const alternatives: readonly unknown[] = Array.isArray(template) ? template : [template]
    return [...new Set(alternatives.flatMap((alternative) => reach(shape.of, alternative, path)))]
  }
  if (shape.is !== 'object') return [path.join('.')]
  const asked = recordOf(template)
  return wanted(shape, asked).flatMap((name) => {
    const member = shape.members[name]
    return member === undefined ? [] : reach(member, asked[name], [...path, name])
  })
}

const restrictions = new Set(['value', 'values', 'max_age'])

/** Whether anything is insisted on in this part of a request. */
function restricts(template: unknown): boolean {
  if (Array.isArray(template)) return template.some(restricts)
  return Object.entries(recordOf(template)).some(([name, inner]) => (restrictions.has(name) && inner !== undefined) || restricts(inner))
}

function recordOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? Object.fromEntries(Object.entries(value)) : {}
}
