import { generateKeyPairSync, randomUUID } from 'node:crypto'
import { accountId, type AccountId, type ClientId } from '#kernel/id.ts'
import { publicKey } from '#domain/sandbox/public-key.ts'
import type { OpenSandbox } from '#app/sandbox/sandbox.ts'
import { agree, fillIn } from './citizen.ts'
import { makeRelyingParty, type Party, type RelyingParty } from './relying-party.ts'
import type { TestServer } from './running.ts'
import { leaveAt } from './test-clients.ts'
import { makeVisitor, type Stop, type Visitor } from './visitor.ts'

export const redirectUri = 'http://localhost:1/app/callback'

/** The sandbox beside this server; without one the test has forgotten to ask for it. */
export function sandboxOf({ sandbox }: Pick<TestServer, 'sandbox'>): OpenSandbox {
  if (sandbox === undefined) throw new Error('this server has no sandbox')
  return sandbox
}

export const someDeveloper = (): AccountId => accountId.parse(randomUUID())

type Made = { id: ClientId; party: Party; at: RelyingParty }

/** A client as a developer makes it, with a key, and the program that is this client. */
export async function makeClient({ sandbox }: OpenSandbox, owner: AccountId, kind: 'key' | 'fapi2' = 'key'): Promise<Made> {
  const { publicKey: shown, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const named = { kid: 'one', alg: 'ES256', use: 'sig' }
  const outcome = await sandbox.clients.register(owner, { name: 'Ứng dụng thử', redirectUri, kind, key: publicKey.parse({ ...shown.export({ format: 'jwk' }), ...named }) })
  if (outcome.is !== 'done') throw new Error(JSON.stringify(outcome))
  const { id } = outcome.done
  const party: Party = {
    issuer: sandbox.issuer, clientId: id, redirectUri, proof: { method: 'private_key_jwt', jwk: { ...privateKey.export({ format: 'jwk' }), ...named } },
    profile: kind === 'fapi2' ? 'fapi2' : 'baseline',
  }
  return { id, party, at: await makeRelyingParty(party) }
}

export const newVisitor = (): Visitor => makeVisitor({ leaveAt })

/** One click on the sandbox's sign-in page, and consent where it is asked. */
export async function signInAs(visitor: Visitor, page: Stop, place: number): Promise<Stop> {
  return agree(visitor, await fillIn(visitor, page, '/nguoi-thu', { person: String(place) }))
}

/** From the program's request to the address that the person comes back to. */
export async function answerOf(at: RelyingParty, place = 0, visitor = newVisitor()) {
  const { url, checks } = await at.begin({ scope: 'openid profile' })
  const page = await visitor.open(url)
  const { url: answer } = leaveAt(page.url) ? page : await signInAs(visitor, page, place)
  return { answer, checks }
}
