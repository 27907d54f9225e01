import { setTimeout as pause } from 'node:timers/promises'
import { sql } from 'kysely'
import { clientId } from '#kernel/id.ts'
import { bringClients } from '#app/start/people.ts'
import type { House } from '#app/house.ts'
import { personalNumber } from '#domain/registry/person.ts'
import { signIn } from '#test/support/journey.ts'
import type { SignedIn } from '#test/support/relying-party.ts'
import { testClient } from '#test/support/test-clients.ts'
import type { Promised, Services } from './citizens.ts'
import type { Ledger } from './ledger.ts'

/** Registers services and writes to the log of record, and remembers what was acknowledged. */
export async function operate(house: House, acknowledged: string[], isOver: () => boolean): Promise<void> {
  for (let count = 1; !isOver(); count += 1) {
    const name = `service-${count}`
    const done = bringClients(house, [testClient({ name }).metadata]).then(() => house.audit.append({ type: 'login.refused', client: clientId.parse(name), reason: 'account.locked' }))
    await done.then(() => acknowledged.push(name), () => undefined)
    await pause(300)
  }
}

type Tools = { house: House; ledger: Ledger; at: Services }

/** When all is over: what was promised is there, past every proxy and cache. */
export async function lookAtAll({ house, ledger, at }: Tools, { everybody, registered }: { everybody: readonly Promised[]; registered: readonly string[] }): Promise<void> {
  const { database } = house
  const howMany = async (statement: ReturnType<typeof sql<{ count: number }>>) => Number((await database.first(statement))?.count)
  for (const name of registered) {
    ledger.look('kept', (await house.clients.find(clientId.parse(name))) !== undefined, `the client ${name} is gone`)
    ledger.look('kept', (await howMany(sql`select count(*) as count from audit_event where client_id = ${name}`)) > 0, `the event of ${name} is gone`)
  }
  for (const one of everybody) {
    const person = await house.registry.findByNumber(personalNumber.parse(one.citizen.number))
    const account = person && (await house.accounts.findByPerson(person.id))
    ledger.look('kept', account !== undefined, 'an account is gone')
    if (account === undefined) continue
    const ids = one.citizen.authenticator.credentials.map(({ id }) => id)
    ledger.look('kept', (await howMany(sql`select count(*) as count from passkey where account_id = ${account.id} and id = any(${ids}) and removed_at is null`)) > 0, 'a passkey is gone')
    for (const [kind, tokens] of one.tokens) {
      const [client, through] = kind.split(' ')
      const issued = await howMany(sql`select count(*) as count from audit_event where account_id = ${account.id} and type = 'token.issued' and client_id = ${client} and data->>'through' = ${through}`)
      for (let count = 1; count <= tokens; count += 1) ledger.look('recorded', count <= issued, `of ${tokens} tokens (${kind}) ${issued} are on record`)
    }
    if (one.consented) ledger.look('kept', (await howMany(sql`select count(*) as count from consent where account_id = ${account.id} and client_id = 'app'`)) > 0, 'a consent is gone')
    const known = one.subjects.get('portal')
    await signInInTime(at.portal, one).then(
      ({ claims: { sub } }) => ledger.look('returns', sub === (known ?? sub), 'a sign-in brought another subject'),
      (error: unknown) => ledger.look('returns', false, `a sign-in brought nothing: ${reasonOf(error)}`),
    )
  }
}

/** Fifteen seconds after a store has come back at the latest (R04). */
const backMilliseconds = 15_000

async function signInInTime(...who: Parameters<typeof signIn>): Promise<SignedIn> {
  const until = performance.now() + backMilliseconds
  for (;;) {
    try {
      return await signIn(who[0], who[1], { prompt: 'login' })
    } catch (error) {
      if (performance.now() > until) throw error
      await pause(500)
    }
  }
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? `${error.message}${error.cause === undefined ? '' : `, for ${reasonOf(error.cause)}`}` : JSON.stringify(error).slice(0, 300)
}
