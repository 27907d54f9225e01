import type { Application } from './application.ts'

/** Where an application stands: what both screens show. */
export type Stage =
  | 'new'
  /** The code waits to be typed. */
  | 'waiting'
  /** The number is on both screens, and the officer compares. */
  | 'comparing'
  /** The person answers on their phone. */
  | 'answering'
  /** The code is void: somebody said no, or its time ran out. */
  | 'denied' | 'over'
  | 'done' | 'refused'

export function stageOf({ state, code }: Pick<Application, 'state' | 'code'>, now: Date): Stage {
  if (state !== 'open') return state
  if (code === undefined) return 'new'
  if (code.ended === 'denied') return 'denied'
  if (code.expiresAt <= now) return 'over'
  if (code.browser === undefined) return 'waiting'
  return code.confirmed ? 'answering' : 'comparing'
}
