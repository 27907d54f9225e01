import type { KeyObject } from 'node:crypto'
import { z } from 'zod'
import type { Floor } from '#domain/assurance/floor.ts'
import { Problem } from '#kernel/problem.ts'
import type { SignedIn } from '#oidc/sessions.ts'
import type { View } from '#web/page.ts'
import { viewOf, type Visit } from '#web/request/visit.ts'
import { route, type Answer, type Route } from '#web/route.ts'

export type CitizenTools = { csrfKey: KeyObject }

/** Every form of a citizen's page carries the token of their session. */
export const posted = z.strictObject({ csrf: z.string().max(64) })

/** A page of the person who is signed in. */
export type Scene = { citizen: SignedIn; view: View; visit: Visit }

type Declared<Tools, Form extends z.ZodType> = {
  route: Route<Tools>['route']
  floor?: Floor
  asks?: boolean
  form: Form
  act: (tools: Tools, scene: Scene, input: z.output<Form>) => Promise<Answer>
}

/** A route of "my e-ID". Who comes without being signed in never reaches `act`: the router has led them to the door. */
export function citizenRoute<Tools extends CitizenTools, Form extends z.ZodType>({ route: at, floor, asks = false, form, act }: Declared<Tools, Form>): Route<Tools> {
  return route({
    route: at,
    who: 'citizen',
    ...(floor && { floor }),
    asks,
    form,
    act: async (tools: Tools, visit, input) => {
      if (visit.citizen === undefined) throw new Problem('internal')
      return act(tools, { citizen: visit.citizen, view: viewOf(tools, visit), visit }, input)
    },
  })
}
