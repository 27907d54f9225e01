import { readFile } from 'node:fs/promises'
import { z } from 'zod'
import { Refusal } from '#kernel/refusal.ts'
import { logOrigin, logPlaces } from '#web/place/program.ts'

/** A log as somebody shows it. */
export type Source = { name: string; key: string; checkpoint: string; entries: () => AsyncIterable<string> }

const copy = z.strictObject({ key: z.string(), checkpoint: z.string(), entries: z.array(z.string()) })
const page = z.object({ entries: z.array(z.string()).max(100) })

export async function storedLog(file: string): Promise<Source> {
  const text = await readFile(file, 'utf8').catch((cause: unknown) => {
    throw new Refusal(`${file} cannot be read: check the path and the permissions.`, { cause })
  })
  const { key, checkpoint, entries } = parse(copy, text, file)
  return { name: key.split('+')[0] ?? file, key, checkpoint, entries: () => inTurn(entries) }
}

async function* inTurn(entries: readonly string[]): AsyncGenerator<string> {
  yield* entries
}

/** The head first and the entries after it: what comes in between is not waited for. */
export async function servedLog(issuer: string): Promise<Source> {
  if (!URL.canParse(issuer)) throw new Refusal(`${issuer} is not an address: say it as https://eid.example.`)
  const at = (path: string) => new URL(path, issuer).href
  const [key, checkpoint] = [await get(at(logPlaces.key)), await get(at(logPlaces.checkpoint))]
  return { name: logOrigin(issuer), key, checkpoint, entries: () => pages(at(logPlaces.entries)) }
}

/** Ends where the log gives no more; whoever reads stops earlier, at the size of the head. */
async function* pages(address: string): AsyncGenerator<string> {
  for (let from = 0; ; ) {
    const url = `${address}?from=${from}&to=${from + 99}`
    const { entries } = parse(page, await get(url), url)
    if (entries.length === 0) return
    yield* entries
    from += entries.length
  }
}

/** Ten seconds for each answer, no redirect to elsewhere, and no more than 16 MB. */
async function get(url: string): Promise<string> {
  const most = 16 * 1024 * 1024
  try {
    const response = await fetch(url, { redirect: 'error', signal: AbortSignal.timeout(10_000) })
    if (response.status !== 200) throw new Error(`it answers ${response.status}`)
    const chunks: Uint8Array[] = []
    let length = 0
    for await (const chunk of response.body ?? []) {
      chunks.push(chunk)
      length += chunk.length
      if (length > most) throw new Error('it answers too much')
    }
    return Buffer.concat(chunks).toString('utf8')
  } catch (cause) {
    throw new Refusal(`${url} cannot be read (${cause instanceof Error ? cause.message : 'no reason was given'}).`, { cause })
  }
}

function parse<Shape extends z.ZodType>(shape: Shape, text: string, where: string): z.output<Shape> {
  try {
    return shape.parse(JSON.parse(text))
  } catch (cause) {
    throw new Refusal(`${where} does not hold what a log should.`, { cause })
  }
}
