import type { Visit } from './visit.ts'

/** What our middleware knows of a request besides Koa's own. */
export type State = { visit: Visit; text?: string }

export function stateOf({ state }: { state: State }): State {
  return state
}
