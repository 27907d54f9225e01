import { timingSafeEqual, type KeyObject } from 'node:crypto'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { cookieIn } from '#kernel/cookie.ts'
import { ticketSeconds, type Ticket } from '#domain/abuse/line.ts'
import { protocolRoutes } from '#oidc/routes.ts'
import { csrfToken } from './visit.ts'

const name = 'eid-line'
const shape = /^(\d{1,6})\.(\d{1,12})\.(\d{1,12})\.([\w-]{12})\.([\w-]{43})$/

type Seal = { csrfKey: KeyObject }

const inside = ({ day, number, givenAt, mark }: Ticket) => `${day}.${number}.${givenAt}.${mark}`
/** Nothing else that is bound has a colon in it. */
const sealOf = (seal: Seal, ticket: Ticket) => csrfToken(seal, `line:${inside(ticket)}`)

/** The place in the line that this browser was given; nobody makes one for themselves. */
export function readTicket(seal: Seal, { headers }: Pick<IncomingMessage, 'headers'>): Ticket | undefined {
  const [, day, number, givenAt, mark = '', given = ''] = shape.exec(cookieIn(headers, name) ?? '') ?? []
  if (day === undefined) return undefined
  const ticket = { day: Number(day), number: Number(number), givenAt: Number(givenAt), mark }
  return timingSafeEqual(Buffer.from(sealOf(seal, ticket)), Buffer.from(given)) ? ticket : undefined
}

/** Kept by the browser and shown at the door alone, and over all that it asks there. */
export function keepTicket(seal: Seal & { issuer: string }, response: ServerResponse, ticket: Ticket | undefined): void {
  const value = ticket === undefined ? '' : `${inside(ticket)}.${sealOf(seal, ticket)}`
  const attributes = [`Path=${protocolRoutes.authorization}`, `Max-Age=${ticket === undefined ? 0 : ticketSeconds}`, 'HttpOnly', 'SameSite=Lax', ...(seal.issuer.startsWith('https:') ? ['Secure'] : [])]
  response.appendHeader('Set-Cookie', [`${name}=${value}`, ...attributes].join('; '))
}
