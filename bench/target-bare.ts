import { fillIn } from '#test/support/citizen.ts'
import { freePorts } from '#test/support/ports.ts'
import { startProgram } from './child.ts'
import type { BenchClient } from './client.ts'
import type { Target } from './target.ts'

/** oidc-provider alone, see `bare.ts`. */
export async function startBare(client: BenchClient): Promise<Target> {
  const [port = 0] = await freePorts(1)
  const origin = `http://localhost:${port}`
  const env = { PORT: String(port), BENCH_CLIENT: JSON.stringify(client.registered), NODE_ENV: 'production' }
  const file = new URL('bare.ts', import.meta.url).pathname
  const child = await startProgram({ args: [file], env }, `${origin}/.well-known/openid-configuration`)
  return {
    name: 'bare oidc-provider, memory',
    origin,
    server: [child.pid],
    stores: [],
    pass: (visitor, page) => fillIn(visitor, page, '/login'),
    stop: child.stop,
  }
}
