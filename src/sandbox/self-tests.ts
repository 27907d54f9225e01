import type { Log } from '#kernel/log.ts'
import type { DeveloperClientStore } from '#domain/sandbox/developer-client.ts'
import type { FaultStore } from '#domain/sandbox/fault.ts'
import type { PlayerStore } from '#domain/sandbox/test-person.ts'
import { guardedFetch } from '#oidc/outbound/fetch.ts'
import { selfTestRunner, type Runner } from '#oidc/self-test/runner.ts'
import { pairwiseSubjects } from '#oidc/subjects.ts'
import { selfTestReports } from '#storage/sandbox/self-tests.ts'
import { selfTestTurns } from '#storage/sandbox/turns.ts'
import { interactionPaths } from '#web/place/interaction.ts'
import type { SandboxConfig } from '#app/config.ts'
import type { House } from '#app/house.ts'

const endingOf = (path: string) => path.slice(interactionPaths.start.length)

type Parts = { log: Log; faults: FaultStore; players: PlayerStore; clients: DeveloperClientStore; makeKey: Parameters<typeof selfTestRunner>[0]['makeKey']; /** Milliseconds, where it is not what is usual. */ deadline?: number }

/** The first of the test people is the one that self-tests sign in. */
const ordinary = 0

/** The runner of self-tests, with what it may reach and whom it signs in. */
export function selfTestsAt({ database, volatile, keyring, clock, audit, subjects }: House, { issuer, outboundAllow }: Pick<SandboxConfig, 'issuer' | 'outboundAllow'>, { log, faults, players, clients, makeKey, deadline }: Parts): Runner {
  const subjectOf = pairwiseSubjects({ subjects, pairwiseKey: keyring.pairwiseKey })
  const { hostname } = new URL(issuer)
  // Only where the sandbox itself is on this machine, a program on this machine is within its reach.
  const allowed = hostname === 'localhost' ? [...outboundAllow, hostname] : outboundAllow
  return selfTestRunner({
    issuer, reports: selfTestReports(database), turns: selfTestTurns(volatile), clients, faults, audit, clock, log,
    here: guardedFetch({ allowed: [hostname], clock }),
    there: guardedFetch({ allowed, clock }),
    forms: [
      { ending: endingOf(interactionPaths.testPerson), fields: { person: String(ordinary) } },
      { ending: endingOf(interactionPaths.consent), fields: { choice: 'allow' } },
    ],
    subjectAt: async ({ own }) => {
      const player = await players.find(ordinary)
      if (player === undefined) throw new Error('a test person is not there')
      return subjectOf(player.account, own.sector)
    },
    own: keyring.jwks.keys,
    makeKey,
    ...(deadline !== undefined && { deadline }),
  })
}
