import { z } from 'zod'
import type { ClientId } from '#kernel/id.ts'

/** One request of a client as its developer reads it. Never a value of a parameter: codes, tokens and secrets are among them. */
export const seenRequest = z.object({
  /** Seconds since 1970. */
  at: z.int(),
  /** Where: `token`, `userinfo` and their like. */
  endpoint: z.string(),
  status: z.int(),
  /** Names of the parameters that came. */
  sent: z.array(z.string()).readonly(),
  /** What went wrong, in the protocol's word, and why. */
  error: z.string().optional(),
  reason: z.string().optional(),
  /** The client proved that it is this client. Of others nobody knows who has sent them: anybody can name a client. */
  proven: z.boolean(),
})
export type SeenRequest = z.output<typeof seenRequest>

/** So many are kept of each client, and of those that anybody may have sent so many apart, that they take no room from the others. */
export const keptRequests = { proven: 100, unproven: 25 }

export type RequestLog = {
  note: (client: ClientId, seen: SeenRequest) => Promise<void>
  /** The newest first. */
  latest: (client: ClientId) => Promise<readonly SeenRequest[]>
}
