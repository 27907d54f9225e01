import type { z } from 'zod'
import type { Html } from './html.ts'
import type { Visit } from './visit.ts'

/** What a route answers with. `formsTo` lists origins that a form of the page may end up at (CSP `form-action`). */
export type Answer = { page: Html; status?: number; formsTo?: readonly string[] } | { redirect: string }

/** Who may come. Pages for officers and administrators will name the action they need. */
export type Who = 'anyone'

/**
 * One route as a value: who may come, what shape the form has, what is done. Unknown and repeated fields never reach `act`.
 * `Input` holds the path's parameters and the form's fields, parsed.
 */
export type Route<Tools, Form extends z.ZodType = z.ZodType> = {
  route: `${'GET' | 'POST'} /${string}`
  who: Who
  form?: Form
  act: (tools: Tools, visit: Visit, input: z.output<Form>) => Promise<Answer>
}

/** Ties the form's type to the act's; the list of routes holds what this returns. */
export function route<Tools, Form extends z.ZodType>(value: Route<Tools, Form>): Route<Tools, Form> {
  return value
}
