import { createHash } from 'node:crypto'
import { brotliCompressSync, constants, gzipSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import { bundle } from '#web/browser/bundle.ts'
import { assets, consoleScriptPath, scriptPath, developerScriptPath } from '#web/assets/served.ts'
import { contentSecurityPolicy } from '#web/answer/headers.ts'
import { renderHtml } from '#web/html.ts'
import { palette, pairings } from '#web/views/palette.ts'
import { style, styleHash } from '#web/views/style.ts'
import { workStyle } from '#web/views/work-style.ts'
import { samples, sampleView } from '#test/support/pages.ts'

/** Relative luminance (WCAG 2.2, definition). */
function luminance(colour: string): number {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((at) => {
    const channel = Number.parseInt(colour.slice(at, at + 2), 16) / 255
    return channel <= 0.04045 ? channel / 12.92 : ((channel + 0.055) / 1.055) ** 2.4
  })
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue
}

function contrast(one: string, other: string): number {
  const [dark = 0, light = 0] = [luminance(one), luminance(other)].toSorted((a, b) => a - b)
  return (light + 0.05) / (dark + 0.05)
}

describe('the palette', () => {
  test.each(pairings)('$of on $on stands out by at least $least, light and dark', ({ on, of, least }) => {
    expect(contrast(palette[on][0], palette[of][0])).toBeGreaterThanOrEqual(least)
    expect(contrast(palette[on][1], palette[of][1])).toBeGreaterThanOrEqual(least)
  })
})

/** As the server sends it, quality 5. */
function sent(text: string): number {
  return brotliCompressSync(text, { params: { [constants.BROTLI_PARAM_QUALITY]: 5 } }).length
}

const sheets = { style, 'the style for work': workStyle.text }

describe('the style', () => {
  const inPage = (name: string) => [...renderHtml(samples[name]?.(sampleView('vi')) ?? { text: '' }).matchAll(/<style>(.*?)<\/style>/gs)].map(([, text = '']) => text)
  const hashOf = (text: string) => `'sha256-${createHash('sha256').update(text).digest('base64')}'`

  test('is allowed by the hash of exactly what stands in the page, and that for work stands on pages for work alone', () => {
    expect(inPage('help').map(hashOf)).toEqual([styleHash])
    expect(inPage('transparency log').map(hashOf)).toEqual([styleHash, workStyle.hash])
    const policy = contentSecurityPolicy([])
    expect([policy.includes(styleHash), policy.includes(workStyle.hash)]).toEqual([true, true])
  })

  test('gives stacked diacritics room: no line-height below 1.3 and no capitals by style', () => {
    const heights = [...style.matchAll(/line-height:([\d.]+)|font:[\d.]+rem\/([\d.]+)/g)].map(([, one, two]) => Number(one ?? two))
    expect(heights.length).toBeGreaterThan(5)
    expect(Math.min(...heights)).toBeGreaterThanOrEqual(1.3)
    expect(workStyle.text).not.toMatch(/line-height|font:/)
    expect(Object.entries(sheets).filter(([, text]) => /text-transform|text-overflow|line-clamp/.test(text))).toEqual([])
  })

  test('weighs at most 3 kB, and that for work another one', () => {
    console.log(`style ${sent(style)} B, for work ${sent(workStyle.text)} B`)
    expect(sent(style)).toBeLessThanOrEqual(3072)
    expect(sent(workStyle.text)).toBeLessThanOrEqual(1024)
  })
})

describe('the script', () => {
  test('in the repository is the one its sources make', async () => {
    expect(assets.get(scriptPath)?.body.toString()).toBe(await bundle())
    expect(assets.get(developerScriptPath)?.body.toString()).toBe(await bundle('developer'))
    expect(assets.get(consoleScriptPath)?.body.toString()).toBe(await bundle('console'))
  })

  test('weighs at most 5 kB gzipped', () => {
    expect(gzipSync(assets.get(scriptPath)?.body ?? '').length).toBeLessThanOrEqual(5120)
  })
})

test('the sign-in page with all it loads weighs at most 10 kB in 3 requests', () => {
  const page = renderHtml(samples['sign-in']?.(sampleView('vi')) ?? { text: '' })
  const loaded = [...page.matchAll(/(?:src|<link rel="icon" href)="([^"]+)"/g)].map(([, path]) => assets.get(path ?? ''))
  expect(loaded).not.toContain(undefined)
  expect(loaded.length).toBe(2)
  const bytes = sent(page) + loaded.reduce((sum, asset) => sum + (asset?.brotli.length ?? 0), 0)
  console.log(`sign-in page: ${sent(page)} B of HTML, ${bytes} B in all`)
  expect(bytes).toBeLessThanOrEqual(10_000)
})
