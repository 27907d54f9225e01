import { html, type Html, type Part } from '#web/html.ts'

/** One column: what stands on the ground and what on top of it, or one whole whose parts are not told. */
export type Bar = { label: string; good: number; bad: number; whole?: never } | { label: string; whole: number }

const sumOf = (bar: Bar): number => bar.whole ?? bar.good + bar.bad

const step = 10
const height = 100

/**
 * Columns as a picture. It says what it shows and stands beside a table with the same numbers (WCAG 1.1.1); columns are as wide as there
 * is room, so that a month fits a phone.
 */
export function bars(id: string, { title, description, columns }: { title: string; description: string; columns: readonly Bar[] }): Html {
  const most = Math.max(1, ...columns.map(sumOf))
  const part = (kind: 'good' | 'bad' | 'whole', place: { x: number; y: number; tall: number }): Part =>
    place.tall > 0 && html`<rect class="${kind}" x="${place.x}" y="${rounded(place.y)}" width="${step - 2}" height="${rounded(place.tall)}"/>`
  const column = (bar: Bar, at: number) => {
    const x = at * step + 1
    const [low, high] = bar.whole === undefined ? [(bar.good / most) * height, (bar.bad / most) * height] : [(bar.whole / most) * height, 0]
    return html`<g><title>${bar.label}</title>${part(bar.whole === undefined ? 'good' : 'whole', { x, y: height - low, tall: low })}${part('bad', { x, y: height - low - high, tall: high })}</g>`
  }
  return html`<svg class="bars" viewBox="0 0 ${columns.length * step} ${height}" preserveAspectRatio="none" role="img" aria-labelledby="${id}-title ${id}-text">
<title id="${id}-title">${title}</title><desc id="${id}-text">${description}</desc>
${columns.map(column)}</svg>`
}

const rounded = (value: number): number => Math.round(value * 10) / 10
