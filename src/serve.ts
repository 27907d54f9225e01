import { createServer as createHttp, type RequestListener, type Server } from 'node:http'
import { createServer as createHttps } from 'node:https'
import type { Log } from '#kernel/log.ts'
import { daysKept } from '#domain/audit/told-problem.ts'
import { remindAll } from '#domain/connection/reminder.ts'
import { Refusal } from '#kernel/refusal.ts'
import { makeApp, makeBackground, type App } from './app.ts'
import type { Config, SandboxConfig } from './config.ts'
import { openHouse, type House } from './house.ts'
import { startRotation, type Rotation } from './rotation.ts'
import { openSandbox, type OpenSandbox } from './sandbox.ts'
import type { Chores } from '#storage/jobs/chores.ts'
import { startRunner } from '#storage/jobs/runner.ts'

export type Running = { house: House; port: number; sandbox?: OpenSandbox; close: () => Promise<void> }

type Options = {
  log: Log
  demoPortal?: string
  onMigrated?: (name: string) => void
  /** Runs between opening the stores and listening, for what a first start brings in. */
  prepare?: (house: House) => Promise<void>
}

/** Slow and idle connections end by themselves. */
const connectionLimits = { headersTimeout: 5000, requestTimeout: 10_000, keepAliveTimeout: 65_000, connectionsCheckingInterval: 2000, maxHeaderSize: 16_384 }

/**
 * Opens the house, listens, and answers with how to close: stop accepting, let requests finish, then close the stores.
 * Throws `Refusal` when it cannot.
 */
export async function serve(config: Config, { log, demoPortal, onMigrated, prepare }: Options): Promise<Running> {
  const house = await openHouse(config, onMigrated === undefined ? {} : { onMigrated })
  let beside: Awaited<ReturnType<typeof serveSandbox>> | undefined
  let rotation: Rotation<App> | undefined
  try {
    await prepare?.(house)
    beside = config.sandbox && (await serveSandbox(config.sandbox, { log, live: house, portal: config.issuer }))
    const { settle, ...background } = makeBackground({ ...house, log })
    const more = { ...background, ...(demoPortal !== undefined && { demoPortal }), ...(beside && { sandbox: beside.open.sandbox }) }
    const turning = await startRotation({ house, keyringFile: config.keyringFile, log, build: (signing) => makeApp(house, config, { log, signing, ...more }) })
    rotation = turning
    const server = makeServer(config, (request, response) => turning.current().listener(request, response))
    const port = await listen(server, config.port)
    const runner = await startRunner({ ...house, courier: (signal) => turning.current().courier(signal), log, chores: choresOf(house) })
    return {
      house,
      port,
      ...(beside && { sandbox: beside.open }),
      close: async () => {
        await turning.stop()
        await Promise.all([stop(server), beside?.close()])
        await settle()
        await runner.stop()
        await house.close()
      },
    }
  } catch (error) {
    await rotation?.stop()
    await beside?.close()
    await house.close()
    throw error
  }
}

/** The sandbox at its own port, with its own queue. */
async function serveSandbox(config: SandboxConfig, beside: Parameters<typeof openSandbox>[1]): Promise<{ open: OpenSandbox; close: () => Promise<void> }> {
  const open = await openSandbox(config, beside)
  try {
    const server = makeServer(config, open.app.listener)
    await listen(server, config.port)
    // For the portal's own programs: what stands before the issuer may not let this machine in.
    const inner = createHttp(connectionLimits, open.app.listener)
    open.listensAt(`http://127.0.0.1:${await listen(inner, 0, '127.0.0.1')}`)
    const runner = await startRunner({ ...open.house, courier: open.app.courier, log: beside.log })
    return {
      open,
      close: async () => {
        await Promise.all([server, inner].map(stop))
        await open.settle()
        await runner.stop()
        await open.house.close()
      },
    }
  } catch (error) {
    await open.house.close()
    throw error
  }
}

/** What is done at its hour (`storage/jobs/prepare.ts`). */
function choresOf(house: House): Chores {
  const { statistics, health, answerTimes, accounts, toldProblems, clock } = house
  return {
    papers: () => accounts.followPapers(clock.now()),
    reminders: () => remindAll(house),
    statistics: async () => {
      await statistics.refresh(clock.now())
      const before = (kept: number) => new Date(clock.now().getTime() - kept)
      await Promise.all([health.sweep(before(faultsKeptMilliseconds)), answerTimes.sweep(before(timesKeptMilliseconds)), toldProblems.sweep(before(daysKept * 86_400_000))])
    },
  }
}

/** Longer than anybody looks back. */
const faultsKeptMilliseconds = 35 * 86_400_000
const timesKeptMilliseconds = 86_400_000

function makeServer({ tls }: Pick<Config, 'tls'>, listener: RequestListener): Server {
  if (tls === undefined) return createHttp(connectionLimits, listener)
  const { cert, key, clientCa: ca } = tls
  return createHttps({ ...connectionLimits, cert, key, minVersion: 'TLSv1.2', ...(ca !== undefined && { ca, requestCert: true, rejectUnauthorized: false }) }, listener)
}

function listen(server: Server, port: number, host?: string): Promise<number> {
  return new Promise((listening, failed) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      failed(error.code === 'EADDRINUSE' ? new Refusal(`Port ${port} is in use: stop what listens there, or set PORT to another one.`, { cause: error }) : error)
    })
    server.listen({ port, ...(host !== undefined && { host }) }, () => {
      const address = server.address()
      listening(typeof address === 'object' && address !== null ? address.port : port)
    })
  })
}

/** Requests that run may finish for ten seconds; idle connections are closed at once. */
function stop(server: Server): Promise<void> {
  return new Promise((stopped) => {
    const impatient = setTimeout(() => server.closeAllConnections(), 10_000)
    server.close(() => {
      clearTimeout(impatient)
      stopped()
    })
    server.closeIdleConnections()
  })
}

/** Ends the process well on SIGTERM and SIGINT; a second signal ends it at once. */
export function closeOnSignal(running: Pick<Running, 'close'>, log: Log): void {
  let closing = false
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    process.on(signal, () => {
      if (closing) process.exit(1)
      closing = true
      log.info({ signal }, 'closing')
      running.close().then(() => process.exit(0), (error: unknown) => {
        log.error({}, 'closing failed', error)
        process.exit(1)
      })
    })
  }
}
