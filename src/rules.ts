import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { z } from 'zod'

/** The law and the limits as data (design §2.11), one file each; the room that obeys a file owns its schema. */
export const ruleNames = ['scopes', 'assurance', 'limits', 'ttl', 'consent'] as const
export type RuleName = (typeof ruleNames)[number]

/** A file of `config/` that cannot be used: every complaint of its schema, with the place in the file. */
export class RuleFault extends Error {
  readonly lines: readonly string[]

  constructor(file: string, complaints: readonly string[]) {
    const lines = complaints.map((complaint) => `${file} ${complaint}`)
    super(lines.join('\n'))
    this.name = 'RuleFault'
    this.lines = lines
  }
}

const folder = join(import.meta.dirname, '..', 'config')

/**
 * Reads `config/NAME.json` through `schema` and freezes what it holds.
 * @throws RuleFault naming the file, the place and what is wrong, for every complaint at once.
 */
export function readRule<Schema extends z.ZodType>(name: RuleName, schema: Schema, from: string = folder): Readonly<z.output<Schema>> {
  const file = join(from, `${name}.json`)
  const parsed = schema.safeParse(readJson(file))
  if (!parsed.success) throw new RuleFault(file, parsed.error.issues.map((issue) => `${place(issue.path)}: ${issue.message}`))
  return deepFreeze(parsed.data)
}

/**
 * Reads several rule files; of all of them, every complaint is named at once.
 * @throws RuleFault
 */
export function readRules<Schemas extends Partial<Record<RuleName, z.ZodType>>>(
  schemas: Schemas,
  from: string = folder,
): { [Name in keyof Schemas]: Schemas[Name] extends z.ZodType ? Readonly<z.output<Schemas[Name]>> : never } {
  const wanted = ruleNames.flatMap((name) => (schemas[name] === undefined ? [] : [{ name, schema: schemas[name] }]))
  const faults: string[] = []
  const rules = wanted.map(({ name, schema }) => {
    try {
      return [name, readRule(name, schema, from)]
    } catch (error) {
      if (!(error instanceof RuleFault)) throw error
      faults.push(...error.lines)
      return [name, undefined]
    }
  })
  if (faults.length > 0) throw new RuleFault('', faults)
  return Object.fromEntries(rules)
}

function readJson(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, 'utf8'))
  } catch (error) {
    const why = error instanceof SyntaxError ? `is not JSON: ${error.message}` : 'cannot be read'
    throw new RuleFault(file, [why])
  }
}

function place(path: readonly PropertyKey[]): string {
  return path.length === 0 ? 'as a whole' : `at ${path.map(String).join('.')}`
}

/** A rule that code could change at run time would not be a rule. Maps and sets stay as they are. */
function deepFreeze<T>(value: T): T {
  if (typeof value !== 'object' || value === null || Object.isFrozen(value)) return value
  for (const inner of Object.values(value)) deepFreeze(inner)
  return Object.freeze(value)
}
