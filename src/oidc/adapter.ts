import { errors, type Adapter, type AdapterFactory, type AdapterPayload } from 'oidc-provider'
import type { AuditLog } from '#domain/audit/event.ts'
import { guarded } from './errors.ts'
import type { ProviderStore } from './store.ts'

/**
 * Where oidc-provider keeps things. It checks one-time values and then acts, so here every use is one atomic act: `consume`
 * lets a single caller through and revokes the grant of all others (RFC 9700 §4.5, security.md §0.1); a replay mark is made
 * by the look that asks for it. Every act touches one key, and revoking a grant is one mark that every later look honours,
 * also for tokens that were being stored when it was made.
 */
type Tools = { volatile: ProviderStore; audit: AuditLog; clientMetadata: (id: string) => Promise<AdapterPayload | undefined> }

/** Longer than anything bound to a grant lives. */
const revocationSeconds = 172_800
/** Used until the exact life of an assertion is known, a moment later. */
const replaySeconds = 3600

export function makeAdapter(tools: Tools): AdapterFactory {
  return (model) => guarded(adapterOf(model, tools))
}

function adapterOf(model: string, tools: Tools): Adapter {
  if (model === 'Client') return { ...absent, find: tools.clientMetadata }
  if (model === 'ReplayDetection') return { ...absent, ...replayDetection(tools) }
  return { ...absent, ...stored(model, tools) }
}

/** What a model does not do here. To be called anyway is a bug, and bugs are loud. */
const refuse = (act: string) => async () => {
  throw new Error(`the store has no ${act} for this model`)
}
const absent: Adapter = {
  find: refuse('find'), upsert: refuse('upsert'), destroy: refuse('destroy'), consume: refuse('consume'),
  findByUid: refuse('findByUid'), findByUserCode: refuse('findByUserCode'), revokeByGrantId: refuse('revokeByGrantId'),
}

/** Consumed once; what a second use of the value is answered with. */
const singleUse: Readonly<Record<string, () => Error>> = {
  AuthorizationCode: () => new errors.InvalidGrant('authorization code already consumed'),
  PushedAuthorizationRequest: () => new errors.InvalidRequestUri('request_uri is invalid, expired, or was already used'),
}

function stored(model: string, { volatile, audit }: Tools): Partial<Adapter> {
  const key = (id: string) => `${model}:${id}`
  const used = (id: string) => `used:${model}:${id}`
  const revoked = (grant: string) => `revoked-grant:${grant}`

  async function find(id: string): Promise<AdapterPayload | undefined> {
    const [text, consumed] = await Promise.all([volatile.get(key(id)), model in singleUse ? volatile.get(used(id)) : undefined])
    if (text === undefined) return undefined
    const payload = read(text)
    const grant = model === 'Grant' ? id : payload.grantId
    if (grant !== undefined && (await volatile.get(revoked(grant))) !== undefined) return undefined
    return consumed === undefined ? payload : { ...payload, consumed: Number(consumed) }
  }

  async function revokeByGrantId(grant: string): Promise<void> {
    await volatile.put(revoked(grant), '1', revocationSeconds)
  }

  return {
    find,
    revokeByGrantId,
    async upsert(id, payload, expiresIn = revocationSeconds) {
      const writes = [volatile.put(key(id), JSON.stringify(payload), expiresIn)]
      if (model === 'Session' && payload.uid !== undefined) writes.push(volatile.put(`session-uid:${payload.uid}`, id, expiresIn))
      await Promise.all(writes)
    },
    async destroy(id) {
      if (model === 'Grant') await revokeByGrantId(id)
      await volatile.drop(key(id))
    },
    async findByUid(uid) {
      const id = await volatile.get(`session-uid:${uid}`)
      const session = id === undefined ? undefined : await find(id)
      // The index may be older than a sign-out on another device of the same name; the session has the last word.
      return session?.uid === uid ? session : undefined
    },
    async consume(id) {
      if (await volatile.claim(used(id), String(Math.floor(Date.now() / 1000)), revocationSeconds)) return
      const text = await volatile.get(key(id))
      const grant = text === undefined ? undefined : read(text).grantId
      if (grant !== undefined) {
        await revokeByGrantId(grant)
        await audit.append({ type: 'grant.revoked', grant, reason: 'code-replayed' })
      }
      throw singleUse[model]?.() ?? new errors.InvalidGrant('already consumed')
    },
  }
}

function read(text: string): AdapterPayload {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- written by `upsert`, and sealed where others could reach it
  return JSON.parse(text) as AdapterPayload
}

/**
 * oidc-provider asks `find` whether an assertion was seen and then saves it. Asking is where the mark is made here, so two
 * racing requests with one assertion cannot both hear "no"; `upsert` only sets how long it is kept.
 */
function replayDetection({ volatile }: Tools): Partial<Adapter> {
  const key = (id: string) => `replay:${id}`
  return {
    async find(id) {
      const first = await volatile.claim(key(id), '1', replaySeconds)
      return first ? undefined : { kind: 'ReplayDetection', jti: id }
    },
    upsert: (id, _payload, expiresIn = replaySeconds) => volatile.put(key(id), '1', Math.max(1, expiresIn)),
  }
}
