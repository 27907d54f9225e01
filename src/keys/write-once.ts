import { randomUUID } from 'node:crypto'
import { link, open, unlink } from 'node:fs/promises'
import { dirname } from 'node:path'

/**
 * Writes a file that only its owner may read, whole or not at all, and never over one that is there: the text is on the disk
 * before the name appears, and of two writers at once the second leaves the first one's file alone, and hears `false`.
 */
export async function writeOnce(file: string, text: string, mode: 0o600 | 0o400 = 0o600): Promise<boolean> {
  const draft = `${file}.${randomUUID()}.draft`
  await written(draft, text, mode)
  try {
    // `link` fails where `rename` would replace the file of a faster process.
    await link(draft, file)
    await synced(dirname(file))
    return true
  } catch (cause) {
    if (!(cause instanceof Error && 'code' in cause && cause.code === 'EEXIST')) throw cause
    return false
  } finally {
    await unlink(draft)
  }
}

async function written(file: string, text: string, mode: number): Promise<void> {
  const handle = await open(file, 'wx', mode)
  try {
    await handle.writeFile(text)
    await handle.sync()
  } finally {
    await handle.close()
  }
}

async function synced(folder: string): Promise<void> {
  const handle = await open(folder, 'r')
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}
