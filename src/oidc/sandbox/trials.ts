import { createHash } from 'node:crypto'
import { epochSeconds, type Clock } from '#kernel/clock.ts'
import type { AccountId, ClientId } from '#kernel/id.ts'
import { secretToken } from '#kernel/random.ts'
import { acrOf, levels } from '#domain/assurance/level.ts'
import type { DeveloperClients } from '#domain/sandbox/developer-client.ts'
import { checkAnswer, checkIdToken, checkUserInfo, type Check, type Message, type PendingTrial, type Trial, type Trials, type TrialStore } from '#domain/sandbox/trial.ts'
import { trialOf } from '#domain/sandbox/trial-client.ts'
import { makeHostileKey } from '#oidc/hostile/make-key.ts'
import { protocolRoutes } from '#oidc/routes.ts'
import { ask, atHashOf, boundTo, decoded, signatureOf, type Heard, type Line } from './program.ts'

type Tools = { store: TrialStore; clients: Pick<DeveloperClients, 'find'>; line: () => Line; redirectUri: string; clock: Clock }

const wantedLevel = 2
const goodEnough = levels.filter((level) => level >= wantedLevel).map(acrOf)

/**
 * "Try sign-in now": our own program, the twin of the developer's, which does what theirs will do and writes everything down. It speaks to the
 * sandbox over HTTP like any other, so that what it sees is what others see, faults included.
 */
export function makeTrials(tools: Tools): Trials {
  const { store, clients, clock } = tools
  const now = () => epochSeconds(clock.now())

  async function keep(owner: AccountId, trial: Trial): Promise<string> {
    const name = secretToken()
    await store.keep(name, { owner, trial })
    return name
  }

  return {
    async begin(owner, client) {
      const known = await clients.find(owner, client)
      if (known === undefined) return undefined
      const pending = await asked(tools, { owner, client, isFapi: known.kind === 'fapi2' })
      const { heard, message } = await push(tools.line(), pending, { redirectUri: tools.redirectUri, now: now() })
      const messages = [message]
      const uri = heard.body['request_uri']
      if (heard.status !== 201 || typeof uri !== 'string') {
        return { report: await keep(owner, { client, at: now(), messages, checks: [{ name: 'pushed', passed: false, found: reasonOf(heard) }] }) }
      }
      const query = { client_id: pending.wanted.client, request_uri: uri }
      const to = `${pending.wanted.issuer}${protocolRoutes.authorization}?${new URLSearchParams(query).toString()}`
      await store.put(pending.wanted.state, { ...pending, messages: [...messages, { step: 'authorize', to, content: query }] })
      return { to }
    },

    async finish(owner, answer) {
      const pending = await store.take(answer['state'] ?? '')
      if (pending === undefined || pending.owner !== owner) return undefined
      const { client, wanted, messages } = pending
      const first = checkAnswer(answer, wanted)
      const seen: Message[] = [...messages, { step: 'answer', to: tools.redirectUri, content: answer }]
      const checks: Check[] = [{ name: 'pushed', passed: true }, ...first]
      const rest = first.every(({ passed }) => passed) ? await redeemed(tools.line(), pending, { code: answer['code'] ?? '', redirectUri: tools.redirectUri, now }) : undefined
      const trial: Trial = { client, at: now(), messages: [...seen, ...(rest?.messages ?? [])], idToken: rest?.idToken, checks: [...checks, ...(rest?.checks ?? [])] }
      return { client, report: await keep(owner, trial) }
    },

    async report(owner, name) {
      const kept = await store.find(name)
      return kept?.owner === owner ? kept.trial : undefined
    },
  }
}

async function asked({ line }: Tools, { owner, client, isFapi }: { owner: AccountId; client: ClientId; isFapi: boolean }): Promise<PendingTrial> {
  const wanted = { issuer: line().issuer, client: trialOf(client), state: secretToken(), nonce: secretToken(), acr: acrOf(wantedLevel) }
  return { owner, client, wanted, verifier: secretToken(), messages: [], ...(isFapi && { dpop: await makeHostileKey('ES256') }) }
}

async function push(line: Line, { wanted, verifier, dpop }: PendingTrial, { redirectUri, now }: { redirectUri: string; now: number }): Promise<{ heard: Heard; message: Message }> {
  const request = {
    client_id: wanted.client, response_type: 'code', redirect_uri: redirectUri, scope: 'openid profile', state: wanted.state, nonce: wanted.nonce, acr_values: wanted.acr,
    code_challenge: createHash('sha256').update(verifier).digest('base64url'), code_challenge_method: 'S256',
    ...(dpop && { dpop_jkt: await boundTo(dpop) }),
  }
  const path = protocolRoutes.pushed_authorization_request
  const heard = await ask(line, { path, form: request, client: wanted.client, now })
  return { heard, message: { step: 'push', to: `POST ${wanted.issuer}${path}`, status: heard.status, content: { request, response: heard.body } } }
}

type Redeeming = { code: string; redirectUri: string; now: () => number }

/** The code for tokens, the tokens under the magnifying glass, and what they open. */
async function redeemed(line: Line, { wanted, verifier, dpop }: PendingTrial, { code, redirectUri, now }: Redeeming): Promise<Pick<Trial, 'messages' | 'checks' | 'idToken'>> {
  const path = protocolRoutes.token
  const request = { grant_type: 'authorization_code', code, redirect_uri: redirectUri, code_verifier: verifier, client_id: wanted.client }
  const heard = await ask(line, { path, form: request, client: wanted.client, dpop, now: now() })
  const token: Message = { step: 'token', to: `POST ${wanted.issuer}${path}`, status: heard.status, content: { request, response: heard.body } }
  const { access_token: accessToken, id_token: idToken } = heard.body
  const issued = heard.status === 200 && typeof accessToken === 'string' && typeof idToken === 'string'
  const got: Check = { name: 'token', passed: issued, found: issued ? undefined : reasonOf(heard) }
  const opened = issued ? decoded(idToken) : undefined
  if (!issued || opened === undefined) return { messages: [token], checks: [got] }

  const signature = await signatureOf(line, idToken, now())
  const checks = checkIdToken({ token: opened, wanted, signature, atHash: atHashOf(accessToken), now: now(), acrs: goodEnough })
  const info = await ask(line, { path: protocolRoutes.userinfo, token: accessToken, dpop, now: now() })
  const userinfo: Message = { step: 'userinfo', to: `GET ${wanted.issuer}${protocolRoutes.userinfo}`, status: info.status, content: info.body }
  return { messages: [token, userinfo], idToken: opened, checks: [got, ...checks, checkUserInfo(info.body['sub'], opened.payload['sub'])] }
}

function reasonOf({ status, body }: Heard): string {
  return [status, body['error'], body['error_description']].filter((part) => part !== undefined).map(String).join(' ')
}
