import * as client from 'openid-client'
import { fillIn, requestOptions } from './citizen.ts'
import { accountOf, type Enrolled } from './journey.ts'
import { makeRelyingParty, type RelyingParty } from './relying-party.ts'
import type { TestServer } from './running.ts'
import { openServiceSite } from './service-site.ts'
import { testClient } from './test-clients.ts'
import type { Stop } from './visitor.ts'

/** A bank's counter: asks for a person on its own, and hears of the answer at the token endpoint (CIBA). */
export type Asked = { id: string; expiresIn: number }

export async function ask({ config, signed }: RelyingParty, parameters: Record<string, string>): Promise<Asked> {
  const answer = await client.initiateBackchannelAuthentication(config, await signed({ scope: 'openid', binding_message: '47', ...parameters }))
  return { id: answer.auth_req_id, expiresIn: answer.expires_in }
}

/** One poll; what is refused is thrown with the protocol's word for it. */
export function hear({ grant }: RelyingParty, { id }: Asked): ReturnType<RelyingParty['grant']> {
  return grant('urn:openid:params:grant-type:ciba', { auth_req_id: id })
}

/** The protocol's word for what became of a request. */
export const refusal = (tried: Promise<unknown>): Promise<string> =>
  tried.then(() => 'granted', (error: unknown) => (error instanceof client.ResponseBodyError ? error.error : Promise.reject(error)))

/** The person opens "my e-ID" and the request that waits there. */
export async function openRequest(server: TestServer, { visitor }: Enrolled): Promise<Stop> {
  const list = await visitor.open(`${server.issuer}/tai-khoan/yeu-cau`)
  const [, path] = /href="(\/tai-khoan\/yeu-cau\/[\w-]+)"/.exec(list.text) ?? []
  if (path === undefined) throw new Error('nothing waits for this person')
  return visitor.open(new URL(path, server.issuer))
}

export const pick = (who: Enrolled, page: Stop, code = '47'): Promise<Stop> => fillIn(who.visitor, page, '/ma-so', { code })

/** The passkey on the page that asks for it. */
export function unlock({ visitor, citizen }: Enrolled, page: Stop, fields: Record<string, string> = {}): Promise<Stop> {
  return fillIn(visitor, page, '/dong-y', { assertion: JSON.stringify(citizen.authenticator.get(requestOptions(page))), ...fields })
}

export const decline = (who: Enrolled, page: Stop, reason: 'not-me' | 'declined' | 'unreachable' = 'declined'): Promise<Stop> =>
  fillIn(who.visitor, page, '/tu-choi', { reason })

/** All of it: the code, then the passkey. */
export async function sayYes(server: TestServer, who: Enrolled, code = '47'): Promise<Stop> {
  return unlock(who, await pick(who, await openRequest(server, who), code))
}

export async function lock(server: TestServer, who: Enrolled): Promise<void> {
  await server.house.accounts.move(await accountOf(server, who), { to: 'lock', ground: 'competent-body', by: 'operator' }, new Date())
}

const grants = ['authorization_code', 'urn:openid:params:grant-type:ciba', 'urn:ietf:params:oauth:grant-type:device_code']

/** A bank with a counter and a terminal, and its own site, beside the demonstration's services. */
export type Counter = { metadata: Record<string, unknown>; open: (issuer: string) => Promise<void>; bank: RelyingParty; close: () => Promise<void> }

export async function openCounter(): Promise<Counter> {
  const site = await openServiceSite()
  const { metadata, party } = site.published(testClient({
    name: 'bank', profile: 'fapi2', metadata: { grant_types: grants, backchannel_token_delivery_mode: 'poll', relying_party_class: 'B' },
  }))
  let bank: RelyingParty | undefined
  return {
    metadata,
    open: async (issuer) => {
      bank = await makeRelyingParty(party(issuer))
    },
    get bank() {
      if (bank === undefined) throw new Error('the counter is not open')
      return bank
    },
    close: site.close,
  }
}
