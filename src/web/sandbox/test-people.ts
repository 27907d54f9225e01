import { z } from 'zod'
import { Problem } from '#kernel/problem.ts'
import { networkOf } from '#domain/abuse/network.ts'
import { beginSignIn } from '#domain/passkey/authentication.ts'
import { assertBy } from '#domain/sandbox/software-passkey.ts'
import { testPeople, type PlayerStore } from '#domain/sandbox/test-person.ts'
import { interactionRoute, postedAt, type Scene } from '#web/interaction/at.ts'
import { finishSignIn, type SignInTools } from '#web/interaction/sign-in.ts'
import type { Html } from '#web/html.ts'
import { interactionPaths } from '#web/place/interaction.ts'
import type { Route } from '#web/route.ts'
import { testPeopleList } from '#web/views/test-people.ts'

/** What the sandbox's sign-in page shows above everything else. */
export async function offerTestPeople({ view, uid }: Scene): Promise<Html> {
  return testPeopleList(view, uid, testPeople)
}

/**
 * Signs in as one of the test people: the server answers its own challenge with the passkey that it holds for them, and then looks at the
 * answer as at anybody's. Only the sandbox's list of routes has this.
 */
export function signInAsTestPerson(players: PlayerStore): Route<SignInTools> {
  return interactionRoute({
    route: `POST ${interactionPaths.testPerson}`,
    asks: 'login',
    form: postedAt.extend({ person: z.coerce.number().int().min(0).max(testPeople.length - 1) }),
    act: async (tools: SignInTools, scene, { person }) => {
      // Each leaves a session behind, in stores that have other work.
      await tools.limits.spend('test-sign-ins-per-network', networkOf(scene.visit.address))
      const player = await players.find(person)
      if (player === undefined) throw new Problem('request.not-found')
      const options = await beginSignIn(tools, scene.uid)
      return finishSignIn(tools, scene, assertBy(player.passkey, options, { rp: tools.rp, account: player.account }))
    },
  })
}
