import { readFileSync } from 'node:fs'
import { faultLines } from '#app/environment/fault.ts'
import { readConfig, type Config } from '#app/config.ts'

/** The configuration of this process, where nothing is said with what is `usual`; with any fault in it, all of them are told and nothing is started. */
export function configOrExit(usual: Readonly<Record<string, string>> = {}): Config {
  const { config, faults } = readConfig({ ...usual, ...process.env }, (path) => readFileSync(path, 'utf8'))
  if (config !== undefined) return config
  const lines = faultLines(faults).map((line) => `  ${line}`)
  process.stderr.write(`The configuration has ${faults.length} fault${faults.length === 1 ? '' : 's'}; nothing was started:\n${lines.join('\n')}\n`)
  process.exit(1)
}
