/** Text that is already markup. Made by `html` alone, so that everything else is escaped. */
export type Html = { readonly markup: string }

export type Part = Html | string | number | false | undefined | readonly Part[]

const entities: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' }

function render(part: Part): string {
  if (part === false || part === undefined) return ''
  if (typeof part === 'string' || typeof part === 'number') return String(part).replaceAll(/[&<>"']/g, (found) => entities[found] ?? '')
  return 'markup' in part ? part.markup : part.map(render).join('')
}

/** A tagged template whose every value is escaped unless it is `Html`; attributes are always written in double quotes. */
export function html(texts: TemplateStringsArray, ...parts: Part[]): Html {
  return { markup: texts.reduce((all, text, at) => `${all}${render(parts[at - 1])}${text}`) }
}
