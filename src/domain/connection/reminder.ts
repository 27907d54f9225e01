import { dayInVietnam, type Clock } from '#kernel/clock.ts'
import type { AccountId, ClientId, ConnectionId } from '#kernel/id.ts'
import { expiriesOf, stepOf, type Expiry } from '#domain/client/expiry.ts'
import type { ClientStore } from '#domain/client/store.ts'
import type { Letter } from '#domain/signal/letter.ts'
import type { HealthStore } from '#domain/statistic/health.ts'

/** A service that came by a request, and who asked for it. */
export type Connected = { connection: ConnectionId; owner: AccountId; client: ClientId }

export type Reminded = Pick<Expiry, 'client' | 'what' | 'at'> & { days: number }

export type ReminderStore = {
  connected: () => Promise<readonly Connected[]>
  /** Queues the letter, once for each end and step whoever races to; `false` where it was. */
  remind: (of: Reminded, letter: { to: AccountId; letter: Letter; at: Date }) => Promise<boolean>
}

type Tools = { reminders: ReminderStore; clients: Pick<ClientStore, 'list'>; health: Pick<HealthStore, 'certificates'>; clock: Clock }

/** Who connected a service is written before something of it ends, at each step once. Answers how many letters that were. */
export async function remindAll({ reminders, clients, health, clock }: Tools): Promise<number> {
  const now = clock.now()
  const [connected, all, certificates] = await Promise.all([reminders.connected(), clients.list(), health.certificates()])
  const shown = new Map(certificates.map(({ client, detail }) => [client, new Date(detail)]))
  const letters = connected.flatMap(({ connection, owner, client: id }) => {
    const client = all.find((one) => one.id === id)
    return client === undefined ? [] : expiriesOf(client, shown.get(id)).flatMap((expiry) => {
      const days = stepOf(expiry, now)
      return days === undefined ? [] : [{ connection, owner, expiry, days }]
    })
  })
  let sent = 0
  for (const { connection, owner, expiry: { client, what, at }, days } of letters) {
    const letter = { about: 'expiry', connection, client, what, on: dayInVietnam(at), days } as const
    if (await reminders.remind({ client, what, at, days }, { to: owner, letter, at: now })) sent += 1
  }
  return sent
}
