import { readFileSync } from 'node:fs'
import { basename } from 'node:path'
import type { DeveloperClient } from '#domain/sandbox/developer-client.ts'
import { filled, placeOf, sampleFor, samples } from '#domain/sandbox/sample.ts'

const examples = new URL('../../../examples/', import.meta.url)
const read = new Map<string, string>()

/** An example as it is in the repository, read when it is first looked at. */
function textOf(file: string): string {
  const known = read.get(file) ?? readFileSync(new URL(file, examples), 'utf8')
  read.set(file, known)
  return known
}

export type Code = {
  language: string
  run: string
  files: readonly { name: string; text: string }[]
  /** It does not speak what this client speaks: FAPI 2.0, for which one needs more than these libraries do. */
  other?: boolean
}

/** The code of every language with this client's values in it. */
export function codeFor({ id, redirectUri, kind }: DeveloperClient, issuer: string): readonly Code[] {
  return samples.map((sample) => {
    const { language } = sample
    const found = sampleFor(sample, kind, placeOf(redirectUri))
    if (found === undefined) return { language, run: '', files: [], other: true }
    return { language, run: found.run, files: found.files.map((file) => ({ name: basename(file), text: filled(sample, textOf(file), { id, issuer, redirectUri, kind }) })) }
  })
}
