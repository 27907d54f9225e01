import { z } from 'zod'
import { Problem } from '#kernel/problem.ts'
import type { AccountStore } from '#domain/account/store.ts'
import { officeFor } from '#domain/notice/office.ts'
import type { Person } from '#domain/registry/person.ts'
import { maskedNumber } from '#domain/registry/personal-number.ts'
import type { RegistryStore } from '#domain/registry/store.ts'
import { interactionPaths } from '#web/place/interaction.ts'
import type { Answer } from '#web/route.ts'
import { accountChoicePage, turnBackPage, type Who } from '#web/views/account.ts'
import { interactionRoute, postedAt, type InteractionTools, type Scene } from './at.ts'

export type WhoTools = { accounts: Pick<AccountStore, 'find'>; registry: Pick<RegistryStore, 'find'> }

/** Which account: the one that is signed in here, or another (`prompt=select_account`). */
export async function showAccountChoice(tools: WhoTools, scene: Scene): Promise<Answer> {
  const { view, service, uid } = scene
  return { page: accountChoicePage(view, { service, uid, who: await whoIs(tools, scene) }) }
}

/** Why this service cannot be used with this account; from here the service hears it too. */
export async function showTurnBack(tools: WhoTools, scene: Scene): Promise<Answer> {
  const { view, service, uid, interaction } = scene
  const { because } = interaction
  const missing = because === 'hardware-key' || because === 'organisation' ? because : 'account-level'
  const person = await personIn(tools, scene)
  const named = interaction.organisation?.among !== undefined
  return { page: turnBackPage(view, { service, uid, missing: missing === 'organisation' && named ? 'named-organisation' : missing, who: known(person), office: officeFor(person) }) }
}

export const chooseAccount = interactionRoute({
  route: `POST ${interactionPaths.account}`,
  asks: 'either',
  form: postedAt.extend({ choice: z.enum(['same', 'another']) }),
  act: async (tools: InteractionTools, { interaction, visit }, { choice }) => {
    // To another account there is a way from every page that knows somebody; to go on with this one is an answer to one page.
    const fits = choice === 'same' ? interaction.asks === 'account' : interaction.account !== undefined
    if (!fits) throw new Problem('interaction.expired')
    return { redirect: await tools.interactions.chosen(visit.exchange, choice) }
  },
})

/** Whoever is signed in, as they know themselves and a look over the shoulder does not. */
export async function whoIs(tools: WhoTools, scene: Scene): Promise<Who> {
  return known(await personIn(tools, scene))
}

const known = ({ name, number }: Person): Who => ({ name, number: maskedNumber(number) })

async function personIn({ accounts, registry }: WhoTools, { interaction: { account } }: Scene): Promise<Person> {
  const found = account && (await accounts.find(account))
  const person = found && (await registry.find(found.account.person))
  if (person === undefined) throw new Problem('interaction.expired')
  return person
}
