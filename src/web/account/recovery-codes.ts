import { z } from 'zod'
import { justNow } from '#domain/assurance/floor.ts'
import { printCodes, type RecoveryCodeStore } from '#domain/recovery/code.ts'
import type { RecoveryRules } from '#domain/recovery/rules.ts'
import { formatDay } from '#web/i18n/format.ts'
import { places } from '#web/place/citizen.ts'
import { noCodesPage, printedCodesPage, recoveryCodesPage } from '#web/views/recovery-codes.ts'
import { citizenRoute, posted, type CitizenTools, type Scene } from './citizen.ts'
import { guardKeys, type GuardTools } from './key-guard.ts'

type Tools = CitizenTools & GuardTools & { recoveryCodes: RecoveryCodeStore; recoveryRules: RecoveryRules }

export const showRecoveryCodes = citizenRoute({
  route: `GET ${places.recoveryCodes}`,
  form: z.strictObject({}),
  act: async (tools: Tools, { citizen, view }) => {
    if (await holdsOffice(tools, citizen)) return { page: noCodesPage(view) }
    const { left, madeAt } = await tools.recoveryCodes.left(citizen.account)
    return { page: recoveryCodesPage(view, { left, made: madeAt && formatDay(madeAt), count: tools.recoveryRules.codes }) }
  },
})

/** Shown once, in the answer itself: they are nowhere afterwards. Who prints some has signed in moments ago, for they open the account (W09). */
export const makeRecoveryCodes = citizenRoute({
  route: `POST ${places.recoveryCodes}`,
  floor: justNow,
  form: posted,
  act: async (tools: Tools & Parameters<typeof printCodes>[0], scene) => {
    const { citizen, view } = scene
    if (await holdsOffice(tools, citizen)) return { page: noCodesPage(view) }
    const guarded = await guardKeys(tools, scene, places.recoveryCodes)
    if (guarded) return guarded
    return { page: printedCodesPage(view, await printCodes(tools, citizen.account, tools.recoveryRules.codes)) }
  },
})

/** Paper is no key to the console, so whoever holds an office prints none: they come back at a desk (A03). */
async function holdsOffice({ officers }: Pick<Tools, 'officers'>, { account }: Scene['citizen']): Promise<boolean> {
  return (await officers.rolesOf(account)).length > 0
}
