import { readFile } from 'node:fs/promises'
import { z } from 'zod'
import { Refusal } from '#kernel/refusal.ts'

/** The entries of a client file, as they stand there. */
export async function readEntries(file: string): Promise<readonly unknown[]> {
  const text = await readFile(file, 'utf8').catch((cause: unknown) => {
    throw new Refusal(`${file} cannot be read: check the path and the permissions.`, { cause })
  })
  try {
    return z.array(z.unknown()).min(1).parse(JSON.parse(text))
  } catch (cause) {
    throw new Refusal(`${file} is not a JSON array of clients: see docs/relying-parties/start-in-five-minutes.md for an example.`, { cause })
  }
}
