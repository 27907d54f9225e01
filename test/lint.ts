import { lint, print } from './house/gates.ts'

const gate = await lint()
print(gate)
process.exitCode = gate.passed ? 0 : 1
