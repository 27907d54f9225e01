import type { ClientId } from '#kernel/id.ts'

/** One request of a client as its developer reads it. Never a value of a parameter: codes, tokens and secrets are among them. */
export type SeenRequest = {
  /** Seconds since 1970. */
  at: number
  /** Where: `token`, `userinfo` and their like. */
  endpoint: string
  status: number
  /** Names of the parameters that came. */
  sent: readonly string[]
  /** What went wrong, in the protocol's word, and why. */
  error?: string | undefined
  reason?: string | undefined
}

/** So many are kept of each client. */
export const keptRequests = 100

export type RequestLog = {
  note: (client: ClientId, seen: SeenRequest) => Promise<void>
  /** The newest first. */
  latest: (client: ClientId) => Promise<readonly SeenRequest[]>
}
