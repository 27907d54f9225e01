import { randomUUID } from 'node:crypto'
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { people } from '#domain/registry/synthetic.ts'
import type { Person } from '#domain/registry/person.ts'
import { readConfig } from '#app/config.ts'
import { bringClients } from '#app/start/people.ts'
import { openHouse, type House } from '#app/house.ts'
import { makeAuthenticator } from './authenticator.ts'
import { lookMilliseconds, openBalancer, type Answered, type Balancer } from './balancer.ts'
import type { Citizen } from './citizen.ts'
import { openFaultProxy, type FaultProxy } from './fault-proxy.ts'
import { mailedCode } from './mail.ts'
import { ownNode, type OwnNode } from './own-node.ts'
import { freePorts } from './ports.ts'
import { startPostgres } from './postgres-server.ts'
import { startRedis } from './redis-server.ts'
import type { Lasting } from './server-process.ts'
import type { TestClient } from './test-clients.ts'

export type Store = 'redis' | 'postgres'

/**
 * Nodes behind a balancer, on a PostgreSQL and a Redis of their own, and between them and each store a proxy that fails on demand. All of it
 * runs outside of this process, so that it can be killed; it needs no test runner.
 */
export type OwnCluster = {
  /** Where relying parties and people come: the balancer. */
  issuer: string
  nodes: readonly OwnNode[]
  balancer: Balancer
  stores: Readonly<Record<Store, Lasting>>
  proxies: Readonly<Record<Store, FaultProxy>>
  /** Somebody of the registry who has no account yet. */
  nextCitizen: () => Citizen
  /** The same stores and keys from here: by way of the proxies as a node has them, or past them. */
  openHouse: (by: 'proxies' | 'itself') => Promise<House>
  close: () => Promise<void>
}

const population = { people: 1500, seed: 'own-cluster' }

/** As a Redis of a server in production writes: to its log at once, which reaches the disk within a second. */
const keptOnDisk = ['--appendonly', 'yes', '--appendfsync', 'everysec']

type Wish = { nodes: number; clients: readonly TestClient[]; heard?: (answered: Answered) => void; /** Further variables of the nodes. */ env?: Readonly<Record<string, string>> }

/** Undefined where PostgreSQL or Redis is not installed. */
export async function startCluster({ nodes: count, clients, heard, env = {} }: Wish): Promise<OwnCluster | undefined> {
  const [postgres, redis] = await Promise.all([startPostgres(), startRedis(keptOnDisk)])
  if (postgres === undefined || redis === undefined) return undefined
  const folder = mkdtempSync(join(tmpdir(), 'dinh-danh-cluster-'))
  const mailDir = join(folder, 'mail')
  mkdirSync(mailDir)
  const ports = await freePorts(count * 2)
  const at = (index: number) => ({ port: ports[index * 2] ?? 0, healthPort: ports[index * 2 + 1] ?? 0 })
  const balancer = await openBalancer(Array.from({ length: count }, (_, index) => ({ port: at(index).port, ready: `http://127.0.0.1:${at(index).healthPort}/readyz` })), heard)
  const proxies = { postgres: await openFaultProxy(postgres.url), redis: await openFaultProxy(redis.url) }
  const issuer = `http://localhost:${balancer.port}`
  const common = { ISSUER: issuer, DATA_DIR: folder, MAIL_DIR: mailDir, LOG_LEVEL: 'error', ...env }
  const through = { ...common, DATABASE_URL: proxies.postgres.url, REDIS_URL: proxies.redis.url }
  const direct = { ...common, DATABASE_URL: postgres.url, REDIS_URL: redis.url }
  const nodes = Array.from({ length: count }, (_, index) => ownNode({ ...at(index), env: through }))
  const close = async () => {
    await Promise.all(nodes.map((node) => node.kill()))
    await Promise.all([balancer.close(), proxies.postgres.close(), proxies.redis.close()])
    await Promise.all([postgres.stop(), redis.stop()])
    rmSync(folder, { recursive: true, force: true })
  }
  try {
    await fill(direct, clients)
    await Promise.all(nodes.map((node) => node.start()))
    while (balancer.ready() < count) await pause(lookMilliseconds)
  } catch (error) {
    await close()
    throw error
  }
  const waiting = [...people(population)].filter(canRegister)
  return {
    issuer, nodes, balancer, stores: { postgres, redis }, proxies, close,
    openHouse: (by) => houseAt(by === 'proxies' ? through : direct),
    nextCitizen: () => {
      const person = waiting.shift()
      if (person === undefined) throw new Error('everybody of the registry has an account')
      return citizenOf(person, { issuer, mailDir })
    },
  }
}

function houseAt(variables: Readonly<Record<string, string>>): Promise<House> {
  const { config, faults } = readConfig(variables, () => '')
  if (config === undefined) throw new Error(JSON.stringify(faults))
  return openHouse(config)
}

async function fill(variables: Readonly<Record<string, string>>, clients: readonly TestClient[]): Promise<void> {
  const house = await houseAt(variables)
  try {
    await house.registry.importAll(inOneBatch([...people(population)]))
    await bringClients(house, clients.map(({ metadata }) => metadata))
  } finally {
    await house.close()
  }
}

async function* inOneBatch(everybody: readonly Person[]) {
  yield everybody
}

function canRegister({ kind, birthDate, life, card }: Person): boolean {
  return kind === 'citizen' && birthDate.length === 10 && birthDate < '2000' && life.status === 'alive' && card !== undefined && (card.expiresOn ?? '9999') > '2027'
}

function citizenOf({ number, name, birthDate }: Person, { issuer, mailDir }: { issuer: string; mailDir: string }): Citizen {
  const email = `p-${randomUUID()}@example.com`
  return {
    number, name, birthDate, email,
    authenticator: makeAuthenticator({ rpId: 'localhost', origin: issuer }),
    readCode: () => mailedCode(mailDir, email),
  }
}
