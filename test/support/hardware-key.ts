import { sql } from 'kysely'
import { isoCBOR } from '@simplewebauthn/server/helpers'
import { accountId, passkeyId, type AccountId } from '#kernel/id.ts'
import { insertPasskey } from '#storage/postgres/passkeys.ts'
import { model } from './attestation.ts'
import { makeAuthenticator, type Authenticator } from './authenticator.ts'
import type { Citizen } from './citizen.ts'
import { aPasskey } from './made-up.ts'
import type { TestServer } from './running.ts'

/** Whose account a passkey of this person is of. */
export async function accountOf(server: TestServer, { authenticator }: Pick<Citizen, 'authenticator'>): Promise<AccountId> {
  const passkey = await server.house.passkeys.find(passkeyId.parse(authenticator.credentials[0]?.id))
  return accountId.parse(passkey?.account)
}

/** A second passkey of this person, of which attestation has shown that it stays in its hardware; `named`: it decides like those that were there when a role was given. */
export async function addHardwareKey(server: TestServer, citizen: Citizen, { named = true }: { named?: boolean } = {}): Promise<Authenticator> {
  const account = await accountOf(server, citizen)
  const { authenticators } = server.house.rules
  // Whoever vouches for it; keys that are kept already are asked for their model alone.
  server.house.rules.authenticators = { ...authenticators, anchors: [{ name: 'x', source: 'x', certificate: 'x', aaguids: [model] }] }
  const authenticator = makeAuthenticator({ rpId: 'localhost', origin: server.issuer, backupEligible: false })
  const user = { id: Buffer.from(account).toString('base64url'), name: 'x', displayName: 'x' }
  authenticator.create({ challenge: 'AAAA', rp: { id: 'localhost', name: 'x' }, user, pubKeyCredParams: [{ type: 'public-key', alg: -7 }] })
  const [made] = authenticator.credentials
  if (made === undefined) throw new Error('no key was made')
  const publicKey = Uint8Array.from(isoCBOR.encode(made.key.cose))
  const kept = aPasskey({ id: passkeyId.parse(made.id), account, publicKey, aaguid: model, backupEligible: false, backedUp: false, hardwareBound: true })
  await insertPasskey(server.house.database, kept)
  if (named) await server.house.database.change(sql`insert into officer_key (passkey_id, account_id, named_at) values (${kept.id}, ${account}, ${kept.createdAt})`)
  return authenticator
}
