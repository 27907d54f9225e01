import { describe, expect, test } from 'vitest'
import { qrCode } from '#web/views/qr.ts'
import { readQr } from '#test/support/qr.ts'

const address = 'https://dinhdanh.example.vn/m2#48217706'

/** The picture as a screen draws it, four dots to a module. */
function drawn(svg: string, dots = 4): { data: Uint8ClampedArray; width: number; height: number; dark: (x: number, y: number) => boolean } {
  const size = Number(/viewBox="0 0 (\d+) /.exec(svg)?.[1])
  const black = new Set<string>()
  for (const [, x, y, length] of svg.matchAll(/M(\d+) (\d+)h(\d+)v1h-\d+z/g)) {
    for (let at = 0; at < Number(length); at += 1) black.add(`${Number(x) + at},${Number(y)}`)
  }
  const dark = (x: number, y: number) => black.has(`${x},${y}`)
  const width = size * dots
  const data = Uint8ClampedArray.from({ length: width * width * 4 }, (_, index) => {
    const dot = Math.floor(index / 4)
    return index % 4 !== 3 && dark(Math.floor((dot % width) / dots), Math.floor(dot / width / dots)) ? 0 : 255
  })
  return { data, width, height: width, dark }
}

describe('a picture for cameras', () => {
  test('reads as what was put in', () => {
    expect(readQr(drawn(qrCode(address, 'Mã').text))).toBe(address)
  })

  test('has four light modules on every side', () => {
    const { dark, width } = drawn(qrCode(address, 'Mã').text)
    const size = width / 4
    const edge = Array.from({ length: size }, (_, at) => [0, 1, 2, 3].flatMap((deep) => [[at, deep], [deep, at], [at, size - 1 - deep], [size - 1 - deep, at]] as const)).flat()
    expect(edge.filter(([x, y]) => dark(x, y))).toEqual([])
    expect(dark(4, 4)).toBe(true)
  })

  test('says what it is, escaped, and asks for no style or script', () => {
    const { text } = qrCode(address, 'Mã "của" <bạn>')
    expect(text).toMatch(/^<svg role="img" aria-label="Mã &quot;của&quot; &lt;bạn&gt;"/)
    expect(text).not.toMatch(/style=|<style|<script|href|on\w+=/)
    expect(text).toContain('fill="#fff"')
  })
})
