/** Text that is already safe to stand in a page. Only `html` and `trusted` make it, so a plain string can never pose as it. */
export class Html {
  readonly text: string

  constructor(text: string) {
    this.text = text
  }
}

export type Part = Html | string | number | false | undefined | readonly Part[]

const entities: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' }

function escape(text: string): string {
  return text.replace(/[&<>"']/g, (sign) => entities[sign] ?? sign)
}

function render(part: Part): string {
  if (part instanceof Html) return part.text
  if (part === undefined || part === false) return ''
  if (typeof part === 'string' || typeof part === 'number') return escape(String(part))
  return part.map(render).join('')
}

/**
 * The template of every page: parts are escaped for text and for quoted attributes (both quotes) unless they are `Html`;
 * arrays are joined; `undefined` and `false` render nothing. Never put a part into an unquoted attribute, a tag name, a
 * script or a style (ASVS 1.2.1).
 */
export function html(strings: TemplateStringsArray, ...parts: readonly Part[]): Html {
  return new Html(strings.map((text, index) => text + render(parts[index])).join(''))
}

/** For constants of ours that are not templates (inline SVG, the style sheet). Never for anything that came in. */
export function trusted(constant: string): Html {
  return new Html(constant)
}

/** A value for our scripts, as a data block: not executed, so the content security policy needs no exception for it. */
export function jsonBlock(id: string, value: object): Html {
  // Within script elements only "<" can end the block or open a comment (HTML §4.12.1.3).
  const json = JSON.stringify(value).replaceAll('<', '\\u003c')
  return html`<script type="application/json" id="${id}">${trusted(json)}</script>`
}

export function renderHtml(page: Html): string {
  return page.text
}
