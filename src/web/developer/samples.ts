import { readFileSync } from 'node:fs'
import { basename } from 'node:path'
import type { DeveloperClient } from '#domain/sandbox/developer-client.ts'
import { filled, placeOf, samples } from '#domain/sandbox/sample.ts'

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
  /** Why this client cannot be run by it. */
  other?: 'key' | 'secret' | 'baseline' | undefined
}

/** The code of every language with this client's values in it. */
export function codeFor({ id, redirectUri, kind }: DeveloperClient, issuer: string): readonly Code[] {
  return samples.map((sample) => {
    const fits = sample.fits.includes(kind)
    return {
      language: sample.language,
      run: sample.run(placeOf(redirectUri)),
      files: fits ? sample.files.map((file) => ({ name: basename(file), text: filled(sample, textOf(file), { id, issuer, redirectUri }) })) : [],
      ...(!fits && { other: otherOf(sample.fits, kind) }),
    }
  })
}

function otherOf(fits: readonly string[], kind: string): 'key' | 'secret' | 'baseline' {
  if (fits.includes('secret')) return 'secret'
  return kind === 'fapi2' ? 'baseline' : 'key'
}
