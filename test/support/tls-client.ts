import { request } from 'node:https'
import type { Certified } from './certificates.ts'
import { tell, type Told } from './journey.ts'

/** How a program calls over TLS: with whose certificate, and from which of this machine's addresses. */
export type Call = { fields?: Readonly<Record<string, string>>; headers?: Record<string, string>; as?: Certified | undefined; from?: string }

/** Posts a form, or gets where there is none, to a server whose certificate is of an authority that the process trusts. */
export function call(url: string, { fields, headers = {}, as, from = '127.0.0.1' }: Call = {}): Promise<Told> {
  const { promise, resolve, reject } = Promise.withResolvers<Told>()
  const type = fields === undefined ? {} : { 'content-type': 'application/x-www-form-urlencoded' }
  const sent = request(url, { method: fields === undefined ? 'GET' : 'POST', headers: { ...type, ...headers }, ...as, agent: false, family: 4, localAddress: from })
  sent.on('error', reject)
  sent.on('response', (answer) => {
    const chunks: string[] = []
    answer.setEncoding('utf8')
    answer.on('data', (chunk: string) => chunks.push(chunk))
    answer.on('end', () => {
      tell(new Response(chunks.join(''), { status: answer.statusCode ?? 0, headers: { 'content-type': answer.headers['content-type'] ?? '' } })).then(resolve, reject)
    })
  })
  sent.end(fields && new URLSearchParams({ ...fields }).toString())
  return promise
}
