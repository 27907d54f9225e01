import { decodeJwt, decodeProtectedHeader } from 'jose'
import type { AnswerFault, HostileJwk } from '#domain/sandbox/fault.ts'
import { otherIssuer, signedWith } from './id-token.ts'

/** The parameters with which a person comes back to a service. */
export type Answered = Readonly<Record<string, string>>

const lies: Readonly<Record<AnswerFault, (answer: Answered) => Answered>> = {
  'answer-iss': (answer) => ({ ...answer, iss: otherIssuer }),
  'access-denied': ({ code: _code, session_state: _state, ...kept }) => ({ ...kept, error: 'access_denied', error_description: 'the sandbox was told to refuse' }),
}

/** What a hostile provider would answer in place of this; errors are told as they are. Signed answers (JARM) are signed again. */
export async function hostileAnswer(fault: AnswerFault, answer: Answered, own: readonly HostileJwk[]): Promise<Answered> {
  if (answer['response'] !== undefined) return { ...answer, response: await signedAgain(fault, answer['response'], own) }
  return answer['code'] === undefined ? answer : lies[fault](answer)
}

async function signedAgain(fault: AnswerFault, response: string, own: readonly HostileJwk[]): Promise<string> {
  if (response.split('.').length !== 3) return response
  const { alg = 'ES256', kid } = decodeProtectedHeader(response)
  const { aud, iat, exp, ...said } = decodeJwt(response)
  const key = own.find((one) => one['kid'] === kid)
  if (key === undefined || said['code'] === undefined) return response
  const texts = Object.fromEntries(Object.entries(said).map(([name, value]) => [name, String(value)]))
  const times = { ...(aud !== undefined && { aud }), ...(iat !== undefined && { iat }), ...(exp !== undefined && { exp }) }
  return signedWith(key, { alg, kid }, { ...lies[fault](texts), ...times })
}

/** The parameters of a redirect, wherever its response mode puts them, changed by `change`. */
export async function redirectChanged(location: string, change: (answer: Answered) => Promise<Answered>): Promise<string> {
  const url = new URL(location)
  const inFragment = /(^|[#&])(code|response)=/.test(url.hash)
  const before = new URLSearchParams(inFragment ? url.hash.slice(1) : url.search)
  const after = await change(Object.fromEntries(before))
  const text = new URLSearchParams(after).toString()
  if (inFragment) url.hash = text
  else url.search = text
  return url.href
}

const entities: Readonly<Record<string, string>> = { '&amp;': '&', '&lt;': '<', '&gt;': '>', '&quot;': '"', '&#39;': "'" }
const inputs = /<input type="hidden" name="([^"]*)" value="([^"]*)"\/>\s*/g

/** The same for the library's page that posts itself to the service (OAuth 2.0 Form Post Response Mode). */
export async function formChanged(page: string, change: (answer: Answered) => Promise<Answered>): Promise<string> {
  const before = Object.fromEntries([...page.matchAll(inputs)].map(([, name = '', value = '']) => [name, unescaped(value)]))
  const after = Object.entries(await change(before)).map(([name, value]) => `<input type="hidden" name="${escaped(name)}" value="${escaped(value)}"/>`)
  let isFirst = true
  return page.replaceAll(inputs, () => {
    const put = isFirst ? after.join('\n') : ''
    isFirst = false
    return put
  })
}

const unescaped = (text: string) => text.replaceAll(/&(amp|lt|gt|quot|#39);/g, (found) => entities[found] ?? found)
const escaped = (text: string) => text.replaceAll(/[&<>"']/g, (sign) => Object.entries(entities).find(([, plain]) => plain === sign)?.[0] ?? sign)
