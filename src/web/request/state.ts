import type { Visit } from './visit.ts'

/** What our middleware knows of a request besides Koa's own. */
export type State = { visit: Visit; text?: string; /** There was no place for it: what it took says nothing of those who had one. */ turnedAway?: true }

export function stateOf({ state }: { state: State }): State {
  return state
}
