import { z } from 'zod'
import { Refusal } from '#kernel/refusal.ts'
import { readPrivate } from './private-file.ts'
import { logKey, makeLogKey, type LogKeyEntry } from './ring-file.ts'
import { writeOnce } from './write-once.ts'

/**
 * The log's key for a key file from before there was a transparency log: in a file of its own beside it, made once. The key file stays as
 * it is, so that an older program still opens it. Of several processes one makes it and all read that one's.
 */
export async function keyBeside(file: string, now: () => Date): Promise<LogKeyEntry> {
  const beside = `${file}.transparency`
  const text = await readPrivate(beside) ?? await made(beside, now())
  const result = logKey.safeParse(json(text))
  if (result.success) return result.data
  throw new Refusal(`The key file ${beside} is not as it should be: ${z.prettifyError(result.error).replaceAll('\n', ' ')}`)
}

async function made(file: string, now: Date): Promise<string | undefined> {
  const text = `${JSON.stringify(await makeLogKey(now), null, 2)}\n`
  await writeOnce(file, text).catch((cause: unknown) => {
    throw new Refusal(`The transparency log needs a key, and ${file} cannot be written: run any eid command once where it can, then give every node that file.`, { cause })
  })
  return readPrivate(file)
}

function json(text: string | undefined): unknown {
  try {
    return JSON.parse(text ?? '')
  } catch {
    // The parser's message quotes the text, which holds a key.
    return undefined
  }
}
