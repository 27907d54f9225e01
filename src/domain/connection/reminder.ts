import { dayInVietnam, type Clock } from '#kernel/clock.ts'
import type { ClientId } from '#kernel/id.ts'
import type { AccountStore } from '#domain/account/store.ts'
import { expiriesOf, stepOf, type Expiry } from '#domain/client/expiry.ts'
import type { ClientStore } from '#domain/client/store.ts'
import type { Letter } from '#domain/signal/letter.ts'
import type { HealthStore } from '#domain/statistic/health.ts'
import { recipientsOf, type Connected, type Recipient } from './recipient.ts'

export type Reminded = Pick<Expiry, 'client' | 'what' | 'at'> & { days: number }
export type Addressed = { to: Recipient; letter: Letter }

/** Each queues the letters once for what they are about, whoever races to; `false` where they were. */
export type ReminderStore = {
  connected: () => Promise<readonly Connected[]>
  remind: (of: Reminded, letters: readonly Addressed[], at: Date) => Promise<boolean>
  /** That a service lacks a key. */
  warn: (of: { client: ClientId; kid: string }, letters: readonly Addressed[], at: Date) => Promise<boolean>
}

export type ReminderTools = { reminders: ReminderStore; clients: Pick<ClientStore, 'list'>; accounts: Pick<AccountStore, 'contacts'>; clock: Clock }
type Tools = ReminderTools & { health: Pick<HealthStore, 'certificates'> }

/** Who looks after a service is written before something of it ends, at each step once. Answers of how many ends. */
export async function remindAll({ reminders, clients, accounts, health, clock }: Tools): Promise<number> {
  const now = clock.now()
  const [connected, all, certificates] = await Promise.all([reminders.connected(), clients.list(), health.certificates()])
  const shown = new Map(certificates.map(({ client, detail }) => [client, new Date(detail)]))
  let reminded = 0
  for (const client of all) {
    for (const { what, at } of expiriesOf(client, shown.get(client.id))) {
      const days = stepOf({ at }, now)
      const to = days === undefined ? [] : await recipientsOf({ accounts }, client, connected)
      if (days === undefined || to.length === 0) continue
      const about = { about: 'expiry', client: client.id, what, on: dayInVietnam(at), days } as const
      const letters = to.map((one): Addressed => ({ to: one, letter: { ...about, ...(one.who === 'owner' && { connection: one.connection }) } }))
      if (await reminders.remind({ client: client.id, what, at, days }, letters, now)) reminded += 1
    }
  }
  return reminded
}
