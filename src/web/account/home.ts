import { z } from 'zod'
import type { Clock } from '#kernel/clock.ts'
import { Problem } from '#kernel/problem.ts'
import { levelAt } from '#domain/account/account.ts'
import { ownPasskeys } from '#domain/account/own-passkeys.ts'
import { endEverything } from '#domain/account/sign-out.ts'
import type { AccountStore } from '#domain/account/store.ts'
import type { ApprovalStore } from '#domain/approval/approval.ts'
import type { RelyingParty } from '#domain/passkey/passkey.ts'
import { maskedNumber } from '#domain/registry/personal-number.ts'
import type { RegistryStore } from '#domain/registry/store.ts'
import { formatTime } from '#web/i18n/format.ts'
import { places } from '#web/place/citizen.ts'
import { viewOf } from '#web/request/visit.ts'
import { route } from '#web/route.ts'
import { accountPage, signedOutEverywherePage, signOutEverywherePage } from '#web/views/my-eid.ts'
import { shownPasskey } from './passkey.ts'
import { citizenRoute, posted, type CitizenTools } from './citizen.ts'

type Tools = CitizenTools & Parameters<typeof ownPasskeys>[0] & {
  accounts: Pick<AccountStore, 'find'>
  registry: Pick<RegistryStore, 'find'>
  rp: RelyingParty
  clock: Clock
  approvals: Pick<ApprovalStore, 'waitingFor'>
}

/** "My e-ID": who is signed in, since when, and what waits for an answer. */
export const showAccount = citizenRoute({
  route: `GET ${places.account}`,
  form: z.strictObject({}),
  act: async (tools: Tools, { citizen, view }) => {
    const [found, own, waiting] = await Promise.all([
      tools.accounts.find(citizen.account), ownPasskeys(tools, citizen.account), tools.approvals.waitingFor(citizen.account),
    ])
    const person = found && (await tools.registry.find(found.account.person))
    if (found === undefined || person === undefined) throw new Problem('internal')
    const uses = own.flatMap(({ passkey: { lastUsedAt } }) => lastUsedAt ?? [])
    const last = new Date(Math.max(citizen.evidence.at * 1000, ...uses.map((at) => at.getTime())))
    const { heldUntil } = found.account
    return {
      page: accountPage(view, {
        held: heldUntil !== undefined && heldUntil > tools.clock.now() ? formatTime(heldUntil) : undefined,
        name: person.name, number: maskedNumber(person.number), level: levelAt(found.account, tools.clock.now()), lastSignIn: formatTime(last), waiting: waiting.length,
        keys: own.map(shownPasskey),
        accepted: { rpId: tools.rp.id, userId: Buffer.from(citizen.account).toString('base64url'), allAcceptedCredentialIds: own.map(({ passkey }) => passkey.id) },
      }),
    }
  },
})

export const askToSignOutEverywhere = citizenRoute({
  route: `GET ${places.signOutEverywhere}`,
  form: z.strictObject({}),
  act: async (_tools: CitizenTools, { view }) => ({ page: signOutEverywherePage(view) }),
})

export const signOutEverywhere = citizenRoute({
  route: `POST ${places.signOutEverywhere}`,
  form: posted,
  act: async (tools: CitizenTools & Parameters<typeof endEverything>[0], { citizen }) => {
    await endEverything(tools, citizen.account)
    return { redirect: places.signedOutEverywhere }
  },
})

/** Nobody is signed in here any more, so anybody may read it. */
export const showSignedOutEverywhere = route({
  route: `GET ${places.signedOutEverywhere}`,
  who: 'anyone',
  form: z.strictObject({}),
  act: async (tools: CitizenTools, visit) => ({ page: signedOutEverywherePage(viewOf(tools, visit)) }),
})
