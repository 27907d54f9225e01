import { randomInt } from 'node:crypto'
import { Command, InvalidArgumentError } from 'commander'
import { isSound, table } from './ledger.ts'
import { runChaos } from './run.ts'

type Flags = { seed: number; points: number; seconds: number }

const wholeNumber = (most: number) => (text: string) => {
  const number = Number(text)
  if (Number.isInteger(number) && number >= 1 && number <= most) return number
  throw new InvalidArgumentError(`a whole number from 1 to ${most}`)
}

const { seed, points, seconds } = new Command('npm run chaos --')
  .description('Starts PostgreSQL, Redis and two nodes behind a balancer, lets people sign in, breaks something at random points, and prints which promises were kept.')
  .option('--seed <n>', 'the same seed breaks the same things in the same order', wholeNumber(2 ** 31), randomInt(1, 2 ** 31))
  .option('--points <n>', 'how often something is broken', wholeNumber(10_000), 20)
  .option('--seconds <n>', 'at most so long', wholeNumber(86_400), 1200)
  .parse().opts<Flags>()

process.once('SIGINT', () => process.exit(130))
process.once('SIGTERM', () => process.exit(143))
const result = await runChaos({ seed, points, seconds, say: (line) => process.stderr.write(`${line}\n`) })
if (result === undefined) {
  console.error('chaos: needs PostgreSQL and Redis; on Debian: apt install postgresql redis-server')
  process.exit(1)
}
const { ledger, struck, people, tokens } = result
console.log(`seed ${seed}, ${[...struck.values()].reduce((sum, count) => sum + count, 0)} points in ${Math.round(result.seconds)} s, ${people} people, ${tokens} answers with tokens`)
console.log([...struck].map(([name, count]) => `${name} ${count}`).toSorted().join(', '))
console.log(`\n${table(ledger)}`)
for (const breach of ledger.breaches()) console.log(`breach: ${breach}`)
process.exit(isSound(ledger) ? 0 : 1)
