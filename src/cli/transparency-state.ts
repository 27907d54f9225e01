import { randomUUID } from 'node:crypto'
import { readFile, rename, writeFile } from 'node:fs/promises'
import { z } from 'zod'
import { Refusal } from '#kernel/refusal.ts'

/** What was in order at the last check, by the name of the log: one file may watch several. */
const remembered = z.strictObject({ key: z.string(), checkpoint: z.string() })
const stateFile = z.record(z.string(), remembered)
type Remembered = z.infer<typeof remembered>

export async function readState(file: string, name: string): Promise<Remembered | undefined> {
  return (await readAll(file))[name]
}

/** Whole or not at all: without the last head, a log that was rewritten would pass as new. */
export async function writeState(file: string, { name, ...one }: Remembered & { name: string }): Promise<void> {
  const draft = `${file}.${randomUUID()}.draft`
  try {
    await writeFile(draft, `${JSON.stringify({ ...await readAll(file), [name]: one }, null, 2)}\n`)
    await rename(draft, file)
  } catch (cause) {
    throw new Refusal(`${file} could not be written, so the next check would not know of this one.`, { cause })
  }
}

async function readAll(file: string): Promise<Readonly<Record<string, Remembered>>> {
  let text: string
  try {
    text = await readFile(file, 'utf8')
  } catch (cause) {
    if (cause instanceof Error && 'code' in cause && cause.code === 'ENOENT') return {}
    throw new Refusal(`${file} cannot be read: check the path and the permissions.`, { cause })
  }
  try {
    return stateFile.parse(JSON.parse(text))
  } catch (cause) {
    throw new Refusal(`${file} is not what an earlier check left: move it away only if you know why.`, { cause })
  }
}
