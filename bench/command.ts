import { InvalidArgumentError } from 'commander'

/** Reads an option that is a whole number from one up. */
export const wholeNumber = (most: number) => (text: string): number => {
  const number = Number(text)
  if (Number.isInteger(number) && number >= 1 && number <= most) return number
  throw new InvalidArgumentError(`a whole number from 1 to ${most}`)
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
