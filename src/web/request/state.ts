import type { Visit } from './visit.ts'

/** What our middleware knows of a request besides Koa's own. */
export type State = {
  visit: Visit
  text?: string
  /** There was no place for it: what it took says nothing of those who had one. */
  turnedAway?: true
  /** Gives the place at the gate back while it acts, and takes one anew; absent where a request needs none. */
  outside?: Outside
}

type Outside = <Read>(act: () => Promise<Read>) => Promise<Read>

export function stateOf({ state }: { state: State }): State {
  return state
}

/** What is sent arrives as slowly as whoever sends it likes, and takes no place from others meanwhile (R17). */
export function whileItArrives<Read>({ state }: { state: State }, read: () => Promise<Read>): Promise<Read> {
  return state.outside === undefined ? read() : state.outside(read)
}
