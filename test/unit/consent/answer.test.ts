import { describe, expect, test } from 'vitest'
import catalogueFile from '#config/scopes.json' with { type: 'json' }
import { accountId, clientId } from '#kernel/id.ts'
import { Problem } from '#kernel/problem.ts'
import type { AuditEvent } from '#domain/audit/event.ts'
import { declineConsent, giveConsent } from '#domain/consent/answer.ts'
import { catalogueSchema } from '#domain/consent/catalogue.ts'
import { itemsOf, type Consent } from '#domain/consent/decision.ts'

const now = new Date('2026-11-22T00:00:00Z')
const client = clientId.parse('thue')
const account = accountId.parse('0190a5c0-0000-7000-8000-000000000001')
const wishes = new Map([['name', true], ['gender', false], ['email', false], ['email_verified', false]].map(([claim, essential]) =>
  [String(claim), { essential: essential === true }]))
const items = itemsOf(catalogueSchema.parse(catalogueFile), { profile: 'fapi2', purposes: [], relying_party_class: 'A' }, wishes)
const question = { account, client, items }

/** What was kept and what was written down; the book may be shut. */
function makeRegister() {
  const kept: Consent[] = []
  const events: AuditEvent[] = []
  const book = { shut: false }
  return {
    kept, events, book,
    clock: { now: () => now },
    consents: {
      record: async ({ consent, event }: { consent: Consent; event: AuditEvent }) => {
        if (book.shut) throw new Problem('service.unavailable')
        kept.push(consent)
        events.push(event)
      },
    },
    audit: {
      append: async (...all: readonly AuditEvent[]) => {
        if (book.shut) throw new Problem('service.unavailable')
        events.push(...all)
      },
    },
  }
}

describe('agreeing', () => {
  test('is kept, and recorded by the claims that go and those that stay', async () => {
    const tools = makeRegister()
    await giveConsent(tools, question, new Set(['email']))
    expect(tools.kept).toMatchObject([{ givenAt: now, granted: { name: expect.any(String), email: expect.any(String) } }])
    expect(tools.events).toEqual([
      { type: 'consent.given', client, account, claims: ['name', 'email', 'email_verified'], declined: ['gender'] },
    ])
  })

  test('to what was never asked changes nothing', async () => {
    const tools = makeRegister()
    await giveConsent(tools, question, new Set(['phone', 'toString', '__proto__']))
    expect(tools.events).toMatchObject([{ claims: ['name'], declined: ['gender', 'email', 'email_verified'] }])
  })

  test('that cannot be recorded is no answer', async () => {
    const tools = makeRegister()
    tools.book.shut = true
    await expect(giveConsent(tools, question, new Set())).rejects.toMatchObject({ code: 'service.unavailable' })
    expect([tools.kept, tools.events]).toEqual([[], []])
  })
})

test('declining is recorded with everything that was asked, and nothing is kept', async () => {
  const tools = makeRegister()
  await declineConsent(tools, question)
  expect(tools.events).toEqual([{ type: 'consent.declined', client, account, claims: ['name', 'gender', 'email', 'email_verified'] }])
  expect(tools.kept).toEqual([])
})
