import { z } from 'zod'
import { clientId, connectionId } from '#kernel/id.ts'
import { alarmKinds } from '#domain/audit/oversight.ts'
import { expiryKinds } from '#domain/client/expiry.ts'

/** What somebody is written of, by identifiers alone: address and words are found when it is sent. */
export const letter = z.discriminatedUnion('about', [
  /** What may show an insider at work; by whom stands in the console alone. */
  z.strictObject({ about: z.literal('alarm'), alarm: z.enum(alarmKinds), at: z.iso.datetime() }),
  /** What became of their request to connect a service. */
  z.strictObject({ about: z.literal('connection'), is: z.enum(['returned', 'live']), connection: connectionId }),
  /** Something of the service that they connected ends on this day, in less than so many. */
  z.strictObject({ about: z.literal('expiry'), connection: connectionId, client: clientId, what: z.enum(expiryKinds), on: z.iso.date(), days: z.int() }),
])
export type Letter = z.infer<typeof letter>
