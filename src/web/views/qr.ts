import { encode } from 'uqr'
import { html, type Html } from '#web/html.ts'

/** Light modules around the code, without which cameras do not find it (ISO/IEC 18004 §6.3.8). */
const quiet = 4

/** How large a module is on the screen: a phone reads it from an arm's length. */
const pixels = 6

/**
 * A text as a picture for cameras (ISO/IEC 18004): an inline SVG, so that no script and no request is needed. It is dark on light whatever the page is,
 * because many readers know nothing else. Fifteen of a hundred parts may be hidden by a glare.
 */
export function qrCode(text: string, label: string): Html {
  const { data, size } = encode(text, { ecc: 'M', boostEcc: false, border: 0 })
  const whole = size + 2 * quiet
  return html`<svg role="img" aria-label="${label}" viewBox="0 0 ${whole} ${whole}" width="${whole * pixels}" height="${whole * pixels}" shape-rendering="crispEdges" focusable="false"><path fill="#fff" d="M0 0h${whole}v${whole}H0z"/><path fill="#000" d="${data.map(darkRuns).join('')}"/></svg>`
}

/** What is dark in one row, neighbours as one bar: many small squares would show hairlines between them. */
function darkRuns(row: readonly boolean[], y: number): string {
  const signs = row.map((dark) => (dark ? '#' : ' ')).join('')
  return [...signs.matchAll(/#+/g)].map(({ 0: { length }, index }) => `M${quiet + index} ${quiet + y}h${length}v1h-${length}z`).join('')
}
