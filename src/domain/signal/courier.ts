import type { Signal } from './signal.ts'

/** `undelivered` is tried again, `over` is not: there is nobody left to hear it. `ending` is an HTTP status or a word. */
export type Delivery = { is: 'delivered' | 'over' } | { is: 'undelivered'; ending: string }

/** Carries one signal to where it belongs, once and with a deadline. It may come twice (a claim lapsed), and must not mind. */
export type Courier = (signal: Signal) => Promise<Delivery>
