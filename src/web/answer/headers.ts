import type { IncomingMessage, ServerResponse } from 'node:http'
import helmet from 'helmet'
import { styleHash } from '#web/views/style.ts'
import { workStyle } from '#web/views/work-style.ts'

/** Two years, with all that the preload list asks for (RFC 6797 §6.1). */
export const strictTransportSecurity = 'max-age=63072000; includeSubDomains; preload'

/**
 * What every answer carries (S04, S05). `same-origin` instead of `no-referrer`: nothing leaves this site either
 * way, and browsers would send `Origin: null` with our own forms.
 */
const harden = helmet({
  contentSecurityPolicy: false,
  referrerPolicy: { policy: 'same-origin' },
  strictTransportSecurity: false,
  xFrameOptions: { action: 'deny' },
  // For browsers and plug-ins that know no passkeys; every answer would carry them.
  xDnsPrefetchControl: false,
  xDownloadOptions: false,
  xPermittedCrossDomainPolicies: false,
  xXssProtection: false,
})

const permissions = [
  'publickey-credentials-get=(self)', 'publickey-credentials-create=(self)',
  'camera=()', 'microphone=()', 'geolocation=()', 'browsing-topics=()',
].join(', ')

export function setHeaders(request: IncomingMessage, response: ServerResponse): void {
  harden(request, response, () => undefined)
  response.setHeader('Strict-Transport-Security', strictTransportSecurity)
  response.setHeader('Permissions-Policy', permissions)
  response.setHeader('Cache-Control', 'no-store')
  response.setHeader('Content-Security-Policy', contentSecurityPolicy([]))
}

/** What only documents obey, as an SVG opened by itself is one. A script runs under the rules of its page. */
const forDocuments = [
  'Content-Security-Policy', 'Permissions-Policy', 'Cross-Origin-Opener-Policy', 'Origin-Agent-Cluster', 'Referrer-Policy',
  'X-Frame-Options',
]

/** Leaves out what a script has no use for: the first visit counts every byte. */
export function setScriptHeaders(response: ServerResponse): void {
  for (const name of forDocuments) response.removeHeader(name)
}

/** Chromium applies `form-action` to the redirect after a form too, so a page names where its forms may end. */
export function contentSecurityPolicy(formsTo: readonly string[]): string {
  return [
    "default-src 'none'", "script-src 'self'", `style-src ${styleHash} ${workStyle.hash}`, "img-src 'self'", "connect-src 'self'",
    `form-action ${["'self'", ...formsTo].join(' ')}`, "frame-ancestors 'none'", "base-uri 'none'",
    "require-trusted-types-for 'script'",
  ].join('; ')
}
