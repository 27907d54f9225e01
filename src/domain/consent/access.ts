import type { Bilingual } from '#domain/client/client.ts'
import type { ResourceServer } from '#domain/client/resource-server.ts'
import type { Item } from './decision.ts'

/** An API that a service asks to use in a person's name, under the name of whoever runs it. */
export type AskedServer = { server: ResourceServer; legalName: Bilingual }

type Access = { id: string; label: Bilingual; shownAs?: Bilingual }

/** Access is agreed to like an attribute, but nothing is sent: it has a label, for some a name beside it, and no claims. */
const item = ({ id, label, shownAs }: Access): Item => ({
  attribute: { id, claims: [], label, masked: false, sensitive: false, baseline: true, ...(shownAs && { shownAs }) },
  claims: [], essential: true, basis: 'consent',
})

const offline: Access = {
  id: 'access:offline',
  label: { vi: 'Tiếp tục dùng thông tin này khi bạn không có mặt', en: 'Go on using this while you are away' },
  shownAs: { vi: 'Tối đa 90 ngày', en: 'For up to 90 days' },
}

/** Whether an item lets a service do something, instead of sending it something. */
export function isAccess({ claims }: Pick<Item, 'claims'>): boolean {
  return claims.length === 0
}

/** Whether it says itself how long it counts: whoever is away is not there at the next sign-in. */
export function saysHowLong({ attribute }: Item): boolean {
  return attribute.id === offline.id
}

/**
 * What a person is asked to let a service do: use scopes of APIs (RFC 8707), and go on while they are away (OIDC Core §11).
 */
export function accessItems(servers: readonly AskedServer[], scopes: ReadonlySet<string>): readonly Item[] {
  const uses = servers.flatMap(({ server, legalName }) => server.scopes
    .filter(({ name }) => scopes.has(name))
    .map(({ name, label }) => item({ id: `access:${server.identifier} ${name}`, label, shownAs: legalName })))
  return scopes.has('offline_access') ? [...uses, item(offline)] : uses
}
