import type { Stop, Visitor } from '#test/support/visitor.ts'

/** Something that signs people in, running in processes of its own. */
export type Target = {
  name: string
  origin: string
  /** Roots of the process trees whose processor time counts. */
  server: readonly number[]
  stores: readonly number[]
  /** From the page where somebody is asked to sign in to whatever comes next. `user` says who. */
  pass: (visitor: Visitor, page: Stop, user: number) => Promise<Stop>
  stop: () => Promise<void>
}
