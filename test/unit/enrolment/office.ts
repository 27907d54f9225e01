import { createHash } from 'node:crypto'
import rulesFile from '#config/enrolment.json' with { type: 'json' }
import { clientId, interactionId, type AccountId, type InteractionId, type PersonId } from '#kernel/id.ts'
import type { LimitRules } from '#domain/abuse/limits.ts'
import type { Account } from '#domain/account/account.ts'
import type { AccountStore, Contact } from '#domain/account/store.ts'
import type { AuditEvent } from '#domain/audit/event.ts'
import { enrolmentSchema } from '#domain/enrolment/eligibility.ts'
import type { RelyingParty } from '#domain/passkey/passkey.ts'
import type { PassportRef } from '#domain/registry/passport.ts'
import type { Person } from '#domain/registry/person.ts'
import { embeddedVolatile } from '#storage/embedded/volatile.ts'
import { makeLimits } from '#storage/limits.ts'
import { challenges, contactCodes, registrations } from '#storage/short-lived.ts'
import { someLimits } from '#test/support/made-up.ts'

export const rules = enrolmentSchema.parse(rulesFile)
export const rp: RelyingParty = { id: 'localhost', origin: 'http://localhost:3000', name: 'Định danh điện tử' }
export const client = clientId.parse('thue')
export const registrationSeconds = 3600
export const generous = someLimits()

export const visit = (name: string): InteractionId => interactionId.parse(`interaction-${name.padStart(8, '-')}`)

/**
 * Everything a registration needs: the stores of this house over its own volatile store, people and accounts in a list, and
 * a clock that stands still until it is set on. Mails, events and background work are written down.
 */
export function makeOffice({ people, limits = generous }: { people: readonly Person[]; limits?: LimitRules }) {
  const time = { now: Date.parse('2026-11-22T03:00:00Z') }
  const clock = { now: () => new Date(time.now) }
  const volatile = embeddedVolatile({ clock })
  const seen = { codes: new Map<string, string[]>(), warned: new Array<string>(), events: new Array<AuditEvent>(),
    later: new Array<Promise<void>>() }
  const held = new Map<PersonId, { account: Account; contact: Contact | undefined }>()
  const accounts: Pick<AccountStore, 'findByPerson' | 'contacts' | 'open'> = {
    findByPerson: async (person) => held.get(person)?.account,
    contacts: async (id: AccountId) => [...held.values()].flatMap(({ account,
      contact }) => (account.id === id && contact ? [contact] : [])),
    open: async ({ account, contact, event }) => {
      if (held.has(account.person)) return false
      held.set(account.person, { account, contact })
      if (event) seen.events.push(event)
      return true
    },
  }
  return {
    rules, rp, clock, time, seen, held, accounts,
    registrations: registrations(volatile, registrationSeconds),
    codes: contactCodes(volatile, rules.contactCode.lifeMinutes * 60),
    challenges: challenges(volatile),
    limits: makeLimits({ rules: limits, hash: (key) => createHash('sha256').update(key).digest('hex') }),
    registry: {
      findByNumber: async (number: string) => people.find((person) => person.number === number),
      findByPassport: async ({ country, number }: PassportRef) => people.find(({ passport }) => passport?.country === country && passport.number === number),
    },
    audit: { append: async (...events: readonly AuditEvent[]) => void seen.events.push(...events) },
    notices: {
      contactCode: async (to: string, { code }: { code: string }) => void seen.codes.set(to,
        [...(seen.codes.get(to) ?? []), code]),
      registrationTried: async (to: string) => void seen.warned.push(to),
    },
    later: (task: () => Promise<void>) => void seen.later.push(task()),
  }
}

export type Office = ReturnType<typeof makeOffice>
