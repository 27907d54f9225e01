import { cpus } from 'node:os'
import { Command, Option } from 'commander'
import { pin } from './child.ts'
import { runAndTell, wholeNumber } from './command.ts'
import { ratios, table } from './figures.ts'
import { runBench } from './run.ts'
import type { Result } from './run.ts'
import type { Engine } from './target-ours.ts'

type Flags = { engine: Engine | 'both'; vs: boolean; seconds: number; users: number; json: boolean; only?: string; profile?: string }

const command = new Command('npm run bench --')
  .description('Starts the server, drives it from this process, and prints what each operation costs in processor time.')
  .addOption(new Option('--engine <name>', 'what the server stores in').choices(['embedded', 'servers', 'both']).default('both'))
  .option('--vs', 'also measure a bare oidc-provider with its memory adapter, taking turns in the same run', false)
  .option('--seconds <n>', 'length of each of the two rounds of a scenario', wholeNumber(60), 3)
  .option('--users <n>', 'citizens who are registered and act at the same time', wholeNumber(64), 8)
  .option('--only <text>', 'only scenarios whose name contains this')
  .option('--profile <folder>', 'write a CPU profile of the server there (open it in a browser\'s developer tools); slows it down')
  .option('--json', 'print the figures as JSON and nothing else', false)

async function main(): Promise<void> {
  const flags = command.parse().opts<Flags>()
  const engines: readonly Engine[] = flags.engine === 'both' ? ['embedded', 'servers'] : [flags.engine]
  const pinned = pin(process.pid, 1)
  const say = (line: string) => process.stderr.write(`${line}\n`)
  const results: Result[] = []
  for (const engine of engines) results.push(await runBench({ ...flags, engine, only: flags.only, profile: flags.profile, say }))
  if (flags.json) {
    console.log(JSON.stringify({ node: process.version, cpu: cpus()[0]?.model, pinned, results }, undefined, 2))
    return
  }
  console.log(`Node.js ${process.version}, ${cpus()[0]?.model}; ${pinned ? 'server on one core, driver on another' : 'not pinned to cores'};`
    + ` ${flags.users} users, closed loop, 2 rounds of ${flags.seconds} s after a warm-up.`)
  console.log('CPU ms/op is user + system time of all processes of the server and its stores. Two equal servers differ by up to 15 %.')
  for (const result of results) print(result)
}

function print({ engine, ours, bare, memory, signInPage }: Result): void {
  console.log(`\n## ${engine}\n\n${table([...ours, ...bare])}\n`)
  for (const line of ratios(ours, bare)) console.log(`- ${line}`)
  for (const { target, serverPeak, stores } of memory) {
    console.log(`- memory of ${target}: server at most ${serverPeak.toFixed(0)} MB${stores > 0 ? `, stores ${stores.toFixed(0)} MB` : ''}`)
  }
  const parts = signInPage?.parts.map(({ path, bytes }) => `${path.replace(/^\/interaction\/.*/, 'page')} ${bytes}`).join(', ')
  console.log(`- sign-in page: ${signInPage?.bytes} bytes in ${signInPage?.requests} requests (${parts}); aims: 10,000 and 3`)
}

await runAndTell(main)
