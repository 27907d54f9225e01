import type { Context, Next } from 'koa'
import { setScriptHeaders } from '#web/answer/headers.ts'
import { assets } from './served.ts'

/** Scripts and the icon, from memory; whatever is none of them goes on. */
export async function serveAssets(ctx: Context, next: Next): Promise<void> {
  const asset = ctx.method === 'GET' || ctx.method === 'HEAD' ? assets.get(ctx.path) : undefined
  if (asset === undefined) {
    await next()
    return
  }
  if (asset.type.startsWith('text/javascript')) setScriptHeaders(ctx.res)
  ctx.type = asset.type
  ctx.set('Cache-Control', asset.immutable ? 'public, max-age=31536000, immutable' : 'public, max-age=86400')
  ctx.vary('Accept-Encoding')
  const small = ctx.acceptsEncodings('br', 'identity') === 'br'
  if (small) ctx.set('Content-Encoding', 'br')
  ctx.body = small ? asset.brotli : asset.body
}
