import type { Only } from '#domain/account/sign-in.ts'
import { beginSignIn, type SignInOptions } from '#domain/passkey/authentication.ts'
import type { PasskeyStore } from '#domain/passkey/passkey.ts'
import type { Answer } from '#web/route.ts'
import { againPage, type Again } from '#web/views/again.ts'
import { whoIs, type WhoTools } from './account.ts'
import type { Scene } from './at.ts'
import { allInDetail, type PlacesReader } from './detail-words.ts'
import { forBrowser } from './options.ts'

type OptionTools = Parameters<typeof beginSignIn>[0] & { passkeys: Pick<PasskeyStore, 'ofAccount'> }

/** Where somebody has only to confirm again: whose passkeys are asked for, and taken. */
export function onlyOf({ interaction: { again, account: signedIn, given, missing } }: Scene): Only | undefined {
  // Who acts for somebody shows their own key.
  const account = given?.by ?? signedIn
  return again && account !== undefined ? { account, hardwareBound: missing.includes('hardware-key') } : undefined
}

export async function optionsFor(tools: OptionTools, uid: Scene['uid'], only: Only): Promise<SignInOptions> {
  const all = await tools.passkeys.ofAccount(only.account)
  return beginSignIn(tools, uid, all.filter(({ hardwareBound }) => hardwareBound || !only.hardwareBound))
}

type Shown = { only: Only } & Pick<Again, 'note' | 'unknown'>

/** The page of a step-up: same person, same service, one more tap. */
export async function showAgain(tools: OptionTools & WhoTools & PlacesReader, scene: Scene, { only, ...shown }: Shown): Promise<Answer> {
  const { view, service, uid, interaction } = scene
  const [options, who] = await Promise.all([optionsFor(tools, uid, only), whoIs(tools, scene)])
  const details = await allInDetail(tools, interaction.details, view.language)
  return { page: againPage(view, { service, uid, who, hardwareKey: only.hardwareBound, details, options: forBrowser(options), ...shown }) }
}
