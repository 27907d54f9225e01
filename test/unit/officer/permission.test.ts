import { randomUUID } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { accountId, sector } from '#kernel/id.ts'
import { may, permissions, reach, type Permission } from '#domain/officer/permission.ts'
import { inForce, roleFault, roles, rolesOfSector, type Role, type RoleGrant } from '#domain/officer/role.ts'

const now = new Date('2026-11-26T05:00:00Z')
const held = (role: Role, changes: Partial<RoleGrant> = {}): RoleGrant => ({
  id: randomUUID(), account: accountId.parse(randomUUID()), role, since: now, endsOn: '2026-12-31', ...(rolesOfSector.includes(role) && { sector: sector.parse('tax.example') }), ...changes,
})
const names = Object.keys(permissions) as Permission[]
const matrix = names.flatMap((permission) => roles.map((role) => [permission, role, (permissions[permission] as readonly Role[]).includes(role)] as const))

describe('what roles may do', () => {
  test.each(matrix)('A03: %s as %s: %s', (permission, role, allowed) => {
    const on = { sector: sector.parse('tax.example') }
    expect(may([held(role)], permission, on, now)).toBe(allowed)
    expect(may([held(role)], permission, 'list', now)).toBe(allowed)
    // What belongs to the system, or to another sector, is not for a role of one sector.
    for (const elsewhere of [{}, { sector: sector.parse('bank.example') }]) {
      expect(may([held(role)], permission, elsewhere, now)).toBe(allowed && !rolesOfSector.includes(role))
    }
  })

  test('A03: nothing without a role, with one that is over, or one that was ended', () => {
    for (const permission of names) {
      const all = roles.map((role) => held(role, { endsOn: '2026-11-25' }))
      const ended = roles.map((role) => held(role, { endedAt: now }))
      expect([may([], permission, 'list', now), may(all, permission, 'list', now), may(ended, permission, 'list', now)]).toEqual([false, false, false])
    }
  })

  test('a role counts to the end of its last day in Viet Nam', () => {
    const grant = held('auditor', { endsOn: '2026-11-26' })
    expect(inForce(grant, new Date('2026-11-26T16:59:59Z'))).toBe(true)
    expect(inForce(grant, new Date('2026-11-26T17:00:00Z'))).toBe(false)
  })

  test('a role of a sector reaches that sector alone, two of them both, one of the system everything', () => {
    const two = [held('client-admin'), held('client-admin', { sector: sector.parse('bank.example') })]
    expect(reach(two, 'client.read', now)).toEqual(['tax.example', 'bank.example'])
    expect(reach([...two, held('auditor')], 'client.read', now)).toBe('all')
  })

  test.each([
    [{ role: 'auditor', ends_on: '2027-11-27' }, undefined],
    [{ role: 'auditor', ends_on: '2027-11-28' }, 'ends-too-late'],
    [{ role: 'auditor', ends_on: '2026-11-25' }, 'ends-in-the-past'],
    [{ role: 'auditor', ends_on: '2026-11-26' }, undefined],
    [{ role: 'auditor', ends_on: '2026-12-31', sector: sector.parse('tax.example') }, 'sector-not-for-role'],
    [{ role: 'client-admin', ends_on: '2026-12-31' }, 'sector-missing'],
    [{ role: 'client-admin', ends_on: '2026-12-31', sector: sector.parse('tax.example') }, undefined],
  ] as const)('a wish for %j has the fault %s', (wanted, fault) => {
    expect(roleFault(wanted, now)).toBe(fault)
  })
})
