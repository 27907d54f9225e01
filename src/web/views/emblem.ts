import { trusted } from '#web/html.ts'

const petals =
  '<path d="M16 3.2c5.6 4.3 8.9 9 8.9 14.2 0 3.2-1.2 6-3.2 8.3M16 3.2c-5.6 4.3-8.9 9-8.9 14.2 0 3.2 1.2 6 3.2 8.3"/>' +
  '<path d="M16 9.4c3 2.6 4.6 5.3 4.6 8.2 0 4-1.8 7.5-4.6 11.2M16 9.4c-3 2.6-4.6 5.3-4.6 8.2 0 1.9.4 3.6 1.1 5.3"/>' +
  '<path d="M16 16v5.5"/>' +
  '<path d="M3.2 13.6c-.7 5.4 1 9.9 4.6 12.8M28.8 13.6c.7 5.4-1 9.9-4.6 12.8"/>'

/**
 * A lotus bud drawn in the ridges of a fingerprint: our own mark, one line weight, legible at 24 px and in one colour.
 * It is decoration beside the name, so it is hidden from readers.
 */
export const emblem = trusted(
  `<svg class="emblem" viewBox="0 0 32 32" width="40" height="40" aria-hidden="true" focusable="false">` +
    `<g id="e" fill="none" stroke="currentColor" stroke-width="2" stroke-linecap="round">${petals}</g></svg>`,
)

/** The same mark, large and faint behind wide pages: it costs a reference, not a second drawing. */
export const watermark = trusted(
  '<svg class="water" viewBox="0 0 32 32" aria-hidden="true" focusable="false"><use href="#e"/></svg>',
)

/** The same mark as a file for the browser's tab, on both light and dark bars. */
export const favicon =
  `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><rect width="32" height="32" rx="7" fill="#0b5a53"/>` +
  '<g transform="translate(3.2 3.2) scale(.8)" fill="none" stroke="#fff" stroke-width="2.4" stroke-linecap="round">' +
  `${petals}</g></svg>`
