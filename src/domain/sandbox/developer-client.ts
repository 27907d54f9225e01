import { z } from 'zod'
import { dayInVietnam, type Clock } from '#kernel/clock.ts'
import { clientId, type AccountId, type ClientId } from '#kernel/id.ts'
import { reference, secretToken } from '#kernel/random.ts'
import type { Client } from '#domain/client/client.ts'
import type { ReadEntry } from '#domain/client/entry.ts'
import { reachable, type Catalogue } from '#domain/consent/catalogue.ts'
import { publicKey, type PublicKey } from './public-key.ts'
import { isTrial } from './trial-client.ts'

/**
 * How a developer's program proves itself. `key`: a key of its own, with all that ordinary libraries do. `fapi2`: a key, and what banks and new
 * services speak in earnest. `secret`: for frameworks that know nothing else.
 */
export const kinds = ['key', 'fapi2', 'secret'] as const
export type Kind = (typeof kinds)[number]

/** So many for each developer. */
export const clientsPerDeveloper = 20

/** Signs that look like nothing, or turn the text around, are not for a name that people read. */
export const clientName = z.string().trim().min(2).max(60).regex(/^[^\p{C}\p{Zl}\p{Zp}]+$/u).transform((name) => name.normalize('NFC'))

export type Wish = { name: string; redirectUri: string; kind: Kind; key?: PublicKey | undefined }

/** What its developer sees of a client. */
export type DeveloperClient = { id: ClientId; name: string; redirectUri: string; kind: Kind; /** `kid` of its key. */ key?: string | undefined; createdAt: Date }

/** Whose clients there are, in the sandbox's database. */
export type DeveloperClientStore = {
  /** Writes a new client and whose it is, all or nothing: of racing ones no more get in than there is room for. `taken`: that name exists. */
  add: (owner: AccountId, client: Client, how: { most: number; at: Date }) => Promise<'added' | 'full' | 'taken'>
  /** Those that have not ended, the oldest first. */
  ofOwner: (owner: AccountId) => Promise<readonly { client: Client; createdAt: Date }[]>
  find: (owner: AccountId, id: ClientId) => Promise<{ client: Client; createdAt: Date } | undefined>
  /** `false` where it is not this owner's. */
  change: (owner: AccountId, client: Client, at: Date) => Promise<boolean>
  end: (owner: AccountId, id: ClientId, at: Date) => Promise<boolean>
}

export type Outcome<Done> = { is: 'done'; done: Done } | { is: 'refused'; fault: string } | { is: 'full' }

/** What a developer may do with clients of their own, and nobody else with them. */
export type DeveloperClients = {
  /** `secret` is told here once. */
  register: (owner: AccountId, wish: Wish) => Promise<Outcome<{ id: ClientId; secret?: string }>>
  mine: (owner: AccountId) => Promise<readonly DeveloperClient[]>
  find: (owner: AccountId, id: ClientId) => Promise<DeveloperClient | undefined>
  change: (owner: AccountId, id: ClientId, wish: Pick<Wish, 'name' | 'redirectUri'>) => Promise<Outcome<true> | undefined>
  remove: (owner: AccountId, id: ClientId) => Promise<boolean>
}

type Tools = { store: DeveloperClientStore; readEntry: ReadEntry; catalogue: Catalogue; clock: Clock }

/** No two of them are the same, and none ends as a twin does. */
export const freshId = (): ClientId => clientId.parse(`thu-${reference().toLowerCase()}`)

export function developerClients(tools: Tools): DeveloperClients {
  const { store, clock, readEntry } = tools
  return {
    async register(owner, wish) {
      if (wish.kind !== 'secret' && wish.key === undefined) return { is: 'refused', fault: 'jwks: a client with a key shows its public half' }
      const [id, secret] = [freshId(), wish.kind === 'secret' ? secretToken() : undefined]
      const proving: Proving = secret === undefined
        ? { token_endpoint_auth_method: 'private_key_jwt', jwks: { keys: [wish.key] } }
        : { token_endpoint_auth_method: 'client_secret_basic', client_secret: secret }
      const read = await readEntry(entryFor(tools, { id, profile: wish.kind === 'fapi2' ? 'fapi2' : 'baseline', proving, said: spoken(wish) }))
      if ('fault' in read) return { is: 'refused', fault: read.fault }
      const added = await store.add(owner, read.client, { most: clientsPerDeveloper, at: clock.now() })
      if (added === 'taken') return { is: 'refused', fault: 'client_id: try again' }
      return added === 'full' ? { is: 'full' } : { is: 'done', done: { id, ...(secret !== undefined && { secret }) } }
    },
    mine: async (owner) => (await store.ofOwner(owner)).map(shown),
    async find(owner, id) {
      const found = isTrial(id) ? undefined : await store.find(owner, id)
      return found && shown(found)
    },
    async change(owner, id, wish) {
      const found = await store.find(owner, id)
      if (found === undefined) return undefined
      const { client: { own, registered } } = found
      // A program that registered itself may have more addresses than the form shows.
      const others = registered.redirect_uris.slice(1)
      const read = await readEntry({ ...registered, ...own, ...spoken(wish, others) })
      if ('fault' in read) return { is: 'refused', fault: read.fault }
      return (await store.change(owner, read.client, clock.now())) ? { is: 'done', done: true } : undefined
    },
    remove: (owner, id) => store.end(owner, id, clock.now()),
  }
}

const heldKey = z.object({ keys: z.array(publicKey) })

function shown({ client: { id, own, registered }, createdAt }: { client: Client; createdAt: Date }): DeveloperClient {
  const withKey = own.profile === 'baseline' ? 'key' : 'fapi2'
  const kind = registered.client_secret === undefined ? withKey : 'secret'
  return { id, name: registered.client_name, redirectUri: registered.redirect_uris[0] ?? '', kind, key: heldKey.safeParse(registered['jwks']).data?.keys[0]?.kid, createdAt }
}

/** What changes with a name or an address. Signing out leads back to the front page of the same place. */
export function spoken({ name, redirectUri }: Pick<Wish, 'name' | 'redirectUri'>, others: readonly string[] = []) {
  const origin = URL.canParse(redirectUri) ? `${new URL(redirectUri).origin}/` : redirectUri
  return { client_name: name, legal_name: { vi: name, en: name }, redirect_uris: [redirectUri, ...others], post_logout_redirect_uris: [origin] }
}

const registrationDays = 365
const wellKnown = { vi: 'Thử tích hợp', en: 'Trying the integration' }

/** What a client proves itself with. */
export type Proving = { token_endpoint_auth_method: 'private_key_jwt'; jwks: object } | { token_endpoint_auth_method: 'client_secret_basic' | 'client_secret_post'; client_secret: string }

type Registering = {
  id: ClientId
  profile: 'baseline' | 'fapi2'
  proving: Proving
  /** How it is called and where it is; whatever else it says of itself. */
  said: Readonly<Record<string, unknown>>
}

/** The entry of a client file for what a developer wishes: everything that its profile can ask for, each by consent. */
export function entryFor({ catalogue, clock }: Pick<Tools, 'catalogue' | 'clock'>, { id, profile, proving, said }: Registering): object {
  const { scopes, attributes } = reachable(catalogue, profile)
  // Whether somebody lives in a place is asked of places that a registration names.
  const claims = attributes.flatMap((attribute) => attribute.claims).filter((claim) => claim !== 'resident_of')
  return {
    client_id: id,
    sector: id,
    profile,
    ...(profile === 'baseline' && { ends_on: dayInVietnam(new Date(clock.now().getTime() + registrationDays * 86_400_000)) }),
    purposes: [{ claims, basis: 'consent', purpose: wellKnown }],
    grant_types: ['authorization_code', 'refresh_token'],
    scope: ['openid', 'offline_access', ...Object.keys(scopes)].join(' '),
    ...said,
    ...proving,
  }
}
