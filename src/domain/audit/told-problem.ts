import { z } from 'zod'
import type { ProblemCode } from '#kernel/problem.ts'

/** What stands on an error page, as people read it out: in small letters, without the dash, with a space. */
export const errorReference = z.string().max(32)
  .transform((typed) => typed.normalize('NFKC').toUpperCase().replaceAll(/[\s\u2010-\u2015-]/g, '').replace(/^(.{4})(.{4})$/, '$1-$2'))
  .pipe(z.string().regex(/^[2-9A-HJ-NP-Z]{4}-[2-9A-HJ-NP-Z]{4}$/))

/**
 * Something that went wrong and that somebody was told a reference of (S09): when, what and where in the program, and of
 * whom nothing. `place` is a route as the program names it, `error` what the protocol calls it.
 */
export type ToldProblem = { reference: string; at: Date; problem: ProblemCode; place: string; client?: string | undefined; error?: string | undefined }

/** Takes notes without waiting; they are written seconds later, and only so many of one kind a minute. */
export type ProblemNotes = { note: (told: ToldProblem) => void }

export type ToldProblemStore = {
  add: (told: readonly ToldProblem[]) => Promise<void>
  find: (reference: string) => Promise<ToldProblem | undefined>
  /** Forgets what is older. */
  sweep: (before: Date) => Promise<void>
}

/**
 * Whether a note of it is worth a write. Who is told to come back is told so by the thousand, and just when the database has the least room
 * for it (R09): they are counted in the figures of the process, and each has a line in its log.
 */
export function isNoted(problem: ProblemCode): boolean {
  return problem !== 'service.crowded'
}

/** For so long a person may come back to it. */
export const daysKept = 30
