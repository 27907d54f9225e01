/** A part of a long table: so many rows from there on. */
export type Slice = { offset: number; most: number }

/** The rows of that part, and how many there are in all. */
export type Sliced<Row> = { rows: readonly Row[]; all: number }
