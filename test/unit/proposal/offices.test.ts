import { randomUUID } from 'node:crypto'
import { isoCBOR } from '@simplewebauthn/server/helpers'
import { describe, expect, test } from 'vitest'
import { accountId, passkeyId, proposalId, type AccountId, type ProposalId } from '#kernel/id.ts'
import type { About, TellingEvent } from '#domain/audit/told-once.ts'
import type { GivenRole, Role } from '#domain/officer/role.ts'
import type { Passkey } from '#domain/passkey/passkey.ts'
import { offices } from '#domain/proposal/offices.ts'
import { challengeOf, digestOf, type Decision, type Proposal } from '#domain/proposal/proposal.ts'
import type { KeptApproval } from '#domain/proposal/store.ts'
import { makeAuthenticator } from '#test/support/authenticator.ts'
import { aPasskey } from '#test/support/made-up.ts'

const rp = { id: 'id.example', origin: 'https://id.example' }
const minute = (of: number) => new Date(Date.UTC(2026, 10, 27, 3, of))
const now = minute(59)
const someone = () => accountId.parse(randomUUID())

type Officer = { account: AccountId; sign: (challenge: string) => { clientDataJSON: string; authenticatorData: string; signature: string }; key: Passkey }
type Gift = { to: Officer; role: Role; by: Officer; at: Date; proposer?: AccountId; since?: Date; signed?: boolean; recorded?: boolean }

/** A system as its tables have it, whoever wrote them. */
function aSystem() {
  const given: GivenRole[] = []
  const kept = new Map<ProposalId, KeptApproval>()
  const named = new Map<Passkey['id'], Date>()
  const keys = new Map<Passkey['id'], Passkey>()
  const told: (TellingEvent & { state?: string | undefined })[] = []
  const looked: ProposalId[] = []

  function officer(): Officer {
    const authenticator = makeAuthenticator({ rpId: rp.id, origin: rp.origin })
    const made = authenticator.create({ challenge: 'AAAA', rp: { id: rp.id, name: 'x' }, user: { id: 'AAAA', name: 'x', displayName: 'x' }, pubKeyCredParams: [{ type: 'public-key', alg: -7 }] })
    const [credential] = authenticator.credentials
    if (credential === undefined) throw new Error('no key')
    const account = someone()
    const key = aPasskey({ id: passkeyId.parse(made.id), account, publicKey: Uint8Array.from(isoCBOR.encode(credential.key.cose)) })
    keys.set(key.id, key)
    return { account, key, sign: (challenge) => authenticator.get({ challenge, rpId: rp.id }).response }
  }
  const give = ({ account, key }: Officer, role: Role, since: Date, by?: GivenRole['by']) => {
    given.push({ grant: { id: randomUUID(), account, role, since, endsOn: '2026-12-31' }, ...(by && { by }) })
    if (!named.has(key.id)) named.set(key.id, since)
  }
  /** As the operator makes the first ones. */
  function first(role: Role = 'super-admin'): Officer {
    const one = officer()
    give(one, role, minute(0))
    return one
  }
  function gift({ to, role, by, at, proposer = someone(), since = at, signed = true, recorded = true }: Gift): ProposalId {
    const proposal: Proposal = { id: proposalId.parse(randomUUID()), change: { act: 'role.grant', role: { account: to.account, role, ends_on: '2026-12-31' } }, proposer, proposedAt: at, reason: 'x' }
    const { clientDataJSON, authenticatorData, signature } = signed ? by.sign(challengeOf(proposal)) : { clientDataJSON: 'e30', authenticatorData: 'AA', signature: 'AA' }
    const evidence = { passkey: by.key.id, publicKey: Buffer.from(by.key.publicKey).toString('base64url'), hardwareBound: false, rpId: rp.id, origin: rp.origin, clientDataJSON, authenticatorData, signature }
    const decision: Extract<Decision, { is: 'approved' }> = { is: 'approved', by: by.account, at, evidence }
    kept.set(proposal.id, { id: proposal.id, row: signature, proposal: { ...proposal, decision }, ...(recorded && { recorded: { by: by.account, at, digest: digestOf(decision) } }) })
    give(to, role, since, { proposal: proposal.id, mark: `${proposal.id} ${signature}` })
    return proposal.id
  }
  const { of } = offices({
    proposals: { kept: async (id) => (looked.push(id), kept.get(id)) }, passkeys: { find: async (id) => keys.get(id) }, rp, clock: { now: () => now },
    officers: { keyNamedAt: async (key) => named.get(key), givenTo: async (account) => given.filter(({ grant }) => grant.account === account) },
    toldOnce: { tell: async ({ state }: About, event) => told.push({ ...event, state }) > 0, over: async () => undefined },
  })
  const rolesOf = async ({ account }: Officer) => (await of(account)).map(({ role }) => role)
  return { officer, first, give, gift, rolesOf, told, looked, kept, given }
}

describe('A01: the roles that count', () => {
  test('are those of the operator, and those whose approval somebody in office has signed', async () => {
    const { first, officer, gift, rolesOf, told } = aSystem()
    const [one, two, three] = [first(), officer(), officer()]
    gift({ to: two, role: 'approver', by: one, at: minute(10) })
    gift({ to: three, role: 'auditor', by: two, at: minute(20) })
    expect([await rolesOf(one), await rolesOf(two), await rolesOf(three), told]).toEqual([['super-admin'], ['approver'], ['auditor'], []])
  })

  test('are none whose signature nobody gave, which is on record; beside others that count', async () => {
    const { first, officer, gift, rolesOf, told } = aSystem()
    const [one, two] = [first(), officer()]
    const proposal = gift({ to: two, role: 'super-admin', by: one, at: minute(10), signed: false })
    gift({ to: two, role: 'support', by: one, at: minute(11) })
    expect(await rolesOf(two)).toEqual(['support'])
    expect(told).toEqual([{ type: 'proposal.altered', proposal, reason: 'wrong-signature', by: 'clock', state: expect.any(String) }])
  })

  test('are none of what stands in no log of record, or has no row', async () => {
    const { first, officer, gift, give, rolesOf, told } = aSystem()
    const [one, two] = [first(), officer()]
    const proposal = gift({ to: two, role: 'auditor', by: one, at: minute(10), recorded: false })
    give(two, 'support', minute(11), { proposal: proposalId.parse(randomUUID()), mark: '' })
    expect([await rolesOf(two), told]).toEqual([[], [expect.objectContaining({ proposal, reason: 'unrecorded' })]])
  })

  test('are none by whoever was given their own by nobody, however truly they sign; and none by who may decide no roles, or could not then', async () => {
    const { first, officer, gift, rolesOf, told } = aSystem()
    const [one, fake, low, late, ...others] = [first(), officer(), first('auditor'), officer(), officer(), officer(), officer()]
    gift({ to: fake, role: 'approver', by: one, at: minute(10), signed: false })
    gift({ to: late, role: 'auditor', by: one, at: minute(5) })
    gift({ to: late, role: 'approver', by: one, at: minute(30) })
    const made = [fake, low, late].map((decider, at) => gift({ to: others[at] ?? fake, role: 'super-admin', by: decider, at: minute(20) }))
    for (const other of others) expect(await rolesOf(other)).toEqual([])
    expect(told.map(({ type, ...event }) => [type, 'proposal' in event && event.proposal, 'reason' in event && event.reason])).toEqual(made.map((proposal) => ['proposal.altered', proposal, 'not-in-office']))
    expect(await rolesOf(late)).toEqual(['auditor', 'approver'])
  })

  test('are none of two who made each other, whatever they write of when', async () => {
    const { officer, gift, give, rolesOf, given } = aSystem()
    const [one, two] = [officer(), officer()]
    for (const [who, by, at] of [[one, two, 20], [two, one, 20], [one, two, 10], [two, one, 30]] as const) {
      give(by, 'support', minute(1), { proposal: proposalId.parse(randomUUID()), mark: '' })
      gift({ to: who, role: 'approver', by, at: minute(at), since: minute(2) })
    }
    expect([given.length, await rolesOf(one), await rolesOf(two)]).toEqual([8, [], []])
  })

  test('stay when whoever approved them has left since, and their own end is the end', async () => {
    const { first, officer, gift, rolesOf, given } = aSystem()
    const [one, two] = [first(), officer()]
    gift({ to: two, role: 'auditor', by: one, at: minute(10) })
    const end = (who: Officer, endedAt: Date) => given.forEach((each, at) => { if (each.grant.account === who.account) given[at] = { ...each, grant: { ...each.grant, endedAt } } })
    end(one, minute(11))
    expect([await rolesOf(one), await rolesOf(two)]).toEqual([[], ['auditor']])
    end(two, minute(12))
    expect(await rolesOf(two)).toEqual([])
  })

  test('are verified once, and anew as soon as anything of them is another; those that do not hold each time', async () => {
    const { first, officer, gift, rolesOf, looked, kept, given } = aSystem()
    const [one, two] = [first(), officer()]
    const id = gift({ to: two, role: 'auditor', by: one, at: minute(10) })
    const count = async () => [await rolesOf(two), looked.splice(0).length]
    expect([await count(), await count()]).toEqual([[['auditor'], 1], [['auditor'], 0]])
    const held = kept.get(id)
    if (held?.proposal === undefined) throw new Error('no proposal')
    kept.set(id, { ...held, proposal: { ...held.proposal, reason: 'y' } })
    given.forEach((each, at) => { if (each.by !== undefined) given[at] = { ...each, by: { ...each.by, mark: 'another' } } })
    expect([await count(), await count()]).toEqual([[[], 1], [[], 1]])
  })
})
