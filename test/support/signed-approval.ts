import { isoCBOR } from '@simplewebauthn/server/helpers'
import { newId, passkeyId, type AccountId } from '#kernel/id.ts'
import { challengeOf, type Decision, type Proposal } from '#domain/proposal/proposal.ts'
import { insertRole } from '#storage/postgres/officers.ts'
import { insertPasskey } from '#storage/postgres/passkeys.ts'
import { makeAuthenticator, type Authenticator } from './authenticator.ts'
import { aPasskey } from './made-up.ts'
import { inFourWeeks } from './officers.ts'
import type { TestServer } from './running.ts'

type Place = Pick<TestServer, 'house' | 'issuer'>

/** The yes of whoever holds this authenticator, as the console would keep it: signed over this very proposal. */
export async function approvalBy({ house, issuer }: Place, authenticator: Authenticator, proposal: Proposal, at = new Date()): Promise<Extract<Decision, { is: 'approved' }>> {
  const key = await house.passkeys.find(passkeyId.parse(authenticator.credentials[0]?.id))
  if (key === undefined) throw new Error('nobody has this key')
  const { clientDataJSON, authenticatorData, signature } = authenticator.get({ challenge: challengeOf(proposal), rpId: 'localhost' }).response
  const publicKey = Buffer.from(key.publicKey).toString('base64url')
  return { is: 'approved', by: key.account, at, evidence: { passkey: key.id, publicKey, hardwareBound: key.hardwareBound, rpId: 'localhost', origin: issuer, clientDataJSON, authenticatorData, signature } }
}

/** Makes somebody without a key into an officer who approves, with one. */
export async function makeApprover({ house, issuer }: Place, account: AccountId): Promise<Authenticator> {
  const authenticator = makeAuthenticator({ rpId: 'localhost', origin: issuer })
  const user = { id: Buffer.from(account).toString('base64url'), name: 'x', displayName: 'x' }
  authenticator.create({ challenge: 'AAAA', rp: { id: 'localhost', name: 'x' }, user, pubKeyCredParams: [{ type: 'public-key', alg: -7 }] })
  const [made] = authenticator.credentials
  if (made === undefined) throw new Error('no key was made')
  await insertPasskey(house.database, aPasskey({ id: passkeyId.parse(made.id), account, publicKey: Uint8Array.from(isoCBOR.encode(made.key.cose)) }))
  await insertRole(house.database, { id: newId(), account, role: 'approver', since: new Date(), endsOn: inFourWeeks }, undefined)
  return authenticator
}
