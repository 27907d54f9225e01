import type { z } from 'zod'
import { keptTrial, pendingTrial, type TrialStore } from '#domain/sandbox/trial.ts'
import type { Volatile } from '#storage/volatile.ts'

/** As long as somebody may take for a sign-in, and as long as they may read what came of it. */
const seconds = { pending: 900, report: 1800 }

export const trialStore = (volatile: Volatile): TrialStore => ({
  put: (state, pending) => volatile.offer(`sandbox-trial:${state}`, JSON.stringify(pending), seconds.pending),
  take: async (state) => read(pendingTrial, await volatile.take(`sandbox-trial:${state}`)),
  keep: (name, report) => volatile.put(`sandbox-report:${name}`, JSON.stringify(report), seconds.report),
  find: async (name) => read(keptTrial, await volatile.get(`sandbox-report:${name}`)),
})

function read<Shape extends z.ZodType>(shape: Shape, stored: string | undefined): z.output<Shape> | undefined {
  return stored === undefined ? undefined : shape.parse(JSON.parse(stored))
}
