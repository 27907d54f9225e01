import { build } from 'esbuild'
import { fileURLToPath } from 'node:url'

/** The browser module as it must stand in `assets/built/`: one file, no source map, for browsers that know passkeys. */
export async function bundle(): Promise<string> {
  const { outputFiles } = await build({
    entryPoints: [fileURLToPath(new URL('passkey.ts', import.meta.url))],
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
