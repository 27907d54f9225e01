import type { IncomingMessage } from 'node:http'
import { Problem } from '#kernel/problem.ts'

/** No form of ours and no OAuth request is longer (P17). */
const longestBody = 65_536
const longestUrl = 8192

/**
 * Reads a body whole and puts it back, so that our forms and the protocol read the same bytes. Throws `request.too-large`
 * and, for bytes that are not UTF-8 or percent signs that encode none, `request.malformed`: nobody downstream has to guess
 * what they meant.
 */
export async function readBody(request: IncomingMessage): Promise<string> {
  if (Number(request.headers['content-length'] ?? 0) > longestBody) throw new Problem('request.too-large')
  const bytes = await received(request, longestBody)
  // Put back before the end is announced, which is in the next tick; from then on the stream would refuse it.
  if (bytes.length > 0) request.unshift(bytes)
  return checked(bytes)
}

/** All bytes of a body. Throws `request.too-large` as soon as there are more than `most`. */
export async function received(request: IncomingMessage, most: number): Promise<Buffer> {
  const chunks: Buffer[] = []
  let length = 0
  while (!request.destroyed) {
    const chunk: unknown = request.read()
    if (chunk instanceof Buffer) {
      length += chunk.length
      if (length > most) throw new Problem('request.too-large')
      chunks.push(chunk)
    } else if (request.complete) return Buffer.concat(chunks, length)
    else await moreOf(request)
  }
  throw new Problem('request.malformed')
}

/** Waits for more or for the end, and leaves no listener behind: a body that drips in would pile them up. */
async function moreOf(request: IncomingMessage): Promise<void> {
  const more = Promise.withResolvers<undefined>()
  const heard = () => more.resolve(undefined)
  // Whoever hangs up in the midst of a body has made no mistake of ours.
  const failed = (cause: unknown) => more.reject(new Problem('request.malformed', { cause }))
  request.once('readable', heard).once('close', heard).once('error', failed)
  try {
    await more.promise
  } finally {
    request.off('readable', heard).off('close', heard).off('error', failed)
  }
}

const utf8 = new TextDecoder('utf-8', { fatal: true })

function checked(bytes: Buffer): string {
  try {
    const text = utf8.decode(bytes)
    checkEncoding(text)
    return text
  } catch (cause) {
    throw cause instanceof Problem ? cause : new Problem('request.malformed', { cause })
  }
}

/** Throws `request.too-long`, or `request.malformed` for an address that cannot be read one way only. */
export function checkUrl(url: string): void {
  if (url.length > longestUrl) throw new Problem('request.too-long')
  checkEncoding(url)
}

function checkEncoding(text: string): void {
  if (!text.includes('%')) return
  // A percent sign that starts no encoded byte is passed on as it stands by most parsers; browsers never send one.
  const encoded = text.replaceAll(/%(?![0-9A-Fa-f]{2})/g, '%25')
  try {
    if (decodeURIComponent(encoded).includes('\0')) throw new Problem('request.malformed')
  } catch (cause) {
    throw cause instanceof Problem ? cause : new Problem('request.malformed', { cause })
  }
}

/** The fields of a form; a field sent more than once is a list, and only a shape that wants lists takes one. */
export function fieldsOf(text: string): Record<string, string | string[]> {
  const parameters = new URLSearchParams(text)
  return Object.fromEntries([...new Set(parameters.keys())].map((name) => {
    const values = parameters.getAll(name)
    const [only] = values
    return [name, values.length === 1 && only !== undefined ? only : values]
  }))
}
