import { randomInt } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { choicesFor, codeFault } from '#domain/approval/matching.ts'

const good = ['47', 'A1', 'W4SCT', 'K7-31', '1-2', '1234-5678-90', '000000000000']
const ill = ['', '7', 'AB', 'ABCDEF', 'k7', '4 7', '-47', '47-', '4--7', '1234567890123', 'MÃ-47', '47!', '４７', '47\n', '47\u202e', '<b>47']

describe('a matching code', () => {
  test.each(good)('may be %s', (code) => expect(codeFault(code)).toBeUndefined())
  test.each(ill)('may not be %j: it is a code, and never words of the service on our page', (code) => expect(codeFault(code)).toEqual(expect.any(String)))
  test('must be there', () => expect(codeFault(undefined)).toContain('required'))
})

describe('what a person picks from', () => {
  const codes = fc.constantFrom(...good)

  test('is the code among two others of the same form, all different', () => {
    fc.assert(fc.property(codes, (code) => {
      const choices = choicesFor(code, (count) => randomInt(count))
      expect(choices).toHaveLength(3)
      expect(new Set(choices).size).toBe(3)
      expect(choices).toContain(code)
      const form = (text: string) => text.replaceAll(/\d/g, '0').replaceAll(/[A-Z]/g, 'A')
      expect(new Set(choices.map(form))).toEqual(new Set([form(code)]))
      for (const choice of choices) expect(codeFault(choice)).toBeUndefined()
    }))
  })

  test('has the code in every place equally often, so that its place says nothing', () => {
    const places = [0, 0, 0]
    for (let round = 0; round < 3000; round += 1) {
      const at = choicesFor('47', (count) => randomInt(count)).indexOf('47')
      places[at] = (places[at] ?? 0) + 1
    }
    for (const count of places) expect(count).toBeGreaterThan(800)
  })
})
