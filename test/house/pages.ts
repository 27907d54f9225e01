import { globSync } from 'node:fs'
import { dirname, join, normalize } from 'node:path'
import { existsSync } from 'node:fs'
import { open, root, type Source } from './source.ts'

/** The pages for relying parties and those of the examples. */
export function pagesForParties(): readonly Source[] {
  return globSync(['docs/relying-parties/*.md', 'examples/**/README.md'], { cwd: root, exclude: ['**/node_modules/**'] }).toSorted().map(open)
}

export type Block = { page: string; language: string; text: string }

/** What stands between fences, with the language that the fence names. */
export function blocks({ path, text }: Source): readonly Block[] {
  return [...text.matchAll(/^```(\w*)\n([^]*?)^```$/gm)].map(([, language = '', inside = '']) => ({ page: path, language, text: inside }))
}

/** Addresses within the repository that lead nowhere: a page that is not there, or a heading that it does not have. */
export function deadLinks({ path, text }: Source): readonly string[] {
  const links = [...text.matchAll(/\]\(([^)\s]+)\)/g)].map(([, to = '']) => to).filter((to) => !/^https?:/.test(to))
  return links.filter((to) => {
    const [file = '', heading] = to.split('#')
    const target = file === '' ? path : normalize(join(dirname(path), file))
    if (!existsSync(join(root, target))) return true
    return heading !== undefined && !headings(open(target).text).includes(heading)
  })
}

function headings(text: string): readonly string[] {
  return [...text.matchAll(/^#+ (.+)$/gm)].map(([, title = '']) => title.toLowerCase().replaceAll(/[^\p{L}\p{N} _-]/gu, '').replaceAll(' ', '-'))
}
