import { z } from 'zod'
import { apiScopes } from '#domain/api/scope.ts'
import { apiRoot } from '#web/place/program.ts'
import { endpoints } from './endpoints.ts'
import type { Endpoint, Shape } from './endpoint.ts'
import { problemShape } from './problem.ts'

type Json = { [name: string]: unknown }

const problem: Shape = { name: 'Problem', schema: problemShape }

/** The OpenAPI 3.1 document of the API, made from what is checked and answered. */
export function openApi(issuer: string): Json {
  return {
    openapi: '3.1.0',
    info: {
      title: 'Định Danh: administrators’ API',
      version: '1',
      description: 'Client credentials with private_key_jwt, tokens bound by DPoP (RFC 9449). A program acts for the officer whom its registration names, and never for more than that person may do. What takes two people is proposed here and decided at the console.',
    },
    servers: [{ url: `${issuer}${apiRoot}` }],
    security: [{ oauth: [] }],
    paths: pathsOf(endpoints),
    components: {
      securitySchemes: {
        oauth: { type: 'oauth2', flows: { clientCredentials: { tokenUrl: new URL('/token', issuer).href, scopes: Object.fromEntries(Object.entries(apiScopes).map(([name, { label }]) => [name, label.en])) } } },
      },
      schemas: Object.fromEntries([...endpoints.map(({ answer }) => answer), problem].map((shape) => [shape.name, schemaOf(shape.schema, 'output', `/components/schemas/${shape.name}`)])),
    },
  }
}

type Described = Pick<Endpoint<never>, 'method' | 'at' | 'summary' | 'scope' | 'path' | 'query' | 'body' | 'answer'>

function pathsOf(all: readonly Described[]): Json {
  const byPath = Map.groupBy(all, ({ at }) => at)
  return Object.fromEntries([...byPath].map(([at, acts]) => [at, Object.fromEntries(acts.map((act) => [act.method.toLowerCase(), operationOf(act)]))]))
}

function operationOf({ method, at, summary, scope, path, query, body, answer }: Described): Json {
  const where = `/paths/${at.replaceAll('/', '~1')}/${method.toLowerCase()}/requestBody/content/application~1json/schema`
  return {
    summary,
    operationId: `${method.toLowerCase()}${at.replaceAll(/[{}]/g, '').replaceAll(/[/-](\w)/g, (_, first: string) => first.toUpperCase())}`,
    security: [{ oauth: [scope] }],
    parameters: [...parametersOf(path, 'path'), ...parametersOf(query, 'query'), ...(method === 'POST' ? [repeatable] : [])],
    ...(method === 'POST' && { requestBody: { required: true, content: { 'application/json': { schema: schemaOf(body, 'input', where) } } } }),
    responses: {
      200: { description: 'Done', content: { 'application/json': { schema: { $ref: `#/components/schemas/${answer.name}` } } } },
      default: { description: 'RFC 9457', content: { 'application/problem+json': { schema: { $ref: `#/components/schemas/${problem.name}` } } } },
    },
  }
}

const repeatable = {
  name: 'Idempotency-Key', in: 'header', required: true, schema: { type: 'string', minLength: 1, maxLength: 128 },
  description: 'A name for this call. Sent again with the same name within a day it is done once and answered the same.',
}

function parametersOf(schema: z.ZodType, place: 'path' | 'query'): readonly Json[] {
  const { properties, required } = z.looseObject({ properties: z.record(z.string(), z.unknown()).default({}), required: z.array(z.string()).default([]) })
    .parse(z.toJSONSchema(schema, { io: 'input' }))
  return Object.entries(properties).map(([name, of]) => ({ name, in: place, required: place === 'path' || required.includes(name), schema: of }))
}

/** JSON Schema 2020-12, which OpenAPI 3.1 takes as it is; its own definitions are named from the document’s root. */
function schemaOf(schema: z.ZodType, io: 'input' | 'output', where: string): unknown {
  const { $schema: _dialect, ...made } = z.toJSONSchema(schema, { io })
  return JSON.parse(JSON.stringify(made).replaceAll('"#/$defs/', `"#${where}/$defs/`))
}
