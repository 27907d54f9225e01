import type { IncomingMessage, ServerResponse } from 'node:http'
import { systemClock } from '#kernel/clock.ts'
import { contentSecurityPolicy } from '#web/answer/headers.ts'
import { renderHtml, type Html } from '#web/html.ts'
import type { Visit } from '#web/request/visit.ts'

/** A context of the provider, as far as drawing needs it. */
type Drawable = { req: IncomingMessage; res: ServerResponse; type: string; body: unknown; set: (name: string, value: string) => void }

export function visitOf({ req, res }: Pick<Drawable, 'req' | 'res'>): Visit {
  // The language switch comes back here: signing out, or asking again what was refused, in the other language.
  const path = req.method === 'GET' ? (req.url ?? '/') : '/'
  return { exchange: { req, res }, address: '', reference: '', path, bound: '', at: systemClock.now() }
}

/** Where the library's own form goes, and its token against forgery: ours look different and say the same. */
export function readForm(form: string): { action: string; xsrf: string } {
  const action = /action="([^"]+)"/.exec(form)?.[1] ?? ''
  return { action: new URL(action).pathname, xsrf: /name="xsrf" value="([^"]+)"/.exec(form)?.[1] ?? '' }
}

export function draw(ctx: Drawable, page: Html, formsTo: readonly string[] = []): void {
  ctx.type = 'html'
  ctx.set('Content-Security-Policy', contentSecurityPolicy(formsTo))
  ctx.body = renderHtml(page)
}
