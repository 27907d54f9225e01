import type { ServerResponse } from 'node:http'
import { strictTransportSecurity } from '#web/answer/headers.ts'

/**
 * Metadata and keys are asked for by everybody all the time, and are the same for all: they leave before any middleware, and
 * may be kept by caches, also while we are down (RFC 8414 §3, RFC 5861 §4).
 */
export function answerPublished(response: ServerResponse, { body, type }: { body: Buffer; type: string }): void {
  response.writeHead(200, {
    'Content-Type': type,
    'Content-Length': body.length,
    'Cache-Control': 'public, max-age=3600, stale-if-error=86400',
    'Content-Security-Policy': "default-src 'none'; frame-ancestors 'none'",
    'Strict-Transport-Security': strictTransportSecurity,
    'Access-Control-Allow-Origin': '*',
    'X-Content-Type-Options': 'nosniff',
  })
  response.end(body)
}
