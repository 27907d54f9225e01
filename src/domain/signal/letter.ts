import { z } from 'zod'
import { clientId, connectionId } from '#kernel/id.ts'
import { alarmKinds } from '#domain/audit/oversight.ts'
import { expiryKinds } from '#domain/client/expiry.ts'
import { offices } from '#domain/notice/office.ts'
import { keyName } from '#domain/signing-key/key.ts'

/** What somebody is written of, by identifiers alone: address and words are found when it is sent. */
export const letter = z.discriminatedUnion('about', [
  /** What may show an insider at work; by whom stands in the console alone. */
  z.strictObject({ about: z.literal('alarm'), alarm: z.enum(alarmKinds), at: z.iso.datetime() }),
  /** What became of their request to connect a service. */
  z.strictObject({ about: z.literal('connection'), is: z.enum(['returned', 'live']), connection: connectionId }),
  /** Something of a service that they look after ends on this day, in less than so many; with the request, where they connected it by one. */
  z.strictObject({ about: z.literal('expiry'), connection: connectionId.optional(), client: clientId, what: z.enum(expiryKinds), on: z.iso.date(), days: z.int() }),
  /** Servers of the service were not seen to fetch a key that begins to sign; `last` is when they fetched the key set before. */
  z.strictObject({ about: z.literal('key-set'), client: clientId, kid: keyName, published: z.iso.datetime(), from: z.iso.datetime(), last: z.iso.datetime().optional() }),
  /** What became of their application at a desk; the reference is what they quote, at the office that is theirs. */
  z.strictObject({ about: z.literal('desk'), is: z.enum(['recovered', 'refused', 'lapsed']), reference: z.string(), at: z.iso.datetime(), office: z.enum(offices).default('commune') }),
])
export type Letter = z.infer<typeof letter>
