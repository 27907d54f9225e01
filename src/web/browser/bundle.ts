import { build } from 'esbuild'
import { fileURLToPath } from 'node:url'

/** Our scripts for browsers, each a file of its own. */
export const scripts = ['passkey', 'developer', 'console', 'again', 'scanned'] as const
export type Script = (typeof scripts)[number]

/** A browser module as it must stand in `assets/built/`: one file, no source map, for browsers that know passkeys. */
export async function bundle(script: Script = 'passkey'): Promise<string> {
  const { outputFiles } = await build({
    entryPoints: [fileURLToPath(new URL(`${script}.ts`, import.meta.url))],
    bundle: true,
    minify: true,
    write: false,
    format: 'esm',
    target: 'es2020',
    legalComments: 'none',
    charset: 'utf8',
  })
  const [file] = outputFiles
  if (file === undefined) throw new Error('esbuild made no file')
  return file.text
}
