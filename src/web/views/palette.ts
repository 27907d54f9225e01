/** One colour on light and on dark paper. */
type Pair = readonly [light: string, dark: string]

/**
 * Lotus leaf for what acts, lotus rose for what warns of harm, warm paper, green-black ink: a palette of our own that
 * borrows no state's colours. Every pairing in use is computed in the tests (text ≥ 4.5, edges and icons ≥ 3).
 */
export const palette = {
  paper: ['#f7f6f1', '#111615'],
  card: ['#ffffff', '#1a2120'],
  ink: ['#17211f', '#eef3f0'],
  quiet: ['#4c5a57', '#a9b8b3'],
  line: ['#d9dcd4', '#35413e'],
  edge: ['#6d7b77', '#83938e'],
  leaf: ['#0b5a53', '#86d6c8'],
  leafDeep: ['#07443f', '#a8e6da'],
  onLeaf: ['#ffffff', '#06211e'],
  leafWash: ['#e4f0ec', '#17302c'],
  rose: ['#a3204f', '#ffa3bf'],
  onRose: ['#ffffff', '#3a0618'],
  roseWash: ['#fbeaf0', '#3a1a25'],
  amber: ['#7a4a00', '#f2c46d'],
  amberWash: ['#fbf1dc', '#33270f'],
  sky: ['#1c4f86', '#9cc8f5'],
  skyWash: ['#e8f0f9', '#16283a'],
  focus: ['#1c4f86', '#ffd27a'],
} as const satisfies Record<string, Pair>

export type Colour = keyof typeof palette

/** Which colour stands on which, and how far apart they must be (WCAG 1.4.3, 1.4.11). */
export const pairings: readonly { on: Colour; of: Colour; least: 3 | 4.5 }[] = [
  ...(['paper', 'card'] as const).flatMap((on) => [
    ...(['ink', 'quiet', 'leaf', 'leafDeep', 'rose'] as const).map((of) => ({ on, of, least: 4.5 as const })),
    ...(['edge', 'focus'] as const).map((of) => ({ on, of, least: 3 as const })),
  ]),
  { on: 'leaf', of: 'onLeaf', least: 4.5 },
  { on: 'leafDeep', of: 'onLeaf', least: 4.5 },
  { on: 'rose', of: 'onRose', least: 4.5 },
  ...(['leafWash', 'roseWash', 'amberWash', 'skyWash'] as const).map((on) => ({ on, of: 'ink' as const, least: 4.5 as const })),
  { on: 'leafWash', of: 'leaf', least: 4.5 },
  { on: 'leafWash', of: 'quiet', least: 4.5 },
  { on: 'roseWash', of: 'rose', least: 4.5 },
  { on: 'amberWash', of: 'amber', least: 4.5 },
  { on: 'skyWash', of: 'sky', least: 4.5 },
]

function declare(side: 0 | 1): string {
  return Object.entries(palette)
    .map(([name, pair]) => `--${name}:${pair[side]}`)
    .join(';')
}

/**
 * The tokens as custom properties. Chosen by media query and not by `light-dark()`: the phones we must reach have browsers
 * from before 2024, and there an unknown function would leave the page without colours.
 */
export const tokens = { light: declare(0), dark: declare(1) }
