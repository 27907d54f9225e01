/** Nothing is said of fewer than so many people or acts (Law 91/2025 on personal data: statistics identify nobody). */
export const least = 5

/** A table as it may be shown; what is hidden is `undefined`. */
export type Shown = readonly (readonly (number | undefined)[])[]

type Place = { row: number; column: number }
type Grid = { values: readonly (readonly number[])[]; hidden: boolean[][]; /** Whether rows add up to their last cell. */ wide: boolean; /** Whether the sums of the columns stay as they are. */ fixed: boolean }

/**
 * The table with its sums, in which no cell of 1 to 4 is shown nor can be worked out: the sums as the last row and, where there are columns
 * to add up, the last column. A nought says nothing of anybody and stays. A hidden cell takes others with it (complementary suppression):
 * every line with something hidden in it has two such cells or more, whose sum leaves room, and no way leads from line to line to one of
 * them alone. `sums` are those of the columns as another table of the same things shows them, which must not give more away here.
 * `undefined` where nothing can be shown beside them.
 */
export function suppress(cells: readonly (readonly number[])[], sums?: readonly (number | undefined)[]): Shown | undefined {
  const wide = (cells[0]?.length ?? 0) > 1
  const rows = wide ? cells.map((row) => [...row, total(row)]) : cells
  const values = [...rows, (rows[0] ?? []).map((_, column) => total(rows.map((row) => row[column] ?? 0)))]
  const hidden = values.map((row, at) => row.map((value, column) => (sums !== undefined && at === values.length - 1 ? sums[column] === undefined : value > 0 && value < least)))
  const grid: Grid = { values, hidden, wide, fixed: sums !== undefined }
  for (let open = opening(grid); open.length > 0; open = opening(grid)) {
    const next = cheapest(grid, open)
    if (next === undefined) return undefined
    hidden[next.row]?.splice(next.column, 1, true)
  }
  return values.map((row, at) => row.map((value, column) => (hidden[at]?.[column] === true ? undefined : value)))
}

const total = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0)

/** The lines that add up, each with its sum as the last cell. */
function linesOf({ values, wide }: Grid): readonly (readonly Place[])[] {
  const columns = (values[0] ?? []).map((_, column) => values.map((_row, row) => ({ row, column })))
  const rows = wide ? values.map((cells, row) => cells.map((_, column) => ({ row, column }))) : []
  return [...rows, ...columns]
}

/** The cells of which another has to be hidden, or none. */
function opening(grid: Grid): readonly Place[] {
  const lines = linesOf(grid)
  const narrow = lines.find((line) => leavesNoRoom(grid, line))
  if (narrow !== undefined) return narrow
  const alone = placesHidden(grid).find((place) => bothSides(grid, place) !== undefined)
  const sides = alone && bothSides(grid, alone)
  if (sides === undefined) return []
  // One that joins both sides closes a ring, and then neither is told.
  const joining = lines.flat().filter((place) => sides.some((side, at) => side.rows.has(nodeOf(grid, place)) && sides[1 - at]?.columns.has(place.column)))
  return joining.some((place) => canHide(grid, place)) ? joining : lines.filter((line) => line.some(({ row, column }) => row === alone?.row && column === alone.column)).flat()
}

/** Everybody knows that a hidden cell is one at least; with a small sum beside them that is enough to know them all. */
function leavesNoRoom({ values, hidden }: Grid, line: readonly Place[]): boolean {
  const sum = line.at(-1)
  const cells = line.slice(0, -1).filter(({ row, column }) => hidden[row]?.[column])
  if (sum === undefined || cells.length === 0 || hidden[sum.row]?.[sum.column]) return false
  return total(cells.map(({ row, column }) => values[row]?.[column] ?? 0)) < Math.max(least, cells.length + 1)
}

function placesHidden({ hidden }: Grid): readonly Place[] {
  return hidden.flatMap((row, at) => row.flatMap((is, column) => (is ? [{ row: at, column }] : [])))
}

type Side = { rows: Set<number>; columns: Set<number> }

/** Where rows do not add up, they are one node. */
const nodeOf = ({ wide }: Grid, { row }: Place): number => (wide ? row : 0)

/**
 * A hidden cell is determined by the sums just when it is a bridge of the graph whose nodes are rows and columns and whose edges are the
 * hidden cells (Gusfield, A graph theoretic approach to statistical data security, 1988). Answers what it joins, if it is one.
 */
function bothSides(grid: Grid, place: Place): readonly [Side, Side] | undefined {
  const others = placesHidden(grid).filter(({ row, column }) => place.row !== row || place.column !== column)
  const left = reachedFrom(grid, { rows: new Set([nodeOf(grid, place)]), columns: new Set() }, others)
  return left.columns.has(place.column) ? undefined : [left, reachedFrom(grid, { rows: new Set(), columns: new Set([place.column]) }, others)]
}

function reachedFrom(grid: Grid, side: Side, edges: readonly Place[]): Side {
  for (let grew = true; grew;) {
    grew = false
    for (const edge of edges) {
      if (side.rows.has(nodeOf(grid, edge)) === side.columns.has(edge.column)) continue
      side.rows.add(nodeOf(grid, edge))
      side.columns.add(edge.column)
      grew = true
    }
  }
  return side
}

function canHide({ values, hidden, fixed }: Grid, { row, column }: Place): boolean {
  return !(fixed && row === values.length - 1) && hidden[row]?.[column] === false && (values[row]?.[column] ?? 0) > 0
}

/** What costs least to hide besides: the smallest cell, and a sum only where there is no other. */
function cheapest(grid: Grid, places: readonly Place[]): Place | undefined {
  const { values, wide } = grid
  const isSum = ({ row, column }: Place) => row === values.length - 1 || (wide && column === (values[row]?.length ?? 0) - 1)
  const valueAt = ({ row, column }: Place) => values[row]?.[column] ?? 0
  return places
    .filter((place) => canHide(grid, place))
    .toSorted((one, other) => Number(isSum(one)) - Number(isSum(other)) || valueAt(one) - valueAt(other))[0]
}
