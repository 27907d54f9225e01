import { describe, expect, test } from 'vitest'
import fc from 'fast-check'
import { least, suppress, type Shown } from '#domain/statistic/suppress.ts'

const hiddenOf = (shown: Shown) => shown.flatMap((row, at) => row.flatMap((value, column) => (value === undefined ? [`${at}/${column}`] : [])))

/**
 * What the sums tell, by linear algebra over the hidden cells: a cell is known when its unit vector is a combination of the lines. Written
 * without the graph of the rule itself, so that the two check each other.
 */
function determined(shown: Shown, wide: boolean): readonly string[] {
  const names = hiddenOf(shown)
  const at = (row: number, column: number) => names.indexOf(`${row}/${column}`)
  const line = (places: readonly (readonly [number, number])[]) => {
    const equation = names.map(() => 0)
    places.forEach(([row, column], place) => {
      const index = at(row, column)
      if (index >= 0) equation[index] = place === places.length - 1 ? -1 : 1
    })
    return equation
  }
  const columns = (shown[0] ?? []).map((_, column) => line(shown.map((_row, row) => [row, column] as const)))
  const rows = wide ? shown.map((row, index) => line(row.map((_, column) => [index, column] as const))) : []
  const rank = (matrix: readonly (readonly number[])[]) => {
    const left = matrix.map((row) => [...row])
    let found = 0
    for (let column = 0; column < names.length; column += 1) {
      const pivot = left.findIndex((row, index) => index >= found && Math.abs(row[column] ?? 0) > 1e-9)
      if (pivot < 0) continue
      const [chosen = []] = left.splice(pivot, 1)
      left.splice(found, 0, chosen)
      for (const [index, row] of left.entries()) {
        const factor = index === found ? 0 : (row[column] ?? 0) / (chosen[column] ?? 1)
        if (factor !== 0) left[index] = row.map((value, other) => value - factor * (chosen[other] ?? 0))
      }
      found += 1
    }
    return found
  }
  const lines = [...rows, ...columns]
  const all = rank(lines)
  return names.filter((_, index) => rank([...lines, names.map((_name, other) => (other === index ? 1 : 0))]) === all)
}

describe('cells that would tell of few', () => {
  test('are shown from five on, and a nought is one', () => {
    expect(suppress([[5, 0], [12, 7]])).toEqual([[5, 0, 5], [12, 7, 19], [17, 7, 24]])
  })

  test('are hidden with another, so that the sum does not tell them', () => {
    const shown = suppress([[3], [40], [12]])
    expect(shown).toEqual([[undefined], [40], [undefined], [55]])
  })

  test('are hidden with a third where two of them sum up to no more than they must be', () => {
    expect(suppress([[1], [1], [40], [12]])).toEqual([[undefined], [undefined], [40], [undefined], [54]])
  })

  test('hide their sum too where nothing else is left', () => {
    expect(suppress([[3], [0]])).toEqual([[undefined], [0], [undefined]])
  })

  test('do not hide a sum that another table shows: then nothing is shown', () => {
    expect(suppress([[3], [0]], [3])).toBeUndefined()
    expect(suppress([[3], [0]], [undefined])).toEqual([[undefined], [0], [undefined]])
  })

  test('are not told by going from line to line', () => {
    const shown = suppress([[2, 30, 9], [30, 40, 50], [9, 50, 60]])
    expect(shown).toBeDefined()
    expect(shown && determined(shown, true)).toEqual([])
  })

  const cell = fc.oneof(fc.constant(0), fc.integer({ min: 1, max: 6 }), fc.integer({ min: 0, max: 60 }))
  const tables = fc.integer({ min: 1, max: 4 }).chain((width) => fc.array(fc.array(cell, { minLength: width, maxLength: width }), { minLength: 1, maxLength: 7 }))

  test('are never told by any sums of any table', () => {
    let shownTables = 0
    fc.assert(fc.property(tables, (cells) => {
      const wide = (cells[0]?.length ?? 0) > 1
      const shown = suppress(cells)
      if (shown === undefined) return
      shownTables += 1
      const wrong = cells.flatMap((row, at) => row.filter((value, column) => {
        const seen = shown[at]?.[column]
        return value > 0 && value < least ? seen !== undefined : seen !== undefined && seen !== value
      }))
      expect(wrong).toEqual([])
      expect(determined(shown, wide)).toEqual([])
    }), { numRuns: 500 })
    expect(shownTables).toBeGreaterThan(100)
  })

  test('nor where the sums are those of another table', () => {
    fc.assert(fc.property(tables, (cells) => {
      const sums = suppress([cells.reduce((sum, row) => sum.map((value, at) => value + (row[at] ?? 0)), (cells[0] ?? []).map(() => 0))])?.at(-1)
      if (sums === undefined) return
      const shown = suppress(cells, sums)
      if (shown === undefined) return
      expect(shown.at(-1)).toEqual(sums)
      expect(determined(shown, (cells[0]?.length ?? 0) > 1)).toEqual([])
    }), { numRuns: 300 })
  })
})
