import { randomUUID } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { accountId, clientId, connectionId, lookUpId, personId, proposalId } from '#kernel/id.ts'
import { isMover } from '#domain/account/rules.ts'
import type { AuditEvent } from '#domain/audit/event.ts'
import { behind, withoutPeople } from '#domain/audit/shown.ts'
import type { Recorded } from '#domain/audit/trail.ts'

const [officer, citizen] = [accountId.parse(randomUUID()), accountId.parse(randomUUID())]
const [person, connection, portal] = [personId.parse(randomUUID()), connectionId.parse(randomUUID()), clientId.parse('portal')]
const recordedLookUp = lookUpId.parse(randomUUID())
const officers = new Set<string>([officer])

/** As the table has it. */
function recorded({ type, ...data }: AuditEvent): Recorded {
  return {
    id: randomUUID(), at: new Date(0), type, data: JSON.parse(JSON.stringify(data)),
    ...('client' in data && { client: data.client }), ...('account' in data && { account: data.account }), ...('by' in data && data.by !== 'clock' && !isMover(data.by) && { actor: data.by }),
  }
}
const shown = (event: AuditEvent) => {
  const { id: _id, at: _at, ...rest } = withoutPeople(recorded(event), officers)
  return rest
}

describe('A04: an event outside of a look-up', () => {
  test('leads to nobody: not by account, key, grant or record', () => {
    expect(shown({ type: 'token.issued', client: portal, account: citizen, grant: 'g1', kinds: ['access'], through: 'code' })).toEqual({ type: 'token.issued', client: portal, actor: undefined, leads: true, data: { client: portal, kinds: ['access'], through: 'code' } })
    expect(shown({ type: 'grant.revoked', grant: 'g1', reason: 'logout' })).toMatchObject({ leads: false, data: { reason: 'logout' } })
    expect(shown({ type: 'registry.shown', person, revealed: true }).data).toEqual({ revealed: true })
    expect(shown({ type: 'audit.looked-up', lookup: recordedLookUp, by: officer, role: 'auditor', account: citizen, case: 'HS-1', ground: 'court' })).toMatchObject({ actor: officer, data: { by: officer, case: 'HS-1' } })
    expect(JSON.stringify(shown({ type: 'audit.looked-up', lookup: recordedLookUp, by: officer, role: 'auditor', account: citizen, case: 'HS-1', ground: 'court' }))).not.toContain(citizen)
  })

  test('names an officer in office, and not where they are a citizen like others', () => {
    expect(shown({ type: 'role.ended', role: 'support', account: officer, by: officer, reason: 'x' }).data).toMatchObject({ account: officer, by: officer })
    const granted = (subject: string) => ({ type: 'proposal.made', proposal: proposalId.parse(randomUUID()), act: 'role.grant', subject, by: officer }) as const
    expect([shown(granted(officer)).data['subject'], shown(granted(citizen)).data['subject']]).toEqual([officer, undefined])
    expect(shown({ ...granted('portal'), act: 'client.end' }).data['subject']).toBe('portal')
    for (const by of [officer, citizen]) expect(shown({ type: 'connection.submitted', connection, tried: portal, by })).toMatchObject({ actor: undefined, leads: true, data: { connection, tried: portal } })
    expect(JSON.stringify(shown({ type: 'connection.returned', connection, owner: citizen, by: officer }))).not.toContain(citizen)
    expect(shown({ type: 'login.refused', client: portal, account: officer, reason: 'account.locked' }).data).toEqual({ client: portal, reason: 'account.locked' })
  })

  test('shows nothing that an older release wrote and this one does not know', () => {
    expect(withoutPeople({ id: 'x', at: new Date(0), type: 'long.gone', data: { citizen, constructor: citizen, kind: 'x' } }, officers).data).toEqual({ kind: 'x' })
  })
})

test('a look-up that begins with an event is of whom it leads to', () => {
  const of = (event: AuditEvent) => behind(recorded(event), officers)
  expect(of({ type: 'account.shown', account: citizen, by: 'operator' })).toEqual({ account: citizen })
  expect(of({ type: 'connection.returned', connection, owner: citizen, by: officer })).toEqual({ account: citizen })
  expect(of({ type: 'self-test.begun', client: portal, by: citizen })).toEqual({ account: citizen })
  expect(of({ type: 'registry.shown', person, revealed: false })).toEqual({ person })
  expect(of({ type: 'officer.refused', by: citizen, permission: 'console.open', reason: 'not-allowed' })).toEqual({ account: citizen })
  expect(of({ type: 'officer.refused', by: officer, permission: 'console.open', reason: 'not-allowed' })).toEqual({})
  expect(of({ type: 'client.imported', client: portal })).toEqual({})
  expect(of({ type: 'client.suspended', client: portal, by: officer, reason: 'x' })).toEqual({})
})
