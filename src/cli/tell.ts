import { Refusal } from '#kernel/refusal.ts'
import { RuleFault } from '#app/rules.ts'

/** A refusal is a sentence for the operator; anything else is a bug and shows where it happened. */
export function tellAndExit(error: unknown): never {
  process.stderr.write(`${textOf(error)}\n`)
  process.exit(typeof process.exitCode === 'number' && process.exitCode !== 0 ? process.exitCode : 1)
}

export function textOf(error: unknown): string {
  if (error instanceof Refusal) return error.message
  if (error instanceof RuleFault) return `The rules in config/ have faults:\n${error.lines.map((line) => `  ${line}`).join('\n')}`
  return error instanceof Error ? (error.stack ?? error.message) : String(error)
}
