import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { describe } from 'vitest'
import { z } from 'zod'
import { needed, type Program } from '#test/house/servers-found.ts'
import { freePorts } from './ports.ts'
import { startServer, type TestServer } from './running.ts'

/** A program of `examples/`, running as whoever copies it would run it. */
export type Example = {
  origin: string
  /** The next line of JSON that it prints with this member; waits for it. */
  told: (member: string) => Promise<Record<string, unknown>>
  close: () => Promise<void>
}

export type ExampleName = keyof typeof usualPorts

const root = new URL('../../examples/', import.meta.url)
const usualPorts = { node: 3010, spa: 3011, python: 3012, php: 3013, api: 3016 }

/** `describe` where an example's language is installed; elsewhere the suite is left out and says so, and under CI=true that is a failure. */
export function describeWith(program: Program): typeof describe.skip {
  const missing = needed().find((one) => one.program === program && !one.found)
  if (missing === undefined) return describe
  if (process.env['CI'] === 'true') throw new Error(`${missing.what} is missing, and CI leaves nothing out`)
  console.log(`left out: ${missing.suites} (no ${missing.what} on this machine)`)
  return describe.skip
}

/** Registrations with the usual ports, moved to ports that are free. */
function clientsAt(ports: ReadonlyMap<string, number>, text: string): readonly unknown[] {
  const moved = text.replaceAll(/localhost:(\d+)/g, (_, port: string) => `localhost:${ports.get(port) ?? port}`)
  return z.array(z.unknown()).parse(JSON.parse(moved))
}

export type World = { server: TestServer; start: (name: ExampleName, command: (port: number) => readonly string[], env?: Record<string, string>) => Promise<Example>; close: () => Promise<void> }

/** The product with the clients of the examples, or others; each example is started on the port that its registration names. */
export async function startWorld(clients = readFileSync(new URL('clients.json', root), 'utf8')): Promise<World> {
  const names = Object.values(usualPorts)
  const free = await freePorts(names.length)
  const ports = new Map(names.map((usual, at) => [String(usual), free[at] ?? 0]))
  const server = await startServer({ clients: () => clientsAt(ports, clients), env: { OUTBOUND_ALLOW: 'localhost' } })
  const folder = mkdtempSync(join(tmpdir(), 'dinh-danh-example-'))
  const running: Example[] = []
  return {
    server,
    start: async (name, command, env = {}) => {
      const port = ports.get(String(usualPorts[name])) ?? 0
      const given = { ISSUER: server.issuer, PORT: String(port), KEY_FILE: join(folder, `${name}.json`), HOST: `localhost:${port}`, ...env }
      const example = await run(command(port), { cwd: new URL(`${name}/`, root), env: given, port })
      running.push(example)
      return example
    },
    close: async () => {
      await Promise.all(running.map((example) => example.close()))
      await server.close()
      rmSync(folder, { recursive: true })
    },
  }
}

type Place = { cwd: URL; env: Record<string, string>; port: number }

async function run([program = '', ...args]: readonly string[], { cwd, env, port }: Place): Promise<Example> {
  const child = spawn(program, args, { cwd, env: { PATH: process.env['PATH'], ...env }, stdio: ['ignore', 'pipe', 'pipe'] })
  const lines: string[] = []
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => lines.push(...chunk.toString('utf8').split('\n')))
  const origin = `http://localhost:${port}`
  await until(() => answers(child, { origin, lines }))
  return {
    origin,
    told: (member) => until(async () => {
      const at = lines.findIndex((line) => line.includes('{"') && line.includes(`"${member}"`))
      const [line] = at < 0 ? [] : lines.splice(0, at + 1).slice(-1)
      return line === undefined ? undefined : z.record(z.string(), z.unknown()).parse(JSON.parse(line.slice(line.indexOf('{"'))))
    }),
    close: async () => {
      if (child.exitCode !== null) return
      child.kill('SIGTERM')
      await once(child, 'exit')
    },
  }
}

async function answers(child: ChildProcess, { origin, lines }: { origin: string; lines: readonly string[] }): Promise<true | undefined> {
  if (child.exitCode !== null) throw new Error(`the example ended with ${child.exitCode}: ${lines.join('\n')}`)
  return fetch(origin).then(() => true as const, () => undefined)
}

/** Asks again until there is an answer; an example on a slow machine is given its time. */
async function until<Answer>(ask: () => Promise<Answer | undefined>): Promise<Answer> {
  const late = Date.now() + 20_000
  for (;;) {
    const answer = await ask()
    if (answer !== undefined) return answer
    if (Date.now() > late) throw new Error('the example has not answered')
    await pause(50)
  }
}
