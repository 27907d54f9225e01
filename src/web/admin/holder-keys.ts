import { ownPasskeys, type PasskeyNames } from '#domain/account/own-passkeys.ts'
import type { AuthenticatorRules } from '#domain/passkey/authenticators.ts'
import type { PasskeyStore } from '#domain/passkey/passkey.ts'
import { providerOf } from '#domain/passkey/provider.ts'
import type { Proposal } from '#domain/proposal/proposal.ts'
import type { HolderKeys } from '#web/views/admin/holder-keys.ts'
import { namesOf } from './officer.ts'

export type HolderKeyTools = Parameters<typeof namesOf>[0] & {
  passkeys: Pick<PasskeyStore, 'ofAccount'>
  passkeyNames: PasskeyNames
  authenticators: Pick<AuthenticatorRules, 'anchors'>
}

/**
 * Of each account that a proposal gives a role: the keys that are named with it and decide from then on (A02). Whoever could slip a key into the account
 * before would be that officer, so both who decide see them all; nothing of those of what was decided, for others may stand there since.
 */
export async function keysToName(tools: HolderKeyTools, { change, decision, proposedAt }: Proposal): Promise<readonly HolderKeys[]> {
  const grants = change.act === 'role.grant' ? [change.role] : change.act === 'role.many' ? change.grants : []
  const named = namesOf(tools)
  const all: HolderKeys[] = []
  // One after the other: a list of two hundred people would take all connections.
  for (const account of decision === undefined ? new Set(grants.map((one) => one.account)) : []) {
    const keys = (await ownPasskeys(tools, account)).map(({ passkey: { aaguid, createdAt, hardwareBound }, name }) => ({
      name, maker: makerOf(tools, aaguid), added: createdAt, attested: hardwareBound, late: createdAt > proposedAt,
    }))
    all.push({ holder: await named(account), keys })
  }
  return all
}

function makerOf({ authenticators }: Pick<HolderKeyTools, 'authenticators'>, aaguid: string): string {
  return providerOf(aaguid) ?? authenticators.anchors.find(({ aaguids }) => aaguids.includes(aaguid))?.name ?? aaguid
}
