import type { AdapterPayload } from 'oidc-provider'
import { read, type ProviderStore } from './store.ts'

/** Longer than any session lives. */
export const endedSeconds = 172_800

/** Under which name a session stands that outlives its identifiers. */
export const byUid = (uid: string) => `session-uid:${uid}`
/** The mark of a session that is no more, and where it ended: `here`, in its own browser, or `elsewhere`. */
export const ended = (uid: string) => `ended-session:${uid}`

/**
 * Ends a session from outside its own requests, by the name that outlives its identifiers. The mark comes first, so that a
 * request on its way does not write it again.
 */
export async function endSession(volatile: ProviderStore, uid: string): Promise<void> {
  await volatile.claim(ended(uid), 'elsewhere', endedSeconds)
  const text = await volatile.get(byUid(uid))
  const id = text === undefined ? undefined : read(text).jti
  await Promise.all([volatile.drop(byUid(uid)), id === undefined ? undefined : volatile.drop(`Session:${id}`)])
}

/**
 * A sign-in that began in a session which was ended elsewhere meanwhile (signed out everywhere, account locked) goes on as one
 * of nobody, for the library knows only a page of error for it; of what that session had shown nothing counts any more. Where
 * its own browser ended it somebody else may sit there: that page stays worthless.
 */
export async function withoutEnded(store: Pick<ProviderStore, 'get'>, payload: AdapterPayload): Promise<AdapterPayload> {
  const { session, result: _result, lastSubmission: _shown, ...anew } = payload
  if (session?.uid === undefined || payload.prompt?.name !== 'login') return payload
  return (await store.get(ended(session.uid))) === 'elsewhere' ? anew : payload
}
