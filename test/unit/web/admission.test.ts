import { describe, expect, test } from 'vitest'
import { createSecretKey, randomBytes } from 'node:crypto'
import { IncomingMessage, ServerResponse } from 'node:http'
import { Socket } from 'node:net'
import type { Ticket } from '#domain/abuse/line.ts'
import { workOf } from '#web/admission.ts'
import { keepTicket, readTicket } from '#web/request/ticket.ts'

const of = (method: string, path: string, query: Record<string, string> = {}) => workOf({ method, path, query })

describe('R09: which work a request is part of', () => {
  test.each<[method: string, path: string, work: ReturnType<typeof workOf>]>([
    ['POST', '/token', 'finishing'], ['GET', '/userinfo', 'finishing'], ['POST', '/introspect', 'finishing'], ['POST', '/revoke', 'finishing'],
    ['GET', '/authorize/abc', 'finishing'], ['GET', '/interaction/abc', 'finishing'], ['POST', '/interaction/abc/passkey', 'finishing'], ['POST', '/interaction/abc/register/code', 'finishing'],
    ['GET', '/end-session', 'finishing'], ['POST', '/thiet-bi', 'finishing'],
    ['GET', '/authorize', 'beginning'], ['POST', '/par', 'beginning'], ['POST', '/interaction/abc/register', 'beginning'], ['POST', '/backchannel-authentication', 'beginning'],
    ['POST', '/device-authorization', 'beginning'], ['POST', '/register', 'beginning'],
    ['GET', '/quan-tri', 'aside'], ['GET', '/tai-khoan', 'aside'], ['GET', '/api/v1/clients', 'aside'], ['GET', '/nowhere', 'aside'],
    ['GET', '/.well-known/openid-configuration', undefined], ['GET', '/jwks', undefined], ['GET', '/livez', undefined], ['GET', '/readyz', undefined], ['GET', '/tro-giup', undefined],
    ['OPTIONS', '/token', undefined],
    // Sent on by GET, where it is counted.
    ['POST', '/authorize', undefined],
  ])('%s %s', (method, path, work) => expect(of(method, path)).toBe(work))

  test('whom a service has pushed comes before who comes anew', () => {
    expect(of('GET', '/authorize', { client_id: 'x', request_uri: 'urn:ietf:params:oauth:request_uri:y' })).toBe('pushed')
  })
})

describe('a place in the line', () => {
  const seal = { csrfKey: createSecretKey(randomBytes(32)), issuer: 'https://id.example' }
  const ticket: Ticket = { day: 20_784, number: 1240, givenAt: 1_795_000_000, mark: 'abcdefghijkl' }
  function kept(one: Ticket | undefined): string {
    const response = new ServerResponse(new IncomingMessage(new Socket()))
    keepTicket(seal, response, one)
    return String(response.getHeader('set-cookie'))
  }
  const shown = (cookie: string, by = seal) => readTicket(by, { headers: { cookie } })
  const cookie = kept(ticket).split(';')[0] ?? ''

  test('is kept by the browser for this address alone, and read again', () => {
    expect(kept(ticket)).toMatch(/; Path=\/authorize; Max-Age=7200; HttpOnly; SameSite=Lax; Secure$/)
    expect(shown(`other=1; ${cookie}; more=2`)).toEqual(ticket)
    expect(kept(undefined)).toContain('Max-Age=0')
  })

  test('is made by nobody but us, and cannot be moved forward', () => {
    const others = { ...seal, csrfKey: createSecretKey(randomBytes(32)) }
    expect(shown(cookie, others)).toBeUndefined()
    for (const forged of [cookie.replace('.1240.', '.1.'), cookie.replace('20784', '20785'), cookie.replace('abcdefghijkl', 'abcdefghijkm'), cookie.slice(0, -1), 'eid-line=', 'eid-line=1.1.1.x.y']) {
      expect([forged, forged === cookie, shown(forged)]).toEqual([forged, false, undefined])
    }
  })
})
