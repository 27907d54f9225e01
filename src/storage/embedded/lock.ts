import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { Refusal } from '#kernel/refusal.ts'

/** Whoever forgets how to give a lock back keeps it all the same: collected as garbage, it would end in silence. */
const held = new Set<DatabaseSync>()

/**
 * Takes a data folder for this process alone and answers how to give it back. Two processes on one PGlite folder corrupt it
 * without a word (docs/decisions/0003), so a second one is refused with `Refusal`.
 *
 * The lock is one of the kernel's on an open file, which SQLite takes for us (Node has no `flock`): it ends with the process
 * however that ends, so no lock is ever left behind and no process number has to be believed. The number beside it is only
 * for the sentence.
 */
export function lockFolder(folder: string): () => void {
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  const owner = join(folder, 'lock.pid')
  const lock = new DatabaseSync(join(folder, 'lock'))
  try {
    lock.exec('pragma journal_mode = memory; begin exclusive')
  } catch (cause) {
    lock.close()
    throw new Refusal(`The data folder ${folder} is in use by process ${numberIn(owner)}: stop it, or set DATA_DIR to another folder.`, { cause })
  }
  writeFileSync(owner, String(process.pid))
  held.add(lock)
  return () => {
    held.delete(lock)
    lock.close()
  }
}

function numberIn(file: string): string {
  try {
    return readFileSync(file, 'utf8').slice(0, 10)
  } catch {
    return '(unknown)'
  }
}
