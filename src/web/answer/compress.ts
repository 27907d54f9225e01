import { promisify } from 'node:util'
import { brotliCompress, constants } from 'node:zlib'
import type { Context } from 'koa'

const brotli = promisify(brotliCompress)

/** Below this a page travels in one packet anyway. */
const leastBytes = 1024

/** A quarter of a millisecond for a page. 4 makes it a twelfth larger; beyond 7 it takes thirty times as long. */
const quality = 5

/**
 * What the browser is sent for a page: compressed where it was asked for by GET and the browser can read it.
 *
 * Compression tells secrets when an answer holds one beside text that an attacker chose (BREACH). Pages that answer a GET
 * repeat nothing of the request but a path the router knows, so there is nothing to guess with. Answers to forms repeat what
 * was typed, and problem pages are shown for any address: both stay plain.
 */
export async function compressed(ctx: Context, text: string): Promise<string | Buffer> {
  if (ctx.method !== 'GET' && ctx.method !== 'HEAD') return text
  ctx.vary('Accept-Encoding')
  const page = Buffer.from(text)
  if (page.length < leastBytes || ctx.acceptsEncodings('br', 'identity') !== 'br') return text
  ctx.set('Content-Encoding', 'br')
  const { BROTLI_PARAM_QUALITY, BROTLI_PARAM_SIZE_HINT } = constants
  return brotli(page, { params: { [BROTLI_PARAM_QUALITY]: quality, [BROTLI_PARAM_SIZE_HINT]: page.length } })
}
