import type { IncomingMessage } from 'node:http'
import { Problem } from '#kernel/problem.ts'
import { received } from './body.ts'

/**
 * The fields of a form with a file in it (RFC 7578), the file as its text. Nothing is read beyond `most` bytes. Throws `request.too-large`
 * and `request.malformed`; a field sent twice is malformed.
 */
export async function readUpload(request: IncomingMessage, most: number): Promise<Record<string, string>> {
  const type = request.headers['content-type'] ?? ''
  if (!/^multipart\/form-data;/i.test(type)) throw new Problem('request.malformed')
  if (Number(request.headers['content-length'] ?? 0) > most) throw new Problem('request.too-large')
  const bytes = await received(request, most)
  const form = await new Response(new Uint8Array(bytes), { headers: { 'content-type': type } }).formData().catch((cause: unknown) => {
    throw new Problem('request.malformed', { cause })
  })
  const fields = await Promise.all([...form].map(async ([name, value]) => [name, typeof value === 'string' ? value : await value.text()] as const))
  if (new Set(fields.map(([name]) => name)).size !== fields.length) throw new Problem('request.malformed')
  return Object.fromEntries(fields)
}
