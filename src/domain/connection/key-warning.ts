import type { Client } from '#domain/client/client.ts'
import { algorithmOf, judgeFetches, unwatchedClient, type KeyToKnow } from '#domain/signing-key/fetched.ts'
import { hours, type KeyRules } from '#domain/signing-key/rules.ts'
import { standingAt } from '#domain/signing-key/standing.ts'
import type { KeyChangeStore } from '#domain/signing-key/store.ts'
import type { KeySetWatch } from '#domain/signing-key/watch.ts'
import { recipientsOf } from './recipient.ts'
import type { Addressed, ReminderTools } from './reminder.ts'

type Tools = ReminderTools & {
  keyChanges: Pick<KeyChangeStore, 'list' | 'saidAt'>
  keySetWatch: Pick<KeySetWatch, 'seenOf' | 'watchedSince'>
  rules: { keys: Pick<KeyRules, 'fetchHours' | 'warnDays'> }
}

/** A key whose first day is decided. */
export type Planned = KeyToKnow & { signsFrom: Date }

/** Late enough for services that look once a day, and early enough to do something. */
export function isTimeToWarn({ publishedAt, signsFrom }: Pick<Planned, 'publishedAt' | 'signsFrom'>, { fetchHours, warnDays }: Pick<KeyRules, 'fetchHours' | 'warnDays'>, now: Date): boolean {
  const from = Math.max(publishedAt.getTime() + hours(fetchHours), signsFrom.getTime() - hours(24 * warnDays))
  return from <= now.getTime() && now < signsFrom
}

/** Who looks after a service whose servers were not seen to fetch a key is written before it signs, once for each key. Answers of how many services. */
export async function warnOfKeys(tools: Tools): Promise<number> {
  const { reminders, clients, clock, rules: { keys: rules } } = tools
  const now = clock.now()
  const due = (await plannedKeys(tools, now)).filter((key) => isTimeToWarn(key, rules, now))
  if (due.length === 0) return 0
  const [connected, all] = await Promise.all([reminders.connected(), clients.list()])
  let warned = 0
  for (const client of all.filter((one) => one.state === undefined && unwatchedClient(one) === undefined)) {
    for (const key of due.filter(({ alg }) => alg === algorithmOf(client))) {
      const letters = await lettersOf(tools, { client, key, to: await recipientsOf(tools, client, connected) })
      if (letters.length > 0 && (await reminders.warn({ client: client.id, kid: key.kid }, letters, now))) warned += 1
    }
  }
  return warned
}

/** By what was decided alone, so that it does not matter which keys this node holds. */
async function plannedKeys({ keyChanges }: Tools, now: Date): Promise<readonly Planned[]> {
  const standing = standingAt([], await keyChanges.list(), now)
  const planned = await Promise.all(standing.map(async ({ kid, alg, state, next }): Promise<readonly Planned[]> => {
    const publishedAt = state === 'staged' && next?.to === 'active' ? await keyChanges.saidAt(kid, 'staged') : undefined
    return publishedAt === undefined || next === undefined ? [] : [{ kid, alg, publishedAt, signs: false, signsFrom: next.at }]
  }))
  return planned.flat()
}

/** None to who has the key, and none where nothing is known. */
async function lettersOf({ keySetWatch }: Tools, { client, key, to }: { client: Client; key: Planned; to: Parameters<typeof addressed>[0] }): Promise<readonly Addressed[]> {
  const [seen, watchedSince] = await Promise.all([keySetWatch.seenOf(client.id), keySetWatch.watchedSince()])
  const fetches = judgeFetches(seen, { publishedAt: key.publishedAt, watchedSince })
  if (fetches.is !== 'not-since' && fetches.is !== 'never') return []
  const last = fetches.is === 'not-since' ? { last: fetches.at.toISOString() } : {}
  return addressed(to, { about: 'key-set', client: client.id, kid: key.kid, published: key.publishedAt.toISOString(), from: key.signsFrom.toISOString(), ...last })
}

function addressed(to: readonly Addressed['to'][], letter: Addressed['letter']): readonly Addressed[] {
  return to.map((one) => ({ to: one, letter }))
}
