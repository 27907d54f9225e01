import { open } from '#test/house/source.ts'

export type Block = { heading: string; lines: readonly string[] }

/** The commands of docs/runbook.md, by the heading under which they stand. */
export function blocks(): readonly Block[] {
  const sections = open('docs/runbook.md').text.split(/^##+ /m).slice(1)
  return sections.flatMap((section) => {
    const [heading = ''] = section.split('\n')
    return [...section.matchAll(/^ *```sh\n([^]*?)^ *```$/gm)].map(([, text = '']) => ({ heading, lines: text.split('\n').map((line) => line.trim()).filter((line) => line !== '') }))
  })
}

/** What a line runs: variables before it, then words; a pipe begins another. */
export function commandsIn(line: string): readonly { env: Readonly<Record<string, string>>; words: readonly string[] }[] {
  return line.split(' | ').map((part) => {
    const words = [...part.matchAll(/"[^"]*"|'[^']*'|\S+/g)].map(([word]) => word.replaceAll(/^["']|["']$/g, ''))
    const from = words.findIndex((word) => !/^[A-Z_]+=/.test(word))
    const env = Object.fromEntries(words.slice(0, from).map((word) => [word.slice(0, word.indexOf('=')), word.slice(word.indexOf('=') + 1)]))
    return { env, words: words.slice(from) }
  })
}
