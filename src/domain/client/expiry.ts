import { X509Certificate } from 'node:crypto'
import { z } from 'zod'
import type { ClientId } from '#kernel/id.ts'
import type { Client } from './client.ts'

/** What of a client ends on a day that is known: its registration, the agreement behind it, a certificate among its keys, or the one that it last came with. */
export const expiryKinds = ['registration', 'agreement', 'registered-certificate', 'shown-certificate'] as const
export type Expiry = { client: ClientId; name: string; what: (typeof expiryKinds)[number]; at: Date }

const keySet = z.object({ keys: z.array(z.looseObject({ x5c: z.array(z.string()).optional() })) })

/** Everything about this client that ends, first things first. `shown` is until when the certificate counts that it last came with. */
export function expiriesOf({ id, own, registered, state }: Client, shown?: Date): readonly Expiry[] {
  if (state === 'ended') return []
  const named = { client: id, name: registered.client_name }
  const keys = keySet.safeParse(registered['jwks']).data?.keys ?? []
  const certificates = keys.flatMap(({ x5c = [] }) => x5c.slice(0, 1).flatMap(endOf))
  return [
    ...(own.ends_on === undefined ? [] : [{ ...named, what: 'registration' as const, at: lastMoment(own.ends_on) }]),
    // One that has run out stops nothing by itself: people decide.
    ...(own.agreement === undefined ? [] : [{ ...named, what: 'agreement' as const, at: lastMoment(own.agreement.ends_on) }]),
    ...certificates.map((at) => ({ ...named, what: 'registered-certificate' as const, at })),
    ...(shown === undefined ? [] : [{ ...named, what: 'shown-certificate' as const, at: shown }]),
  ].toSorted((one, other) => one.at.getTime() - other.at.getTime())
}

/** The last day counts to its end in Viet Nam. */
const lastMoment = (day: string): Date => new Date(`${day}T23:59:59+07:00`)

/** How many days before an end somebody is told, and told again: time for a new agreement, and the last week. */
const steps = [7, 30] as const
export type Step = (typeof steps)[number]

/** The step that an end has come to; `undefined` where it is far, or over. */
export function stepOf({ at }: Pick<Expiry, 'at'>, now: Date): Step | undefined {
  const left = at.getTime() - now.getTime()
  return left < 0 ? undefined : steps.find((days) => left < days * 86_400_000)
}

/** Also what is over. */
export function isDue(expiry: Pick<Expiry, 'at'>, now: Date): boolean {
  return expiry.at < now || stepOf(expiry, now) !== undefined
}

/** What is no certificate never ends. */
function endOf(base64: string): readonly Date[] {
  try {
    return [new X509Certificate(Buffer.from(base64, 'base64')).validToDate]
  } catch {
    return []
  }
}
