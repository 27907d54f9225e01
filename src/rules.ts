import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { z } from 'zod'
import { limitsSchema } from '#domain/abuse/limits.ts'
import { assuranceSchema } from '#domain/assurance/rules.ts'
import { chipRulesSchema } from '#domain/chip/rules.ts'
import { catalogueSchema } from '#domain/consent/catalogue.ts'
import { recoverySchema } from '#domain/recovery/rules.ts'
import { connectionSchema } from '#domain/connection/rules.ts'
import { consentSchema } from '#domain/consent/rules.ts'
import { enrolmentSchema } from '#domain/enrolment/eligibility.ts'
import { authenticatorsSchema } from '#domain/passkey/authenticators.ts'
import { proposalRulesSchema } from '#domain/proposal/rules.ts'
import { keyRulesSchema } from '#domain/signing-key/rules.ts'
import { ttlSchema } from '#oidc/ttl.ts'

/** The law and the limits as data, one file each; the room that obeys a file owns its schema. */
export const ruleNames = ['scopes', 'assurance', 'limits', 'ttl', 'consent', 'enrolment', 'authenticators', 'keys', 'connection', 'recovery', 'chip', 'proposals'] as const
export type RuleName = (typeof ruleNames)[number]

/** A file of `config/` that cannot be used: every complaint of its schema, with the place in the file. */
export class RuleFault extends Error {
  readonly lines: readonly string[]

  constructor(lines: readonly string[]) {
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
  if (!parsed.success) throw new RuleFault(parsed.error.issues.map((issue) => `${file} ${place(issue.path)}: ${issue.message}`))
  return deepFreeze(parsed.data)
}

type Schemas = Readonly<Partial<Record<RuleName, z.ZodType>>>
type Read<Given extends Schemas> = { [Name in keyof Given]: Given[Name] extends z.ZodType ? Readonly<z.output<Given[Name]>> : never }

/**
 * Reads several rule files; of all of them, every complaint is named at once.
 * @throws RuleFault
 */
export function readRules<Given extends Schemas>(schemas: Given, from: string = folder): Read<Given> {
  const results = ruleNames.flatMap((name) => {
    const schema = schemas[name]
    return schema === undefined ? [] : [[name, attempt(() => readRule(name, schema, from))] as const]
  })
  const faults = results.flatMap(([, result]) => (result instanceof RuleFault ? [result] : []))
  if (faults.length > 0) throw new RuleFault(faults.flatMap(({ lines }) => lines))
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- each value came out of the schema of its own name
  return Object.fromEntries(results) as Read<Given>
}

/** The law and the limits, every fault in them named at once. */
export function readAllRules() {
  return readRules({
    scopes: catalogueSchema, limits: limitsSchema, consent: consentSchema, enrolment: enrolmentSchema, ttl: ttlSchema, assurance: assuranceSchema,
    authenticators: authenticatorsSchema, connection: connectionSchema, keys: keyRulesSchema, recovery: recoverySchema, proposals: proposalRulesSchema, chip: chipRulesSchema,
  })
}

export type Rules = ReturnType<typeof readAllRules>

function attempt<T>(read: () => T): T | RuleFault {
  try {
    return read()
  } catch (error) {
    if (error instanceof RuleFault) return error
    throw error
  }
}

function readJson(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, 'utf8'))
  } catch (error) {
    const why = error instanceof SyntaxError ? `is not JSON: ${error.message}` : 'cannot be read'
    throw new RuleFault([`${file} ${why}`])
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
