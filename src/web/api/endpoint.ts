import type { z } from 'zod'
import type { Clock } from '#kernel/clock.ts'
import type { ClientId } from '#kernel/id.ts'
import { Problem } from '#kernel/problem.ts'
import { mustNameNobody } from '#domain/audit/personal-data.ts'
import { apiScopes, type ApiScope } from '#domain/api/scope.ts'
import { mustMay, type Officer } from '#domain/officer/officer.ts'
import type { Owned } from '#domain/officer/permission.ts'
import type { AuditLog } from '#domain/audit/event.ts'

export type Shape = { name: string; schema: z.ZodType }

/** The officer for whom a program calls, and all that the program may. */
export type Caller = Officer & { through: ClientId; scopes: readonly ApiScope[] }

type Method = 'GET' | 'POST'
type Parts<Path extends z.ZodType, Query extends z.ZodType, Body extends z.ZodType> = { path: z.output<Path>; query: z.output<Query>; body: z.output<Body> }

/**
 * One act of the API as a value: from it come the route, the check of what is sent and of what is answered, and its place in the OpenAPI
 * document, so that none of them can say something else.
 */
type Declared<Tools, Path extends z.ZodType, Query extends z.ZodType, Body extends z.ZodType, Result extends z.ZodType> = {
  /** Path parameters in braces, as OpenAPI writes them. */
  endpoint: `${Method} /${string}`
  summary: string
  scope: ApiScope
  /** Whom that belongs to which the call is about; `list` where the act shows whatever the roles reach, and looks at that itself. */
  on: 'list' | 'system' | ((tools: Tools, path: z.output<Path>) => Promise<Owned>)
  path: Path
  /** What stands behind the question mark of a `GET`. */
  query: Query
  /** JSON of a `POST`. */
  body: Body
  answer: { name: string; schema: Result }
  /** `id` is a name for what a `POST` makes; a call that is repeated after its process died has the same. */
  act: (tools: Tools, caller: Caller, asked: Parts<Path, Query, Body> & { id: string }) => Promise<z.input<Result>>
}

export type Endpoint<Tools> = {
  method: Method
  at: string
  summary: string
  scope: ApiScope
  path: z.ZodType
  query: z.ZodType
  body: z.ZodType
  answer: Shape
  /** Whether the caller may, on just this. Throws `officer.not-allowed`. */
  admit: (tools: Tools, caller: Officer, path: unknown) => Promise<void>
  /** Throws `request.malformed` with the `ZodError` as its cause. */
  run: (tools: Tools, caller: Caller, asked: { path: unknown; query: unknown; body: unknown; id: string }) => Promise<unknown>
}

type OwnTools = { audit: AuditLog; clock: Clock }

export function endpoint<Tools extends OwnTools, Path extends z.ZodType, Query extends z.ZodType, Body extends z.ZodType, Result extends z.ZodType>(
  { endpoint: of, on, act, ...declared }: Declared<Tools, Path, Query, Body, Result>,
): Endpoint<Tools> {
  const [, method = '', at = ''] = /^(GET|POST) (.*)$/.exec(of) ?? []
  const { path: readPath, query: readQuery, body: readBody, answer, scope } = declared
  return {
    ...declared,
    method: method === 'POST' ? 'POST' : 'GET',
    at,
    async admit(tools, caller, path) {
      const owned = typeof on === 'function' ? await on(tools, parsed(readPath, path)) : on
      await mustMay(tools, caller, apiScopes[scope].permission, owned === 'system' ? {} : owned)
    },
    async run(tools, caller, { id, ...given }) {
      mustNameNobody(given.body)
      const asked = { path: parsed(readPath, given.path), query: parsed(readQuery, given.query), body: parsed(readBody, given.body), id }
      // What the document does not name is not sent.
      return answer.schema.parse(await act(tools, caller, asked))
    },
  }
}

function parsed<Schema extends z.ZodType>(schema: Schema, given: unknown): z.output<Schema> {
  const read = schema.safeParse(given)
  if (!read.success) throw new Problem('request.malformed', { cause: read.error })
  return read.data
}
