import { z } from 'zod'
import type { AccountId, ClientId } from '#kernel/id.ts'
import { redirectUriFault } from '#domain/client/client.ts'
import { selfTestNames, stops, type SelfTestName } from './self-test.ts'

const name = z.string().refine((text): text is SelfTestName => selfTestNames.some((one) => one === text))
export const result = z.strictObject({
  test: name, passed: z.boolean(), saw: z.enum(['signed-in', 'refused', 'crashed', 'left-out', ...stops]), status: z.int().optional(),
})

/** Where the runner goes: the page that begins a sign-in (OIDC Core §4), and where signing out is told. */
export type Addresses = { initiate: string; logout?: string | undefined }

export type Report = { client: ClientId; startedAt: Date; /** Absent while it runs. */ finishedAt?: Date | undefined; addresses: Addresses; results: readonly z.infer<typeof result>[] }

/** Every test was passed, but for what the client has no address for. Who wants to be told of logouts leaves none of them out. */
export function isGreen({ finishedAt, results }: Pick<Report, 'finishedAt' | 'results'>, { toldOfLogouts = false }: { toldOfLogouts?: boolean } = {}): boolean {
  return finishedAt !== undefined && selfTestNames.every((test) => results.some((one) => one.test === test && (one.passed || (one.saw === 'left-out' && !toldOfLogouts))))
}

/** Whether the steps about signing out were not tried, for there was no address. */
export const leavesLogoutsOut = ({ results }: Pick<Report, 'results'>): boolean => results.some(({ saw }) => saw === 'left-out')

const day = 86_400_000
export const isFresh = ({ finishedAt }: Pick<Report, 'finishedAt'>, now: Date, days: number): boolean =>
  finishedAt !== undefined && now.getTime() - finishedAt.getTime() < days * day

/** A run whose process has died stands in nobody's way for longer. */
export const longestMinutes = 10

export type AddressFault = 'not-an-address' | 'other-origin'

/** The runner goes to the origin of the client's own redirect URI and to no other. */
export function addressFaults({ initiate, logout }: Addresses, redirectUri: string): Partial<Record<keyof Addresses, AddressFault>> {
  const fault = (uri: string): AddressFault | undefined => {
    if (redirectUriFault(uri, { allowLocal: true }) !== undefined) return 'not-an-address'
    return new URL(uri).origin === new URL(redirectUri).origin ? undefined : 'other-origin'
  }
  const found = { initiate: fault(initiate), logout: logout === undefined ? undefined : fault(logout) }
  return { ...(found.initiate && { initiate: found.initiate }), ...(found.logout && { logout: found.logout }) }
}

/** The last report of each client, in the sandbox's database. */
export type ReportStore = {
  /** In place of the last one, unless that is running: of racing starters one begins. */
  begin: (client: ClientId, addresses: Addresses, at: Date) => Promise<boolean>
  /** Nothing where another run has begun since. */
  note: (report: Report) => Promise<void>
  latest: (client: ClientId) => Promise<Report | undefined>
}

/** One run at a time for each developer, on whichever node, and a pause after it. */
export type TurnStore = {
  /** Of racing takers one has it. `running`: they have a run under way; `resting`: the last one ended a moment ago. */
  take: (owner: AccountId) => Promise<'taken' | 'running' | 'resting'>
  /** What was not used is given back; after a run comes the pause. */
  give: (owner: AccountId, how: 'unused' | 'done') => Promise<void>
}

/** Seconds: between two runs of one developer, and in which a run is over, well before it counts as dead. */
export const runs = { pause: 20, longest: (longestMinutes - 2) * 60 }

/** `busy`: this server does as many as it does at one time. `resting`: the developer's last one ended a moment ago. */
export type Begun = 'begun' | 'running' | 'resting' | 'busy' | { faults: Partial<Record<keyof Addresses, AddressFault>> }

/** What a developer may do with a client of their own; `undefined` where it is not theirs. */
export type SelfTests = {
  begin: (owner: AccountId, client: ClientId, addresses: Addresses) => Promise<Begun | undefined>
  latest: (owner: AccountId, client: ClientId) => Promise<Report | undefined>
}
