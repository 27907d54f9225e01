import { constants } from 'node:fs'
import { open, realpath, rename, stat, unlink } from 'node:fs/promises'
import { dirname } from 'node:path'
import { Refusal } from '#kernel/refusal.ts'
import { foundFile, makeSigningJwk, serveTwice, signingEntry, type FoundFile, type SigningAlgorithm, type SigningEntry } from './ring-file.ts'
import { readRing } from './keyring.ts'

/** Adds a fresh key that is published and does not sign yet. */
export async function stageKey(file: string, alg: SigningAlgorithm, now: Date): Promise<SigningEntry> {
  const entry = signingEntry.parse({ state: 'staged', createdAt: now.toISOString(), jwk: await makeSigningJwk(alg) })
  await changeSigning(file, (signing) => [...signing, entry])
  return entry
}

/** Removes a key for good. Whether anybody still needs it is for the caller to know. */
export async function dropKey(file: string, kid: string): Promise<void> {
  await changeSigning(file, (signing) => signing.filter(({ jwk }) => jwk.kid !== kid))
}

type Signing = readonly SigningEntry[]

/** Of two changes at once the second is refused, so that none is lost; a reader finds the file as it was or as it will be. */
async function changeSigning(named: string, change: (signing: Signing) => Signing): Promise<void> {
  const file = await realpath(named)
  const lock = `${file}.lock`
  await taken(lock)
  try {
    // The log's key may be in a file of its own, and stays there.
    const { transparency, ...ring } = await readRing(file)
    const text = await readText(file)
    const own = foundFile.parse(JSON.parse(text))
    const next: FoundFile = foundFile.parse({ ...own, signing: change(ring.signing) })
    if (serveTwice({ ...next, transparency })) throw new Refusal('This key signs the transparency log: it cannot sign tokens too.')
    await replaced(file, `${JSON.stringify(next, null, 2)}\n`)
  } finally {
    await unlink(lock)
  }
}

async function taken(lock: string): Promise<void> {
  try {
    await (await open(lock, 'wx', 0o600)).close()
  } catch (cause) {
    const busy = cause instanceof Error && 'code' in cause && cause.code === 'EEXIST'
    throw new Refusal(busy
      ? `The key file is being changed by another command. If none runs, remove ${lock}.`
      : `The key file cannot be changed here: its folder cannot be written (${lock}). Change it where it is kept, and give every node the same file.`, { cause })
  }
}

async function readText(file: string): Promise<string> {
  const handle = await open(file, constants.O_RDONLY)
  try {
    return await handle.readFile('utf8')
  } finally {
    await handle.close()
  }
}

/** Whole or not at all, with the owner and mode that it had: the server reads it under its own name. */
async function replaced(file: string, text: string): Promise<void> {
  const { mode, uid, gid } = await stat(file)
  const draft = `${file}.draft`
  try {
    const handle = await open(draft, 'wx', 0o600)
    try {
      await handle.writeFile(text)
      if (process.getuid?.() === 0) await handle.chown(uid, gid)
      await handle.chmod(mode & 0o777)
      await handle.sync()
    } finally {
      await handle.close()
    }
    await rename(draft, file)
  } catch (error) {
    await unlink(draft).catch(() => undefined)
    throw error
  }
  const folder = await open(dirname(file), 'r')
  try {
    await folder.sync()
  } finally {
    await folder.close()
  }
}
