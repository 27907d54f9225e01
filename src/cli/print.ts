/** Answers go to standard output, one call a line; everything else a command says goes to standard error. */
export type Print = (text: string) => void

export const print: Print = (text) => void process.stdout.write(`${text}\n`)

/** `eid … | head` closes our output when it has seen enough; that is no fault. */
export function endQuietlyWhenUnread(): void {
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') process.exit(0)
    throw error
  })
}
