import type { IncomingMessage } from 'node:http'
import { Provider, type AdapterPayload } from 'oidc-provider'
import { read, type ProviderStore } from './store.ts'

type Tools = { volatile: ProviderStore; kept: ProviderStore }

const key = (id: string) => `Grant:${id}`
const revoked = (id: string) => `revoked-grant:${id}`
/** Seconds; longer than any request that read the grant before it was revoked, and could write it again. */
const revokedSeconds = 60

/**
 * Grants, read once in a request however often the library and the tokens that hang on them ask. One that may be used while the
 * person is away (`offline_access`) is kept where nothing is lost, every other one lives with the session.
 */
export function keptGrants({ volatile, kept }: Tools) {
  async function look(id: string): Promise<AdapterPayload | undefined> {
    const text = (await volatile.get(key(id))) ?? (await kept.get(key(id)))
    return text === undefined ? undefined : read(text)
  }

  async function write(id: string, payload: AdapterPayload, seconds: number): Promise<void> {
    const text = JSON.stringify(payload)
    if (!isOffline(payload)) return volatile.put(key(id), text, seconds)
    await kept.put(key(id), text, seconds)
    // It may have begun as a grant of the session, and that one is looked at first.
    await volatile.drop(key(id))
  }

  async function erase(id: string): Promise<void> {
    await Promise.all([volatile.drop(key(id)), kept.drop(key(id))])
  }

  async function revoke(id: string): Promise<void> {
    await volatile.put(revoked(id), '1', revokedSeconds)
    await erase(id)
  }

  return {
    find(id: string): Promise<AdapterPayload | undefined> {
      const request = Provider.ctx?.req
      if (request === undefined) return look(id)
      const seen = looked.get(request) ?? new Map<string, Promise<AdapterPayload | undefined>>()
      looked.set(request, seen)
      const found = seen.get(id) ?? look(id)
      seen.set(id, found)
      return found
    },

    async put(id: string, payload: AdapterPayload, seconds: number): Promise<void> {
      forget()
      await write(id, payload, seconds)
      // Written first and asked afterwards: whichever came first, a revoked grant does not come back.
      if ((await volatile.get(revoked(id))) !== undefined) await erase(id)
    },

    /** Once in a request: at a sign-out the library drops each grant for every kind of token that could hang on it. */
    drop(id: string): Promise<void> {
      forget()
      const request = Provider.ctx?.req
      if (request === undefined) return revoke(id)
      const revoking = dropped.get(request) ?? new Map<string, Promise<void>>()
      dropped.set(request, revoking)
      const done = revoking.get(id) ?? revoke(id)
      revoking.set(id, done)
      return done
    },
  }
}

function isOffline({ openid }: AdapterPayload): boolean {
  const scope: unknown = Reflect.get(Object(openid), 'scope')
  return typeof scope === 'string' && scope.split(' ').includes('offline_access')
}

function forget(): void {
  const request = Provider.ctx?.req
  if (request !== undefined) looked.delete(request)
}

const looked = new WeakMap<IncomingMessage, Map<string, Promise<AdapterPayload | undefined>>>()
const dropped = new WeakMap<IncomingMessage, Map<string, Promise<void>>>()
