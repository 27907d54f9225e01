import { clientId, type ClientId } from '#kernel/id.ts'

/**
 * A developer's client has a twin, by which the portal itself signs in at the sandbox: the same registration, but for our own redirect
 * URI and a key of ours. Nobody registers a name that ends so.
 */
const ending = '.thu'

export function trialOf(client: ClientId): ClientId {
  return clientId.parse(`${client}${ending}`)
}

/** The client that is meant: itself, or that of which it is the twin. */
export function meantBy(id: string): ClientId | undefined {
  return clientId.safeParse(id.endsWith(ending) ? id.slice(0, -ending.length) : id).data
}

export const isTrial = (id: string): boolean => id.endsWith(ending)
