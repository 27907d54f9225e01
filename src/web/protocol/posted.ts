import type { Context } from 'koa'
import { Problem } from '#kernel/problem.ts'
import { checkUrl } from '#web/request/body.ts'
import { stateOf } from '#web/request/state.ts'

/**
 * Sends the browser to the same address by GET, with the fields of the form in the query (OIDC Core §3.1.2.1, OpenID
 * RP-Initiated Logout 1.0 §2). A form that another site posts comes without the session's cookie, which is SameSite=Lax; the
 * GET that a 303 makes of it carries the cookie (RFC 6265bis §5.6.7.1, RFC 9110 §15.4.4). Fields are written anew and stand
 * after those of the address, so that one that was said twice is still there twice, and the library refuses it (P17).
 */
export function askAgainByGet(ctx: Context): void {
  if (ctx.request.type !== 'application/x-www-form-urlencoded') throw new Problem('request.malformed')
  const fields = [...new URLSearchParams(ctx.querystring), ...new URLSearchParams(stateOf(ctx).text ?? '')]
  const query = new URLSearchParams(fields).toString()
  // The path is one that the table of routes knows: nothing that came in says where this leads.
  const address = query === '' ? ctx.path : `${ctx.path}?${query}`
  checkUrl(address)
  ctx.status = 303
  ctx.set('Location', address)
  ctx.body = ''
}
