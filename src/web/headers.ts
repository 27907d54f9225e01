import type { IncomingMessage, ServerResponse } from 'node:http'
import helmet from 'helmet'
import { styleHash } from './views/style.ts'

/**
 * What every answer carries (security.md S04, S05). `same-origin` instead of `no-referrer`: nothing leaves this site either
 * way, and browsers would send `Origin: null` with our own forms.
 */
const harden = helmet({
  contentSecurityPolicy: false,
  referrerPolicy: { policy: 'same-origin' },
  strictTransportSecurity: { maxAge: 63_072_000, includeSubDomains: true, preload: true },
  xFrameOptions: { action: 'deny' },
})

const permissions = 'publickey-credentials-get=(self), publickey-credentials-create=(self), camera=(), microphone=(), geolocation=(), browsing-topics=()'

export function setHeaders(request: IncomingMessage, response: ServerResponse): void {
  harden(request, response, () => undefined)
  response.setHeader('Permissions-Policy', permissions)
  response.setHeader('Cache-Control', 'no-store')
  response.setHeader('Content-Security-Policy', contentSecurityPolicy([]))
}

/** Chromium applies `form-action` to the redirect after a form too, so a page names where its forms may end (ux §9). */
export function contentSecurityPolicy(formsTo: readonly string[]): string {
  return [
    "default-src 'none'", "script-src 'self'", `style-src ${styleHash}`, "img-src 'self'", "connect-src 'self'",
    `form-action ${["'self'", ...formsTo].join(' ')}`, "frame-ancestors 'none'", "base-uri 'none'", "require-trusted-types-for 'script'",
  ].join('; ')
}
