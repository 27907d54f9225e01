import { createSecretKey, randomUUID } from 'node:crypto'
import { IncomingMessage, ServerResponse } from 'node:http'
import { Socket } from 'node:net'
import { describe, expect, test } from 'vitest'
import { accountId, passkeyId } from '#kernel/id.ts'
import type { AuditEvent } from '#domain/audit/event.ts'
import type { RoleGrant } from '#domain/officer/role.ts'
import { admitOfficer } from '#web/admin/admit.ts'
import { renderHtml } from '#web/html.ts'
import type { Visit } from '#web/request/visit.ts'
import { anAccount } from '#test/support/made-up.ts'

const now = new Date('2026-11-26T05:00:00Z')
const account = accountId.parse(randomUUID())
const auditor: RoleGrant = { id: randomUUID(), account, role: 'auditor', since: now, endsOn: '2026-12-31' }
const approve = { who: 'role.read', signs: false } as const

function at({ age = 0, hardwareBound = false, attestedStaff = false, level = 2, heldUntil, roles = [auditor] }: { age?: number; hardwareBound?: boolean; attestedStaff?: boolean; level?: 1 | 2; heldUntil?: Date; roles?: readonly RoleGrant[] }) {
  const recorded: AuditEvent[] = []
  const req = new IncomingMessage(new Socket())
  const evidence = { means: 'passkey', passkey: passkeyId.parse('AAAA'), userVerified: true, backupEligible: false, hardwareBound, at: now.getTime() / 1000 - age } as const
  const visit: Visit = {
    exchange: { req, res: new ServerResponse(req) }, address: '192.0.2.1', reference: 'x', path: '/quan-tri/vai-tro', bound: 'session:x', at: now,
    citizen: { session: 'x', account, evidence },
  }
  const tools = {
    issuer: 'https://id.example', attestedStaff, clock: { now: () => now }, csrfKey: createSecretKey(Buffer.alloc(32)),
    offices: { of: async () => roles }, accounts: { find: async () => ({ account: anAccount({ id: account, level, heldUntil }), life: 'alive' as const }) }, audit: { append: async (...events: readonly AuditEvent[]) => void recorded.push(...events) },
  }
  const admit = (method: 'GET' | 'POST', { signs = false, typed = {} }: { signs?: boolean; typed?: Record<string, unknown> } = {}) =>
    admitOfficer(tools, { ...approve, signs, route: `${method} /quan-tri/vai-tro` }, { visit, typed })
  return { admit, recorded, visit }
}

describe('who comes into the console', () => {
  test('A03: whoever has the permission, with the roles they have now', async () => {
    const { admit, visit, recorded } = at({})
    expect([await admit('GET'), await admit('POST')]).toEqual([undefined, undefined])
    expect([visit.officer, recorded]).toEqual([{ account, roles: [auditor] }, []])
  })

  test('A03: nobody else, and the try is on record', async () => {
    const { admit, recorded } = at({ roles: [{ ...auditor, role: 'analyst' }] })
    await expect(admit('GET')).rejects.toMatchObject({ code: 'officer.not-allowed' })
    expect(recorded).toEqual([{ type: 'officer.refused', by: account, permission: 'role.read', reason: 'not-allowed' }])
  })

  test('a change asks for a sign-in of the last five minutes, and keeps all that was typed', async () => {
    expect(await at({ age: 300 }).admit('POST')).toBeUndefined()
    const led = await at({ age: 301 }).admit('POST', { typed: { csrf: 'x', reason: 'vì <cần> "gấp"', optional: ['a', 'b'] } })
    if (led === undefined || !('page' in led)) throw new Error('no page')
    const text = renderHtml(led.page)
    expect(led.status).toBe(403)
    for (const kept of ['name="reason" value="vì &lt;cần&gt; &quot;gấp&quot;"', 'name="optional" value="a"', 'name="optional" value="b"']) expect(text).toContain(kept)
    expect(text.match(/name="csrf"/g)).toHaveLength(2)
    expect(text).toContain('max_age=300')
  })

  test('reading does not, and what is signed by itself does not', async () => {
    expect(await at({ age: 9000 }).admit('GET')).toBeUndefined()
    expect(await at({ age: 9000 }).admit('POST', { signs: true })).toBeUndefined()
  })

  test('A01: where officers have keys in attested hardware, another passkey leads to the door', async () => {
    const led = await at({ attestedStaff: true }).admit('GET')
    expect(led).toEqual({ redirect: expect.stringContaining('acr_values=phrh') })
    expect(await at({ attestedStaff: true, hardwareBound: true }).admit('GET')).toBeUndefined()
  })

  test('A03: and whose account is not at level 2 comes in with no key, which is on record; in a trial nobody asks', async () => {
    for (const lesser of [{ level: 1 }, { heldUntil: new Date(now.getTime() + 1) }] as const) {
      const { admit, recorded } = at({ attestedStaff: true, hardwareBound: true, ...lesser })
      await expect(admit('GET')).rejects.toMatchObject({ code: 'officer.level' })
      expect(recorded).toEqual([{ type: 'officer.refused', by: account, permission: 'role.read', reason: 'level-1' }])
    }
    expect(await at({ level: 1 }).admit('GET')).toBeUndefined()
  })
})
