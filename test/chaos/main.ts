import { randomInt } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import { Command } from 'commander'
import { endOnSignal, wholeNumber } from '#bench/command.ts'
import { isSound, table } from './ledger.ts'
import { roll } from './rolling.ts'
import { runChaos } from './run.ts'

const say = (line: string) => process.stderr.write(`${line}\n`)

/** 0: all held; 1: something did not; 2: nothing could be tried. */
function absent(): never {
  console.error('chaos: needs PostgreSQL and Redis; on Debian: apt install postgresql redis-server')
  process.exit(2)
}

async function strike({ said: file, ...wanted }: { seed: number; points: number; seconds: number; said?: string }): Promise<void> {
  say(`seed ${wanted.seed}`)
  const { ledger, struck, people, tokens, requests, seconds, said } = await runChaos({ ...wanted, say }) ?? absent()
  const points = [...struck.values()].reduce((sum, count) => sum + count, 0)
  console.log(`seed ${wanted.seed}: ${points} points in ${Math.round(seconds)} s, ${people} people, ${requests} requests, ${tokens} answers with tokens`)
  console.log([...struck].map(([name, count]) => `${name} ${count}`).toSorted().join(', '))
  console.log(`\n${table(ledger)}`)
  for (const breach of ledger.breaches()) console.log(`breach: ${breach}`)
  if (file !== undefined) writeFileSync(file, said.join('\n'))
  process.exit(isSound(ledger) ? 0 : 1)
}

async function restartInTurn({ said: file, ...wanted }: { restarts: number; requests: number; said?: string }): Promise<void> {
  const { restarts, requests, signIns, failures, times, secondSignal, seconds, said } = await roll({ ...wanted, say }) ?? absent()
  console.log(`${restarts} restarts in turn in ${Math.round(seconds)} s, ${requests} requests, ${signIns} whole sign-ins among them, ${failures.length} failed`)
  console.log(`answers: median ${times.median} ms, 99 of 100 within ${times.of99} ms, the longest ${times.longest} ms`)
  console.log(secondSignal === undefined ? 'a second signal did not end a node with exit code 1' : `a second signal ended a node within ${Math.round(secondSignal)} ms`)
  if (file !== undefined) writeFileSync(file, said.join('\n'))
  for (const failure of failures.slice(0, 20)) console.log(`failed: ${failure}`)
  process.exit(failures.length === 0 && secondSignal !== undefined ? 0 : 1)
}

endOnSignal()

const program = new Command('npm run chaos --')
  .description('Starts PostgreSQL, Redis and two nodes behind a balancer, lets people sign in, breaks something at random points, and prints which promises were kept (docs/reliability.md).')
  .option('--seed <n>', 'the same seed breaks the same things in the same order', wholeNumber(2 ** 31), randomInt(1, 2 ** 31))
  .option('--points <n>', 'how often something is broken', wholeNumber(10_000), 20)
  .option('--seconds <n>', 'at most so long', wholeNumber(86_400), 1200)
  .option('--said <file>', 'where to keep what the nodes wrote')
  .action(strike)
program.command('rolling')
  .description('Restarts the two nodes in turn under load; no request may fail.')
  .option('--restarts <n>', 'how many restarts', wholeNumber(1000), 20)
  .option('--requests <n>', 'at least so many requests', wholeNumber(10_000_000), 50_000)
  .option('--said <file>', 'where to keep what the nodes wrote')
  .action(restartInTurn)
await program.parseAsync()
