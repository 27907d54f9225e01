import { describe, expect, test } from 'vitest'
import { canonical } from '#kernel/canonical.ts'

describe('canonical JSON', () => {
  test('the sample of RFC 8785 §3.2.2 comes out as §3.2.3 prints it', () => {
    const sample = {
      numbers: [Number('333333333.33333329'), 1e30, 4.5, 2e-3, 0.000000000000000000000000001],
      string: '\u20ac$\u000F\nA\'B"\\\\"/',
      literals: [null, true, false],
    }
    expect(canonical(sample)).toBe(
      String.raw`{"literals":[null,true,false],"numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27],"string":"€$\u000f\nA'B\"\\\\\"/"}`)
  })

  test('members are sorted by UTF-16 code units (RFC 8785 §3.2.3)', () => {
    const sample = { '€': 'Euro Sign', '\r': 'Carriage Return', '\ufb33': 'Hebrew Letter Dalet With Dagesh', '1': 'One', '\ud83d\ude00': 'Emoji', '\u0080': 'Control', 'ö': 'Latin' }
    expect(JSON.parse(canonical(sample))).toEqual(sample)
    const values = [...canonical(sample).matchAll(/:"([A-Z][A-Za-z ]+)"/g)].map(([, value]) => value)
    expect(values).toEqual(['Carriage Return', 'One', 'Control', 'Latin', 'Euro Sign', 'Emoji', 'Hebrew Letter Dalet With Dagesh'])
  })

  test('the order in which members were written makes no difference, that of elements does', () => {
    expect(canonical({ b: 1, a: { d: [1, 2], c: '' } })).toBe(canonical({ a: { c: '', d: [1, 2] }, b: 1 }))
    expect(canonical([1, 2])).not.toBe(canonical([2, 1]))
  })

  test.each([['a lone surrogate', '\ud800'], ['infinity', Infinity], ['not a number', NaN]])('%s has no canonical form', (_what, value) => {
    expect(() => canonical([value])).toThrow(TypeError)
  })
})
