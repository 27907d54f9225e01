import { z } from 'zod'
import { canonical, type Json } from '#kernel/canonical.ts'
import type { Client } from '#domain/client/client.ts'
import { changedMembers, shown, shownClient } from './shown-client.ts'

/** Who changed something, as everybody may know: in which role, and by which proposal. Never which person. */
export const actor = z.strictObject({ role: z.string().regex(/^[a-z-]{1,40}$/), proposal: z.uuid().optional() })
export type Actor = z.infer<typeof actor>

/** An actor as the public log has it, of whatever else is known of who it was. */
export function publicActor(by: { role: string; proposal?: string; key?: string }): Actor {
  return { role: by.role, ...(by.proposal !== undefined && { proposal: by.proposal }) }
}

export const operator: Actor = { role: 'operator' }
/** The server did it by itself, as when it shows the keys it was started with. */
export const server: Actor = { role: 'server' }

const shownKey = z.strictObject({
  /** RFC 7638. */
  thumbprint: z.string().regex(/^[A-Za-z0-9_-]{43}$/),
  kid: z.string(),
  /** `tokens`: published in the JWKS, signs what services get. `log`: signs the heads of this log. */
  use: z.enum(['tokens', 'log']),
  jwk: z.record(z.string(), z.string()),
})
export type ShownKey = z.infer<typeof shownKey>

const base = { version: z.literal(1), at: z.iso.datetime(), by: actor, subject: z.string().min(1).max(200) }
const of = <Kind extends string>(kind: Kind) => ({ ...base, kind: z.literal(kind) })

/** One change. `subject` is a client's id or a key's thumbprint. Forever public: think twice before adding a member. */
export const entry = z.discriminatedUnion('kind', [
  z.strictObject({ ...of('client.registered'), client: shownClient }),
  /** `changed` names the members that differ, also those whose values are not shown. */
  z.strictObject({ ...of('client.changed'), client: shownClient, changed: z.array(z.string()) }),
  z.strictObject(of('client.suspended')),
  z.strictObject(of('client.resumed')),
  z.strictObject(of('client.ended')),
  z.strictObject({ ...of('key.staged'), key: shownKey }),
  /** Two people decided it; from when it counts, unless they decide otherwise before. */
  z.strictObject({ ...of('key.planned'), key: shownKey, to: z.enum(['activated', 'retired', 'revoked']), from: z.iso.datetime() }),
  z.strictObject({ ...of('key.activated'), key: shownKey }),
  z.strictObject({ ...of('key.retired'), key: shownKey }),
  /** Published no longer, so that what it has signed stops verifying. */
  z.strictObject({ ...of('key.revoked'), key: shownKey }),
  z.strictObject({ ...of('key.destroyed'), key: shownKey }),
])
export type Entry = z.infer<typeof entry>
export type EntryKind = Entry['kind']

/** The bytes of an entry: what is kept, hashed, shown and hashed again by others. */
export function entryText(change: Entry): string {
  const plain: unknown = JSON.parse(JSON.stringify(entry.parse(change)))
  return canonical(json.parse(plain))
}

const json: z.ZodType<Json> = z.json()

export function readEntry(text: string): Entry {
  return entry.parse(JSON.parse(text))
}

type Change = { before: Client | undefined; after: Client; by: Actor; at: Date }

/** What is to be said of a client that is about to be written. */
export function clientChange({ before, after, by, at }: Change): Entry {
  const said = { version: 1, at: at.toISOString(), by, subject: after.id, client: shown(after) } as const
  return before === undefined
    ? { ...said, kind: 'client.registered' }
    : { ...said, kind: 'client.changed', changed: [...changedMembers(before, after)] }
}

/** A secret of a client that is not shown has changed, and nothing else. */
export function secretChange({ client, by, at }: { client: Client; by: Actor; at: Date }): Entry {
  return { version: 1, at: at.toISOString(), by, subject: client.id, kind: 'client.changed', client: shown(client), changed: ['client_secret'] }
}

type Move = { client: Client['id']; to: 'suspended' | 'resumed' | 'ended'; by: Actor; at: Date }

export function clientMove({ client, to, by, at }: Move): Entry {
  return { version: 1, at: at.toISOString(), by, subject: client, kind: `client.${to}` }
}
