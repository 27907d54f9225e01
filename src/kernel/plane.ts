/**
 * What a process is there for (A02): `citizen` for everybody and every service, `console` for those who run the e-ID, their programs and what is
 * done at its hour. `all` is one process for both (docs/decisions/0012).
 */
export const planes = ['all', 'citizen', 'console'] as const
export type Plane = (typeof planes)[number]

/** One of the two, as a route, a table and a role of the database know them. */
export type OnePlane = Exclude<Plane, 'all'>

/** Whether a process of `plane` does what is for `one`. */
export function isFor(plane: Plane, one: OnePlane): boolean {
  return plane === 'all' || plane === one
}
