import { z } from 'zod'
import { Problem } from '#kernel/problem.ts'
import { ownPasskey, passkeyName, removeOwnPasskey, renameOwnPasskey, type OwnPasskey, type PasskeyNames } from '#domain/account/own-passkeys.ts'
import { justNow } from '#domain/assurance/floor.ts'
import type { PasskeyStore } from '#domain/passkey/passkey.ts'
import { providerOf } from '#domain/passkey/provider.ts'
import { formatDay, formatTime } from '#web/i18n/format.ts'
import { ownPasskeyPaths, ownPasskeyPlaces, places } from '#web/place/citizen.ts'
import { viewOf } from '#web/request/visit.ts'
import { route } from '#web/route.ts'
import { passkeyPage, passkeyRemovedPage, removePasskeyPage, type KeyShown } from '#web/views/own-passkey.ts'
import { guardKeys, type GuardTools } from './key-guard.ts'
import { citizenRoute, posted, type CitizenTools, type Scene } from './citizen.ts'

type Tools = CitizenTools & GuardTools & { passkeys: Pick<PasskeyStore, 'ofAccount'>; passkeyNames: PasskeyNames }

const at = z.strictObject({ key: z.string().max(64) })

/** A passkey in the words of its holder. */
export function shownPasskey({ passkey, handle, name }: OwnPasskey): KeyShown {
  const { hardwareBound, backupEligible, createdAt, lastUsedAt } = passkey
  const other = backupEligible ? 'synced' : 'device'
  return {
    handle, name: name ?? providerOf(passkey.aaguid), kind: hardwareBound ? 'hardware' : other, added: formatDay(createdAt), used: lastUsedAt && formatTime(lastUsedAt),
  }
}

async function meant(tools: Tools, { citizen }: Scene, handle: string): Promise<OwnPasskey> {
  const found = await ownPasskey(tools, citizen.account, handle)
  if (found === undefined) throw new Problem('request.not-found')
  return found
}

export const showPasskey = citizenRoute({
  route: `GET ${ownPasskeyPaths.start}`,
  form: at,
  act: async (tools: Tools, scene, { key }) => ({ page: passkeyPage(scene.view, shownPasskey(await meant(tools, scene, key))) }),
})

/** Under a name that somebody else gave it, a strange key passes for one's own: a session left open is not enough (W09). */
export const renamePasskey = citizenRoute({
  route: `POST ${ownPasskeyPaths.name}`,
  floor: justNow,
  form: posted.extend({ ...at.shape, name: z.string().max(400) }),
  act: async (tools: Tools & Parameters<typeof renameOwnPasskey>[0], scene, { key, name: typed }) => {
    const found = await meant(tools, scene, key)
    const name = passkeyName.safeParse(typed)
    if (!name.success) return { page: passkeyPage(scene.view, shownPasskey(found), { typed: typed.slice(0, 100) }) }
    await renameOwnPasskey(tools, { account: scene.citizen.account, passkey: found.passkey.id, name: name.data })
    return { redirect: places.account }
  },
})

export const askToRemovePasskey = citizenRoute({
  route: `GET ${ownPasskeyPaths.remove}`,
  floor: justNow,
  form: at,
  act: async (tools: Tools, scene, { key }) => {
    const found = await meant(tools, scene, key)
    const guarded = await guardKeys(tools, scene, ownPasskeyPlaces(key).remove)
    if (guarded) return guarded
    const all = await tools.passkeys.ofAccount(scene.citizen.account)
    return { page: removePasskeyPage(scene.view, shownPasskey(found), { last: all.length === 1 }) }
  },
})

/** Who removes one has signed in moments ago, with this one or another: a session left open is not enough (W09). */
export const removePasskey = citizenRoute({
  route: `POST ${ownPasskeyPaths.remove}`,
  floor: justNow,
  form: posted.extend(at.shape),
  act: async (tools: Tools & Parameters<typeof removeOwnPasskey>[0], scene, { key }) => {
    const found = await meant(tools, scene, key)
    const guarded = await guardKeys(tools, scene, ownPasskeyPlaces(key).remove)
    if (guarded) return guarded
    const outcome = await removeOwnPasskey(tools, scene.citizen.account, found.passkey.id)
    if (outcome === 'last') return { page: removePasskeyPage(scene.view, shownPasskey(found), { last: true }) }
    return { redirect: places.passkeyRemoved }
  },
})

/** Nobody is signed in here any more, so anybody may read it. */
export const showPasskeyRemoved = route({
  route: `GET ${places.passkeyRemoved}`,
  who: 'anyone',
  form: z.strictObject({}),
  act: async (tools: CitizenTools, visit) => ({ page: passkeyRemovedPage(viewOf(tools, visit)) }),
})
