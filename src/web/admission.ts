import type { IncomingMessage } from 'node:http'
import type { Context, Next } from 'koa'
import { networkOf } from '#domain/abuse/network.ts'
import { admitInTurn, admitPushed, isAtTheDoor, turnAway, within, wouldOvertake, type LineTools } from './people-in-line.ts'
import type { KnownNetworks } from './request/known-networks.ts'
import { stateOf } from './request/state.ts'
import { workOf } from './request/work.ts'

type Tools = LineTools & {
  /** Which sign-in a browser is in the middle of, by a signature. */
  signInShown: (request: IncomingMessage, path: string) => string | undefined
  known: Pick<KnownNetworks, 'has'>
}

/**
 * Lets requests in by what they are part of, and before any store is asked (R09). Who begins a sign-in with a browser waits in a line that
 * is the same for all nodes, at the address that they came to: looking again is asking once more.
 */
export function admitWork(tools: Tools) {
  return async (ctx: Context, next: Next): Promise<void> => {
    const network = networkOf(stateOf(ctx).visit.address)
    const signIn = tools.signInShown(ctx.req, ctx.path)
    const work = workOf(ctx, { signIn, isKnown: tools.known.has(network) })
    const from = { network, shown: signIn && `sign-in:${signIn}` }
    if (work === undefined) await next()
    else if (wouldOvertake(ctx, work) && tools.line.isOpen()) turnAway(tools, ctx, { work, reason: 'overtakes' })
    else if (isAtTheDoor(ctx) && work === 'pushed') await admitPushed(tools, ctx, { from, next })
    else if (isAtTheDoor(ctx)) await admitInTurn(tools, ctx, { from, next })
    else await inPlace(ctx, () => tools.gate.enter(work, from).catch((error: unknown) => turnAway(tools, ctx, { work, reason: 'crowded', error })), next)
  }
}

/** What is sent after its sender was known is waited for outside. */
async function inPlace(ctx: Context, enter: () => Promise<() => void>, act: () => Promise<unknown>): Promise<void> {
  let leave = await enter()
  stateOf(ctx).outside = async (read) => {
    leave()
    const arrived = await read()
    leave = await enter()
    return arrived
  }
  await within(() => leave(), act)
}
