import { setTimeout as pause } from 'node:timers/promises'
import type { Log } from '#kernel/log.ts'
import { Problem } from '#kernel/problem.ts'
import type { Sandbox } from '#domain/sandbox/sandbox.ts'
import { startRunner } from '#storage/jobs/runner.ts'
import type { SandboxConfig } from '#app/config.ts'
import { makeEnding } from '#app/ending.ts'
import { listen, makeServer, stop } from '#app/listening.ts'
import { refuseShared, Shared } from './apart.ts'
import { openSandbox, type OpenSandbox } from './sandbox.ts'

/** The sandbox beside a live server that runs without it. */
export type Beside = {
  /** `undefined` while it does not listen. */
  current: () => OpenSandbox | undefined
  /** Throws `service.unavailable` while it does not listen. */
  sandbox: () => Sandbox
  /** Throws where the configuration gives it what is the live server's alone. What cannot be asked now is asked again by each try. */
  refuseShared: () => Promise<void>
  start: () => void
  /** The first try has ended, well or not. */
  tried: Promise<void>
  stop: () => Promise<void>
}

type Listening = { open: OpenSandbox; close: () => Promise<void> }
type Options = { log: Log } & Omit<Parameters<typeof openSandbox>[1], 'log'>

/** Between two tries: one second, and twice as long after each that failed, to a minute. */
const waitAfter = (failures: number): number => Math.min(1000 * 2 ** (failures - 1), 60_000)
/** What is being opened while the server closes is given so long to come to an end. */
const patience = 10_000

/** Opens the sandbox, again and again until it listens. Whatever is wrong with it is logged, and no matter of the live server. */
export function makeBeside(config: SandboxConfig, options: Options): Beside {
  const { log, live } = options
  const stopping = new AbortController()
  const tried = Promise.withResolvers<void>()
  let listening: Listening | undefined

  async function tryOnce(failures: number): Promise<'done' | 'again'> {
    try {
      listening = await startSandbox(config, options)
      log.info({ issuer: config.issuer }, 'the sandbox listens')
      return 'done'
    } catch (error) {
      if (error instanceof Shared) {
        log.error({}, 'the sandbox shares with the live server what is the live server\'s alone, and does not start', error)
        return 'done'
      }
      log.error({ failures: failures + 1, nextInMilliseconds: waitAfter(failures + 1) }, 'the sandbox does not start; it is tried again', error)
      return 'again'
    }
  }

  async function keepTrying(): Promise<void> {
    for (let failures = 0; !stopping.signal.aborted; failures += 1) {
      const outcome = await tryOnce(failures)
      tried.resolve()
      if (outcome === 'done') return
      await pause(waitAfter(failures + 1), undefined, { signal: stopping.signal }).catch(() => undefined)
    }
  }

  let trying: Promise<void> | undefined
  const current = () => listening?.open
  return {
    current,
    sandbox: () => {
      const open = current()
      if (open === undefined) throw new Problem('service.unavailable')
      return open.sandbox
    },
    async refuseShared() {
      await refuseShared(config, live).catch((error: unknown) => {
        if (error instanceof Shared) throw error
      })
    },
    start: () => void (trying ??= keepTrying()),
    tried: tried.promise,
    async stop() {
      stopping.abort()
      const late = new AbortController()
      await Promise.race([trying, pause(patience, undefined, { signal: late.signal }).catch(() => undefined)]).finally(() => late.abort())
      await listening?.close()
    },
  }
}

/** The sandbox at its own port, with its own queue. Of what could not be started nothing stays open. */
async function startSandbox(config: SandboxConfig, options: Options): Promise<Listening> {
  const open = await openSandbox(config, options)
  const { app, house, settle } = open
  const ending = makeEnding()
  ending.add('keeping', house.close)
  ending.add('remaining', settle)
  const server = makeServer(config, app.listener)
  // For the portal's own programs: what stands before the issuer may not let this machine in.
  const inner = makeServer({}, app.listener)
  for (const one of [server, inner]) ending.add('answering', () => stop(one))
  try {
    await listen(server, config.port)
    open.listensAt(`http://127.0.0.1:${await listen(inner, 0, '127.0.0.1')}`)
    const runner = await startRunner({ ...house, courier: app.courier, log: options.log })
    ending.add('telling', runner.stop)
    return { open, close: ending.end }
  } catch (error) {
    await ending.end().catch((fault: unknown) => options.log.error({}, 'what was opened for the sandbox could not be closed', fault))
    throw error
  }
}
