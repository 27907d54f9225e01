import { InvalidArgumentError } from 'commander'

/** Reads an option that is a whole number, from one up where nothing is said. */
export const wholeNumber = (most: number, least = 1) => (text: string): number => {
  const number = Number(text)
  if (Number.isInteger(number) && number >= least && number <= most) return number
  throw new InvalidArgumentError(`a whole number from ${least} to ${most}`)
}

/** So that whatever was started ends with this process. */
export function endOnSignal(): void {
  process.once('SIGINT', () => process.exit(130))
  process.once('SIGTERM', () => process.exit(143))
}

/** Runs a measurement and says in one line what ended it; the whole error with `DEBUG`. */
export async function runAndTell(main: () => Promise<void>): Promise<void> {
  endOnSignal()
  await main().catch((error: unknown) => {
    console.error(error instanceof Error ? `bench: ${error.message}` : error)
    if (process.env['DEBUG']) console.error(error)
    process.exitCode = 1
  })
}
