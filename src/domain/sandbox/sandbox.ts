import type { AccountId, ClientId } from '#kernel/id.ts'
import type { DeveloperClients } from './developer-client.ts'
import type { Fault, SwitchedOn } from './fault.ts'
import type { Registrations } from './registration.ts'
import type { SeenRequest } from './request.ts'
import type { Trials } from './trial.ts'
import type { SelfTests } from '#domain/self-test/report.ts'

/** What developers can do at the sandbox from the pages of the live server. Whose a client is is asked at each act. */
export type Sandbox = {
  issuer: string
  clients: DeveloperClients
  /** The secret of a client that was just made, once; then it is told no more. */
  secretOnce: { put: (client: ClientId, secret: string) => Promise<void>; take: (client: ClientId) => Promise<string | undefined> }
  faults: {
    find: (client: ClientId) => Promise<SwitchedOn | undefined>
    /** `false` where as many keys are staged as may be. */
    switchOn: (owner: AccountId, client: ClientId, fault: Fault) => Promise<boolean>
    switchOff: (client: ClientId) => Promise<void>
  }
  /** The last requests of a client, each with what can be done about it. */
  requests: (client: ClientId) => Promise<readonly ExplainedRequest[]>
  trials: Trials
  /** A token with which a program of this developer registers itself; `undefined` where they have no room for another client. */
  initialToken: Registrations['issue']
  selfTests: SelfTests
}

export type ExplainedRequest = SeenRequest & { cause?: string | undefined; remedy?: string | undefined }

