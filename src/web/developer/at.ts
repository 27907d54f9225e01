import { z } from 'zod'
import { clientId } from '#kernel/id.ts'
import { Problem } from '#kernel/problem.ts'
import type { DeveloperClient } from '#domain/sandbox/developer-client.ts'
import type { Sandbox } from '#domain/sandbox/sandbox.ts'
import { citizenRoute, posted, type CitizenTools, type Scene } from '#web/account/citizen.ts'
import type { Answer, Route } from '#web/route.ts'

/** Absent where this server has no sandbox beside it: then none of these pages is there. */
export type DeveloperTools = CitizenTools & { sandbox?: Sandbox | undefined }

/** A page of a developer: a citizen, and the sandbox. */
export type DeveloperScene = Scene & { sandbox: Sandbox }

type Declared<Form extends z.ZodType> = {
  route: Route<DeveloperTools>['route']
  form: Form
  asks?: boolean
  act: (scene: DeveloperScene, input: z.output<Form>) => Promise<Answer>
}

export function developerRoute<Form extends z.ZodType>({ route, form, asks, act }: Declared<Form>): Route<DeveloperTools> {
  return citizenRoute({
    route,
    form,
    ...(asks && { asks }),
    act: async ({ sandbox }: DeveloperTools, scene, input) => {
      if (sandbox === undefined) throw new Problem('request.not-found')
      return act({ ...scene, sandbox }, input)
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
