import { createWriteStream } from 'node:fs'
import { rename, rm } from 'node:fs/promises'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { Refusal } from '#kernel/refusal.ts'
import { toCsv } from '#domain/registry/import.ts'
import { people } from '#domain/registry/synthetic.ts'
import { progressLine } from './progress.ts'

/** Lines at a time: a chunk of about 250 kB. */
const chunkLines = 200

function* chunks(lines: Iterable<string>, progress: (done: number) => void): Generator<string> {
  let chunk: string[] = []
  let done = 0
  for (const line of lines) {
    chunk.push(line)
    done += 1
    if (chunk.length < chunkLines) continue
    yield chunk.join('')
    progress(done)
    chunk = []
  }
  yield chunk.join('')
}

/** Writes a synthetic population to a file, which appears under its name only when it is whole. */
export async function generate({ people: count, seed, out }: { people: number; seed: string; out: string }): Promise<void> {
  const part = `${out}.part`
  const line = progressLine('people written')
  try {
    await pipeline(Readable.from(chunks(toCsv(people({ people: count, seed })), line.at)), createWriteStream(part))
    await rename(part, out)
  } catch (error) {
    await rm(part, { force: true }).catch(() => undefined)
    throw new Refusal(`${out} could not be written: check that the folder exists, is writable and has room.`, { cause: error })
  } finally {
    line.end()
  }
}
