import type { z } from 'zod'
import type { Floor } from '#domain/assurance/floor.ts'
import { Problem } from '#kernel/problem.ts'
import type { Permission } from '#domain/officer/permission.ts'
import type { Html } from './html.ts'
import type { Visit } from './request/visit.ts'

/** What a route answers with. `formsTo` lists origins that a form of the page may end up at (CSP `form-action`). */
export type Answer = { page: Html; status?: number; formsTo?: readonly string[] } | { redirect: string } | PublicData | { download: Download }

/** A file for whoever asked, kept by nobody between. */
export type Download = { name: string; type: 'text/csv'; text: string }

/** For programs, the same for everybody, so that caches between may keep it: for so many seconds, or for good. */
export type PublicData = { data: string; type: 'text/plain' | 'application/json'; fresh: number | 'for good' }

/**
 * Who may come. A `citizen` is signed in at level 2 now; whoever is not is led to sign in first. Pages of officers name the
 * permission that they need.
 */
export type Who = 'anyone' | 'citizen' | Permission

/**
 * One route as a value: who may come, what shape the form has, what is done. The form holds the path's parameters and the
 * fields that were sent.
 */
type Declared<Tools, Form extends z.ZodType> = {
  route: `${'GET' | 'POST'} /${string}`
  who: Who
  /** What the sign-in of a `citizen` must show besides; whoever's shows less is led to show it. */
  floor?: Floor
  /** The form is itself an assertion of now, so that no further one is asked for. */
  signs?: boolean
  /**
   * A form with a file of so many bytes at most, sent as RFC 7578 has it. It changes nothing: what asks for a sign-in of now keeps what was
   * typed, and could not keep a file.
   */
  upload?: number
  form: Form
  /** A `GET` whose form holds what stands behind the question mark too; otherwise that is passed over. */
  asks?: boolean
  act: (tools: Tools, visit: Visit, input: z.output<Form>) => Promise<Answer>
}

/** `run` throws `request.malformed` for fields that are unknown, missing, repeated or of the wrong shape. */
export type Route<Tools> = {
  route: `${'GET' | 'POST'} /${string}`
  who: Who
  floor?: Floor | undefined
  asks: boolean
  signs: boolean
  upload?: number | undefined
  run: (tools: Tools, visit: Visit, input: unknown) => Promise<Answer>
}

type Taker<Union> = Union extends unknown ? (member: Union) => void : never
/** The tools that any of several routes may take, all together. */
export type Intersection<Union> = Taker<Union> extends (all: infer All) => void ? All : never

/** Ties the form to the act; the list of routes holds what this returns. */
export function route<Tools, Form extends z.ZodType>({ route: at, who, floor, form, asks = false, signs = false, upload, act }: Declared<Tools, Form>): Route<Tools> {
  return {
    route: at,
    who,
    floor,
    asks,
    signs,
    upload,
    async run(tools, visit, input) {
      const parsed = form.safeParse(input)
      if (!parsed.success) throw new Problem('request.malformed', { cause: parsed.error })
      return act(tools, visit, parsed.data)
    },
  }
}
