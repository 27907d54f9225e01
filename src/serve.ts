import type { RequestListener } from 'node:http'
import { setTimeout as pause } from 'node:timers/promises'
import type { Log } from '#kernel/log.ts'
import { isFor } from '#kernel/plane.ts'
import { startRunner } from '#storage/jobs/runner.ts'
import { makeApp, rpOf } from './app.ts'
import { makeBackground } from './background.ts'
import { makeBeside, type Beside } from './sandbox/beside.ts'
import { choresOf } from './chores.ts'
import { startClockWatch, type ClockWatch } from './clock-watch.ts'
import type { Config } from './config.ts'
import { makeEnding } from './ending.ts'
import { openHouse, type House } from './house.ts'
import { makeDoor } from './door/line.ts'
import { leave, listen, makeServer, stop } from './listening.ts'
import { nodeNameOf } from './node-name.ts'
import { startRotation } from './rotation.ts'
import { readiness } from './readiness.ts'
import { startTrustWatch, type TrustWatch } from './trust-watch.ts'
import type { Metrics } from '#observe/metrics.ts'
import { surfaceOf } from '#web/answer/surface.ts'

/** `beside` is absent where there is no sandbox. */
export type Running = {
  house: House
  port: number
  beside?: Beside
  /** Whether a sign-in could be finished here now, and none is told to go elsewhere. */
  ready: () => Promise<boolean>
  /** No more traffic is wanted (`ready` says so), and what still comes is answered, for as long as it takes until nobody sends any; then what runs ends. */
  close: () => Promise<void>
}

type Options = {
  log: Log
  demoPortal?: string
  metrics?: Metrics
  /** Which of several processes of this server it is. */
  worker?: number | undefined
  /** How many there are. */
  workers?: number | undefined
  onMigrated?: (name: string) => void
  /** Runs between opening the stores and listening, for what a first start brings in. */
  prepare?: (house: House) => Promise<void>
}

/**
 * Opens the house, listens, and answers with how to close: say so, stop accepting, let requests finish, then close the stores. The sandbox is
 * started when the live server listens, and in its own time: only that it was given what is not its own ends the start.
 * Throws `Refusal` when it cannot.
 */
export async function serve(config: Config, { log, demoPortal, metrics, worker, workers, onMigrated, prepare }: Options): Promise<Running> {
  const node = nodeNameOf(config, worker)
  const house = await openHouse(config, { onMigrated, workers, node })
  const ending = makeEnding()
  ending.add('keeping', house.close)
  let isLeaving = false
  let watch: ClockWatch | undefined
  const ready = readiness(house, { leaving: () => isLeaving, clockIsOff: () => watch?.isOff() ?? false })
  try {
    watch = await startClockWatch({ ...house, log, figures: metrics?.clock })
    ending.add('looking', watch.stop)
    const trust = watchTrust(house, config, log)
    if (trust) ending.add('looking', trust.stop)
    await prepare?.(house)
    const live = { database: house.database, keyringFile: config.keyringFile, redisUrl: config.redisUrl }
    const beside = config.sandbox && makeBeside(config.sandbox, { log, live, portal: config.issuer })
    const { settle, ...background } = makeBackground({ ...house, log })
    ending.add('remaining', settle)
    const door = makeDoor({ ...house, log, places: config.maxInFlight, figures: metrics?.gate })
    ending.add('looking', async () => door.line.stop())
    const more = { ...background, ready, ...door, ...(demoPortal !== undefined && { demoPortal }), ...(beside && { sandbox: beside.sandbox }) }
    const turning = await startRotation({ house, node, keyringFile: config.keyringFile, log, build: (signing) => makeApp(house, config, { log, signing, ...more }) })
    ending.add('looking', turning.stop)
    const server = makeServer(config, measured(metrics, (request, response) => turning.current().listener(request, response)))
    ending.add('answering', () => stop(server))
    const port = await listen(server, config.port)
    await beside?.refuseShared()
    // What is told later and done at its hour takes rights that no process for everybody has.
    if (isFor(config.plane, 'console')) {
      const runner = await startRunner({ ...house, courier: (signal) => turning.current().courier(signal), log, chores: choresOf(house, rpOf(config)) })
      ending.add('telling', runner.stop)
    }
    if (beside) ending.add('answering', beside.stop)
    beside?.start()
    return {
      house,
      port,
      ...(beside && { beside }),
      ready: ready.ready,
      close: async () => {
        isLeaving = true
        leave(server)
        await pause(config.drainMilliseconds)
        await ending.end()
      },
    }
  } catch (error) {
    await ending.end().catch((fault: unknown) => log.error({}, 'what was opened could not be closed', fault))
    throw error
  }
}

/** Where chips are read, whom they are believed of. */
function watchTrust({ chipTrust: held, clock }: House, { chipTrustFile: file }: Config, log: Log): TrustWatch | undefined {
  return held === undefined || file === undefined ? undefined : startTrustWatch({ file, held, clock, log })
}

function measured(metrics: Metrics | undefined, listener: RequestListener): RequestListener {
  if (metrics === undefined) return listener
  return (request, response) => {
    const begun = performance.now()
    metrics.begun()
    const surface = surfaceOf(request.url ?? '/')
    response.once('close', () => metrics.ended({ surface, status: response.statusCode, seconds: (performance.now() - begun) / 1000 }))
    listener(request, response)
  }
}

/**
 * Ends the process well on SIGTERM and SIGINT; a second signal ends it at once. Answers with what does the same. Under a `parent` that
 * tells each of its processes itself, the SIGINT of a terminal, which reaches them all, is left to it.
 */
export function closeOnSignal({ close }: Pick<Running, 'close'>, log: Log, under?: 'parent'): () => void {
  let closing = false
  const end = (signal: string) => {
    if (closing) process.exit(1)
    closing = true
    log.info({ signal }, 'closing')
    close().then(() => process.exit(0), (error: unknown) => {
      log.error({}, 'closing failed', error)
      process.exit(1)
    })
  }
  process.on('SIGTERM', end)
  process.on('SIGINT', under === 'parent' ? () => undefined : end)
  return () => end('parent')
}
