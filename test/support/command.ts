import { Command } from 'commander'

/** Runs a command as the program does, and answers what it printed and its exit code; what commander itself says of a wrong call is thrown. */
export async function runCommand(add: (program: Command, print: (text: string) => void) => void, ...args: readonly string[]): Promise<{ text: string; code: typeof process.exitCode }> {
  const printed: string[] = []
  process.exitCode = undefined
  const program = new Command().exitOverride().configureOutput({ writeErr: () => undefined })
  add(program, (text) => void printed.push(text))
  await program.parseAsync(args, { from: 'user' })
  return { text: printed.join('\n'), code: process.exitCode }
}
