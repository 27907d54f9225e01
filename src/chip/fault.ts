import type { ChipPart, ChipReason, ChipRefusal } from '#domain/chip/reason.ts'

/** How reading a chip ends early, inside this room only: outside it is a value (`attempt`). */
export class ChipFault extends Error {
  readonly reason: ChipReason
  readonly part: ChipPart | undefined

  constructor(reason: ChipReason, part?: ChipPart) {
    super(reason)
    this.name = 'ChipFault'
    this.reason = reason
    this.part = part
  }
}

/** Whatever goes wrong in here was found in this part, unless a smaller one was named already. */
export function inside<T>(part: ChipPart, work: () => T): T {
  try {
    return work()
  } catch (error) {
    throw error instanceof ChipFault && error.part === undefined ? new ChipFault(error.reason, part) : error
  }
}

/** The one door of this room: a fault becomes a value; anything else is a bug and stays one. */
export function attempt<T>(work: () => T): T | ChipRefusal {
  try {
    return work()
  } catch (error) {
    if (!(error instanceof ChipFault)) throw error
    return { is: 'refused', reason: error.reason, ...(error.part && { part: error.part }) }
  }
}

/** What must be so, or it is refused for this reason. */
export function must(holds: boolean, reason: ChipReason, part?: ChipPart): asserts holds {
  if (!holds) throw new ChipFault(reason, part)
}
