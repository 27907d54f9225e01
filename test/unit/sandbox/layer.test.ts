import { EventEmitter } from 'node:events'
import { IncomingMessage, ServerResponse } from 'node:http'
import { Socket } from 'node:net'
import Koa from 'koa'
import { expect, test } from 'vitest'
import { systemClock } from '#kernel/clock.ts'
import { clientId } from '#kernel/id.ts'
import { hostileLayer } from '#oidc/hostile/layer.ts'
import { someDeveloper } from '#test/support/developer.ts'
import { embeddedVolatile } from '#storage/embedded/volatile.ts'
import { faults as faultStore } from '#storage/sandbox/faults.ts'

const app = clientId.parse('app')
const until = () => Math.floor(Date.now() / 1000) + 60

/** One answer of a provider that is done with its work, through the layer. */
async function answered(route: string, client = 'app'): Promise<'at once' | 'later'> {
  const faults = faultStore(embeddedVolatile({ clock: systemClock }), { clock: systemClock })
  await faults.switchOn(app, { fault: 'slow', until: until() }, { owner: someDeveloper(), by: 'hand' })
  const koa = new Koa()
  const request = new IncomingMessage(new Socket())
  const ctx = koa.createContext(request, new ServerResponse(request))
  Object.assign(ctx, { oidc: { route, client: { clientId: client }, params: {} } })
  const done = new EventEmitter()
  let isDone = false
  const layer = hostileLayer({ faults, own: [], slowness: 200 })
  const run = async () => {
    await layer(ctx, async () => undefined)
    isDone = true
    done.emit('done')
  }
  void run()
  // As many turns of the loop as an answer that waits for nothing may need.
  for (let turn = 0; turn < 20; turn += 1) await new Promise((next) => setImmediate(next))
  if (isDone) return 'at once'
  await new Promise((next) => done.once('done', next))
  return 'later'
}

test('X02: a slow answer is slow where programs wait, for that client alone, and comes in the end', async () => {
  expect(await answered('token')).toBe('later')
  expect(await answered('userinfo', 'app.thu')).toBe('later')
  expect(await answered('authorization')).toBe('at once')
  expect(await answered('token', 'other')).toBe('at once')
})
