import { Provider, type Adapter, type AdapterFactory, type AdapterPayload } from 'oidc-provider'
import { epochSeconds, type Clock } from '#kernel/clock.ts'
import type { Limits } from '#domain/abuse/limits.ts'
import type { AuditLog } from '#domain/audit/event.ts'
import { assertionSeconds } from '#oidc/client/assertion.ts'
import { guarded } from '#oidc/errors.ts'
import type { Recorder } from '#oidc/recorder.ts'
import { byUid, ended, endedSeconds, withoutEnded } from './ended.ts'
import { keptGrants } from './grants.ts'
import { oldestProof } from './made-at.ts'
import { byUserCode, paced } from './polled.ts'
import { codeMark, endsOfReplayed, noteCode } from './replays.ts'
import { singleUse } from './single-use.ts'
import { read, type ProviderStore } from './store.ts'

/**
 * Where oidc-provider keeps things. It checks one-time values and then acts, so here every use is one atomic act: `consume`
 * lets a single caller through and revokes the grant of all others (RFC 9700 §4.5, docs/decisions/0002); a replay mark is made
 * by the look that asks for it. Every act touches one key, and revoking is forgetting the grant: every later look at a token
 * asks for it, also at one that was being stored meanwhile.
 */
type Tools = {
  volatile: ProviderStore
  /** For what outlives every session and must not be lost: refresh tokens and the grants they hang on. */
  kept: ProviderStore
  audit: AuditLog
  limits: Limits
  recorder: Pick<Recorder, 'letIn' | 'leaves'>
  clock: Clock
  clientMetadata: (id: string) => Promise<AdapterPayload | undefined>
  ttl: { refreshToken: number }
}

/** Longer than anything here lives. */
const longest = endedSeconds
/** As long as an assertion can be good, twice over. */
const replaySeconds = assertionSeconds * 2
const pushedRequest = 'PushedAuthorizationRequest'

export function makeAdapter(tools: Tools): AdapterFactory {
  return (model) => guarded(adapterOf(model, tools))
}

function adapterOf(model: string, tools: Tools): Adapter {
  if (model === 'Client') return { ...absent, find: tools.clientMetadata }
  if (model === 'BackchannelAuthenticationRequest') return { ...absent, ...paced(model, tools, stored(model, tools)) }
  if (model === 'DeviceCode') return { ...absent, ...byUserCode(tools, paced(model, tools, stored(model, tools))) }
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

/** Of which a look says that they were used: others find out when they are used again. */
const tellsUse: ReadonlySet<string> = new Set([pushedRequest, 'RefreshToken'])

/** Kept like oidc-provider keeps them: one entry each, and a session also under its `uid`, which outlives its identifier. */
function stored(model: string, tools: Tools): Omit<Adapter, 'findByUserCode'> {
  const { volatile, audit, clock } = tools
  const isKept = model === 'RefreshToken'
  const isCode = model === 'AuthorizationCode'
  const store = isKept ? tools.kept : volatile
  const key = (id: string) => `${model}:${id}`
  /** A mark of use outlives what it marks. */
  const use = singleUse(model, { store, seconds: isKept ? longest + tools.ttl.refreshToken : longest })
  const grants = keptGrants(tools)
  const replayed = endsOfReplayed({ grants, audit }, isKept ? 'refresh-token-replayed' : 'code-replayed')

  async function look(at: string): Promise<AdapterPayload | undefined> {
    const text = await store.get(at)
    return text === undefined ? undefined : read(text)
  }

  /**
   * The session that ends with this identifier. The library also destroys identifiers that a session no longer has, whenever
   * it gives it a new one; only the one it has now is the end of it, and then requests on their way must not write it again.
   */
  async function endingWith(id: string): Promise<string | undefined> {
    const current = Provider.ctx?.oidc.session
    if (current !== undefined) return current.jti === id ? current.uid : undefined
    const uid = (await look(key(id)))?.uid
    const latest = uid === undefined ? undefined : await look(byUid(uid))
    return latest?.jti === id ? uid : undefined
  }

  async function find(id: string): Promise<AdapterPayload | undefined> {
    if (model === 'Grant') return grants.find(id)
    const [text, consumed] = await Promise.all([store.get(key(id)), tellsUse.has(model) ? store.get(use.name(id)) : undefined])
    if (text === undefined) return isCode ? replayed.late(await store.get(use.name(id))) : undefined
    const payload = use.untied(read(text))
    if (model === 'Interaction') return withoutEnded(store, payload)
    if (isCode) noteCode(payload)
    // What hangs on a grant lives no longer than the grant does, whenever it was stored.
    if (payload.grantId !== undefined && (await grants.find(payload.grantId)) === undefined) return undefined
    return consumed === undefined ? payload : { ...payload, consumed: Number(consumed) }
  }

  return {
    find,
    revokeByGrantId: (grant) => grants.drop(grant),
    async upsert(id, payload, expiresIn = longest) {
      if (model === 'Grant') return grants.put(id, payload, expiresIn)
      const { uid } = payload
      const text = JSON.stringify(await use.tied(id, payload))
      if (model !== 'Session' || uid === undefined) return store.put(key(id), text, expiresIn)
      await Promise.all([volatile.put(key(id), text, expiresIn), volatile.put(byUid(uid), text, expiresIn)])
      // Written first and asked afterwards: whichever came first, an ended session does not come back.
      if ((await volatile.get(ended(uid))) !== undefined) await Promise.all([volatile.drop(key(id)), volatile.drop(byUid(uid))])
    },
    async destroy(id) {
      if (model === 'Grant') return grants.drop(id)
      if (model === 'Session' && Provider.ctx !== undefined) await tools.recorder.leaves(Provider.ctx)
      const uid = model === 'Session' ? await endingWith(id) : undefined
      if (uid !== undefined) await volatile.put(ended(uid), 'here', endedSeconds)
      await Promise.all([store.drop(key(id)), uid === undefined ? undefined : volatile.drop(byUid(uid))])
    },
    findByUid: (uid) => look(byUid(uid)),
    async consume(id) {
      const mark = isCode ? codeMark() : String(epochSeconds(clock.now()))
      const payload = await look(key(id))
      const outcome = await use.mark(id, payload, mark)
      if (outcome === 'first') return
      if (outcome === 'again' && payload?.grantId !== undefined) await replayed.end(payload.grantId)
      throw use.refusal
    },
  }
}

/**
 * oidc-provider asks `find` whether an assertion was seen and then saves it. Asking is where the mark is made here, so two
 * racing requests with one assertion cannot both hear "no", and one of which a mark may have been lost hears "yes"; there is nothing left to save, for the mark outlives the assertion.
 */
function replayDetection({ volatile }: Tools): Partial<Adapter> {
  return {
    async find(id) {
      const first = await volatile.claim(`replay:${id}`, '1', replaySeconds, { madeAt: oldestProof() })
      return first ? undefined : { kind: 'ReplayDetection', jti: id }
    },
    upsert: async () => undefined,
  }
}
