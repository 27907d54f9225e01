import { lint, print, types } from './house/gates.ts'
import { needed } from './house/servers-found.ts'
import { runSuites } from './house/suites.ts'

/** `npm test`: lint, types, then every suite this machine can run. With CI=true, leaving anything out is a failure. */
const complete = process.env['CI'] === 'true'

const gates = [await lint(), await types()]
for (const gate of gates) print(gate)
const { passed, failed, leftOut } = await runSuites(process.argv.slice(2))

const missing = needed().filter(({ found }) => !found).map(({ what, suites }) => `left out: ${suites} (no ${what} on this machine)`)
const skipped = leftOut.map(({ file, tests }) => `left out: ${tests} tests of ${file}`)
const omissions = [...missing, ...skipped]
for (const line of omissions) console.log(line)
if (complete && omissions.length > 0) console.log('CI=true: leaving anything out is a failure')
for (const { name, passed: content } of gates) if (!content) console.log(`failed: ${name}, see above`)

const passes = passed + gates.filter((gate) => gate.passed).length
const failures = failed + gates.filter((gate) => !gate.passed).length + (complete ? omissions.length : 0)
process.exitCode = failures === 0 && passed > 0 ? 0 : 1
console.log(`${passes} passed, ${failures} failed`)
