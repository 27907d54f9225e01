import { z } from 'zod'
import { clientId } from '#kernel/id.ts'
import { Problem } from '#kernel/problem.ts'
import type { LimitName, Limits } from '#domain/abuse/limits.ts'
import type { DeveloperClient } from '#domain/sandbox/developer-client.ts'
import type { Sandbox } from '#domain/sandbox/sandbox.ts'
import { citizenRoute, posted, type CitizenTools, type Scene } from '#web/account/citizen.ts'
import type { Answer, Route } from '#web/route.ts'

/** Absent where this server has no sandbox beside it: then none of these pages is there. It throws `service.unavailable` while there is one that does not listen. */
export type DeveloperTools = CitizenTools & { sandbox?: (() => Sandbox) | undefined; limits: Pick<Limits, 'spend'> }

/** A page of a developer: a citizen, and the sandbox. */
export type DeveloperScene = Scene & { sandbox: Sandbox }

/** `acts` leave something behind for good; `tries` cost the servers work. */
export type DeveloperLimit = Extract<LimitName, `developer-${string}`>

type Declared<Form extends z.ZodType> = {
  route: Route<DeveloperTools>['route']
  form: Form
  asks?: boolean
  /** Counted for each developer. */
  spends?: DeveloperLimit
  act: (scene: DeveloperScene, input: z.output<Form>) => Promise<Answer>
}

export function developerRoute<Form extends z.ZodType>({ route, form, asks, spends, act }: Declared<Form>): Route<DeveloperTools> {
  return citizenRoute({
    route,
    form,
    ...(asks && { asks }),
    act: async ({ sandbox, limits }: DeveloperTools, scene, input) => {
      if (sandbox === undefined) throw new Problem('request.not-found')
      if (spends !== undefined) await limits.spend(spends, scene.citizen.account)
      return act({ ...scene, sandbox: sandbox() }, input)
    },
  })
}

export const atClient = z.strictObject({ id: clientId })
export const postedAtClient = posted.extend({ id: clientId })

/** A client of somebody else is as good as none. */
export async function ownClient({ sandbox, citizen }: DeveloperScene, id: DeveloperClient['id']): Promise<DeveloperClient> {
  const client = await sandbox.clients.find(citizen.account, id)
  if (client === undefined) throw new Problem('request.not-found')
  return client
}
