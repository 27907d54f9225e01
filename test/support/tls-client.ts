import { request } from 'node:https'
import type { Certified } from './certificates.ts'
import { tell, type Told } from './journey.ts'

/** How a program calls over TLS: with whose certificate, and from which of this machine's addresses. */
export type Call = {
  fields?: Readonly<Record<string, string>> | undefined
  /** Sent as it stands, instead of fields. */
  body?: string | undefined
  method?: string
  /** A list is one header for each. */
  headers?: Record<string, string | string[]>
  as?: Certified | undefined
  from?: string
}

/** Posts a form, or gets where there is none, to a server whose certificate is of an authority that the process trusts. */
export const call = async (url: string, how: Call = {}): Promise<Told> => tell(await ask(url, how))

export function ask(url: string, { fields, body = fields && formOf(fields), method = body === undefined ? 'GET' : 'POST', headers = {}, as, from = '127.0.0.1' }: Call): Promise<Response> {
  const { promise, resolve, reject } = Promise.withResolvers<Response>()
  const type = body === undefined ? {} : { 'content-type': 'application/x-www-form-urlencoded' }
  const sent = request(url, { method, headers: { ...type, ...headers }, ...as, agent: false, family: 4, localAddress: from })
  sent.on('error', reject)
  sent.on('response', (answer) => {
    const chunks: string[] = []
    answer.setEncoding('utf8')
    answer.on('data', (chunk: string) => chunks.push(chunk))
    answer.on('end', () => {
      const told = Object.entries(answer.headersDistinct).flatMap(([name, values = []]) => values.map((value): [string, string] => [name, value]))
      resolve(new Response(chunks.join('') || null, { status: answer.statusCode ?? 0, headers: told }))
    })
  })
  sent.end(body)
  return promise
}

const formOf = (fields: Readonly<Record<string, string>>) => new URLSearchParams({ ...fields }).toString()
