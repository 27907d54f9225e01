import { constants } from 'node:fs'
import { open } from 'node:fs/promises'
import { Refusal } from '#kernel/refusal.ts'

/** The text of a file that only its owner may read; undefined when there is none. The open file is judged, not its name. */
export async function readPrivate(file: string): Promise<string | undefined> {
  let handle
  try {
    handle = await open(file, constants.O_RDONLY)
  } catch (cause) {
    if (cause instanceof Error && 'code' in cause && cause.code === 'ENOENT') return undefined
    throw new Refusal(`The key file ${file} cannot be read.`, { cause })
  }
  try {
    const { mode } = await handle.stat()
    if ((mode & 0o077) !== 0) {
      throw new Refusal(`The key file ${file} may be read by other users. Run: chmod 600 ${file}`)
    }
    return await handle.readFile('utf8')
  } finally {
    await handle.close()
  }
}
