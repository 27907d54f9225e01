import { print, types } from './house/gates.ts'

const gate = await types()
print(gate)
process.exitCode = gate.passed ? 0 : 1
