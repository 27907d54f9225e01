import type { Context, Next } from 'koa'
import type { AnswerTimes, Wait } from '#domain/statistic/answer-time.ts'
import { stateOf } from '#web/request/state.ts'
import { interactionRoot, protocolRoutes } from '#oidc/routes.ts'

const { authorization, pushed_authorization_request: pushed, token } = protocolRoutes

/** Which requests somebody who signs in waits for. */
const measured: readonly { method: string; path: RegExp; wait: Wait }[] = [
  { method: 'POST', path: new RegExp(`^${pushed}$`), wait: 'request' },
  { method: 'GET', path: new RegExp(`^${authorization}(/[A-Za-z0-9_-]+)?$`), wait: 'request' },
  { method: 'GET', path: new RegExp(`^${interactionRoot}/[A-Za-z0-9_-]+$`), wait: 'page' },
  { method: 'POST', path: new RegExp(`^${interactionRoot}/[A-Za-z0-9_-]+/passkey$`), wait: 'passkey' },
  { method: 'POST', path: new RegExp(`^${token}$`), wait: 'token' },
]

export function waitOf(method: string, path: string): Wait | undefined {
  return measured.find((one) => one.method === method && one.path.test(path))?.wait
}

/** From the head of a request to its answer being handed to the network. What the network itself takes is not in it. */
export function measureAnswers({ times }: { times: AnswerTimes }) {
  return async (ctx: Context, next: Next) => {
    const wait = waitOf(ctx.method, ctx.path)
    if (wait !== undefined) {
      const begun = performance.now()
      ctx.res.once('finish', () => {
        if (stateOf(ctx).turnedAway !== true) times.note(wait, performance.now() - begun)
      })
    }
    await next()
  }
}
