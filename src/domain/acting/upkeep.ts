import { dayInVietnam } from '#kernel/clock.ts'
import type { ActedSession, ServiceSessionStore } from '#domain/signal/session.ts'
import { needOf } from './representation.ts'
import type { WardTools } from './ward.ts'

type Tools = Pick<WardTools, 'registry' | 'clock'> & {
  accounts: Pick<WardTools['accounts'], 'find'>
  serviceSessions: Pick<ServiceSessionStore, 'acted' | 'end'>
}

const atOnce = 200

/**
 * Whoever acts alone from today on, by the fourteenth birthday, is signed out wherever a representative signed in for them, and the services hear of it
 * (Decree 69/2024 Art 14.2). That the representative may do nothing more needs no chore: each use asks anew (`tieOf`). Answers how many
 * representations ended; what was done stays done where it breaks off, and once more does the rest.
 */
export async function endRepresentations(tools: Tools): Promise<number> {
  const { serviceSessions, clock } = tools
  let ended = 0
  for (let page = await serviceSessions.acted({ most: atOnce }); page.length > 0; page = await serviceSessions.acted({ after: page.at(-1), most: atOnce })) {
    for (const { account, by } of page) {
      if (!(await actsAlone(tools, account))) continue
      await serviceSessions.end({ account, reason: 'acts-alone', by, at: clock.now() })
      ended += 1
    }
  }
  return ended
}

async function actsAlone({ accounts, registry, clock }: Tools, id: ActedSession['account']): Promise<boolean> {
  const found = await accounts.find(id)
  const person = found && (await registry.find(found.account.person))
  return person !== undefined && needOf(person, dayInVietnam(clock.now())) === undefined
}
