import { errors, type Provider } from 'oidc-provider'
import type { Clock } from '#kernel/clock.ts'
import type { AccountId, ClientId } from '#kernel/id.ts'
import { Problem } from '#kernel/problem.ts'
import type { ApprovalStore } from '#domain/approval/approval.ts'
import type { Courier, Delivery } from '#domain/signal/courier.ts'
import type { ServiceSessionStore } from '#domain/signal/session.ts'
import type { Letter } from '#domain/signal/letter.ts'
import type { Signal } from '#domain/signal/signal.ts'
import { endSession } from './adapter/ended.ts'
import type { ProviderStore } from './adapter/store.ts'
import { sent } from './client/held-back.ts'
import { Unreached } from './client/outbound.ts'

type Of<Kind extends Signal['kind']> = Extract<Signal, { kind: Kind }>

type Tools = {
  provider: Provider
  volatile: ProviderStore
  approvals: Pick<ApprovalStore, 'find'>
  serviceSessions: Pick<ServiceSessionStore, 'sweep'>
  kept: { sweep: () => Promise<number> }
  clock: Clock
  /** `over` where the person has no address. */
  write: (account: AccountId, letter: Letter) => Promise<'delivered' | 'over'>
  /** `over` where the service has no such contact any more. */
  writeToContact: (client: ClientId, contact: string, letter: Letter) => Promise<'delivered' | 'over'>
  /** `over` where it was sent already, or nobody is left to be told. */
  tellHolder: (notice: Omit<Of<'notice'>, 'kind'>) => Promise<'delivered' | 'over'>
  lockLost: (account: AccountId, how: { reportedAt?: Date | undefined; byCode?: boolean | undefined }) => Promise<unknown>
}

type Carried = Exclude<Delivery['is'], 'undelivered'>

/** Carries signals. What is sent is made anew at each try, by the library: typed, signed, and encrypted where the client asked for it. */
export function makeCourier(tools: Tools): Courier {
  return async (signal) => {
    try {
      return { is: await carry(tools, signal) }
    } catch (error) {
      // A client that may not go on is told nothing, for as long as it may not.
      if (error instanceof errors.InvalidClient) return { is: 'over' }
      const ending = endingOf(error)
      if (ending === undefined) throw error
      return { is: 'undelivered', ending }
    }
  }
}

function carry(tools: Tools, signal: Signal): Promise<Carried> {
  switch (signal.kind) {
    case 'logout': return tellLogout(tools, signal)
    case 'letter': return tools.write(signal.account, signal.letter)
    case 'contact-letter': return tools.writeToContact(signal.client, signal.contact, signal.letter)
    case 'notice': return tools.tellHolder(signal)
    case 'lost': return tools.lockLost(signal.account, { reportedAt: signal.at === undefined ? undefined : new Date(signal.at), byCode: signal.byCode }).then(() => 'delivered' as const)
    case 'ping': return ping(tools, signal)
    case 'session-end': return end(tools, signal)
    case 'sweep': return sweep(tools)
  }
}

/** What has ended is forgotten, once an hour. */
async function sweep({ serviceSessions, kept, clock }: Tools): Promise<Carried> {
  await Promise.all([serviceSessions.sweep(clock.now()), kept.sweep()])
  return 'delivered'
}

/** OpenID Connect Back-Channel Logout 1.0 §2.4 to §2.8. */
async function tellLogout({ provider }: Tools, { client: id, account, sid }: Of<'logout'>): Promise<Carried> {
  const client = await provider.Client.find(id)
  if (client?.backchannelLogoutUri === undefined || !canBeTold(client)) return 'over'
  await sent(() => client.backchannelLogout(account, sid))
  return 'delivered'
}

/** CIBA Core 1.0 §10.2. Of a request that has expired nobody waits for the answer. */
async function ping({ provider, approvals }: Tools, { client: id, approval }: Of<'ping'>): Promise<Carried> {
  const [client, answered] = await Promise.all([provider.Client.find(id), approvals.find(approval)])
  const asked = answered && (await provider.BackchannelAuthenticationRequest.find(answered.request))
  if (client === undefined || asked === undefined) return 'over'
  try {
    await sent(() => client.backchannelPing(asked))
    return 'delivered'
  } catch (error) {
    // A service that does not take its own token will not take it later; it can still ask (CIBA Core §10.2).
    if (['401', '403'].includes(endingOf(error) ?? '')) return 'over'
    throw error
  }
}

async function end({ provider, volatile }: Tools, { session, grants }: Of<'session-end'>): Promise<Carried> {
  if (session !== undefined) await endSession(volatile, session)
  await Promise.all(grants.map(async (id) => (await provider.Grant.find(id))?.destroy()))
  return 'delivered'
}

/** The library's types leave it out. */
type Told = { backchannelLogout: (account: string, sid: string) => Promise<void> }

function canBeTold(client: object): client is Told {
  return 'backchannelLogout' in client
}

/** What may be said of a failure: the status that was answered, or one of few words; never an address, a token or a body. `undefined` is a bug. */
function endingOf(error: unknown): string | undefined {
  if (!(error instanceof Error)) return undefined
  if ('response' in error && error.response instanceof Response) return String(error.response.status)
  if (error instanceof Problem) return error.code
  // As where the keys of a client cannot be fetched, or none of them seals.
  if (error instanceof errors.OIDCProviderError) return error.cause instanceof Problem ? error.cause.code : error.error
  return error instanceof Unreached ? error.fault : undefined
}
