import { z } from 'zod'
import { due, giveIdentity, giveNamed, isForeign } from '#domain/enrolment/registration.ts'
import { isLatin, normalName } from '#domain/registry/name.ts'
import { parsePersonalNumber } from '#domain/registry/personal-number.ts'
import { atInteraction, faultOf, interactionRoute, postedAt, whereOf, type InteractionTools } from '#web/interaction/at.ts'
import { interactionPaths } from '#web/place/interaction.ts'
import { readBirthDate } from '#web/views/date-field.ts'
import { registerIdentityPage, registerNumberPage } from '#web/views/registration.ts'
import { onceMore, onwards } from './step.ts'

type NumberTools = InteractionTools & Parameters<typeof giveNamed>[0]
type IdentityTools = InteractionTools & Parameters<typeof giveIdentity>[0]

export const showNumber = interactionRoute({
  route: `GET ${interactionPaths.register}`,
  asks: 'login',
  form: atInteraction,
  act: async (_tools: InteractionTools, { view, service, uid }) => ({ page: registerNumberPage(view, { service, uid }) }),
})

export const takeNumber = interactionRoute({
  route: `POST ${interactionPaths.register}`,
  asks: 'login',
  form: postedAt.extend({ number: z.string().max(40) }),
  act: async (tools: NumberTools, scene, { number: typed }) => {
    const { view, service, uid } = scene
    const number = parsePersonalNumber(typed)
    if (number === undefined) return onceMore(registerNumberPage(view, { service, uid, value: typed, error: faultOf(typed) }))
    await giveNamed(tools, whereOf(scene), { number })
    return onwards(scene, 'identity')
  },
})

export const showIdentity = interactionRoute({
  route: `GET ${interactionPaths.identity}`,
  asks: 'login',
  form: atInteraction,
  act: async (tools: IdentityTools, { view, service, uid }) => {
    const registration = await due(tools, uid, ['identity', 'contact', 'code'])
    return { page: registerIdentityPage(view, { service, uid, foreign: isForeign(registration) }) }
  },
})

export const takeIdentity = interactionRoute({
  route: `POST ${interactionPaths.identity}`,
  asks: 'login',
  form: postedAt.extend({
    name: z.string().max(400),
    birthDay: z.string().max(4),
    birthMonth: z.string().max(4),
    birthYear: z.string().max(6),
  }),
  act: async (tools: IdentityTools, scene, typed) => {
    const { view, service, uid } = scene
    const parts = { day: typed.birthDay, month: typed.birthMonth, year: typed.birthYear }
    const name = normalName(typed.name)
    const born = readBirthDate(parts)
    const foreign = isForeign(await due(tools, uid, ['identity', 'contact', 'code']))
    const nameFault = faultOfName(name, foreign)
    if (nameFault !== undefined || 'fault' in born) {
      const errors = { ...(nameFault !== undefined && { name: nameFault }), ...('fault' in born && { birthDate: born.fault }) }
      return onceMore(registerIdentityPage(view, { service, uid, foreign, values: { name: typed.name, ...parts }, errors }))
    }
    await giveIdentity(tools, uid, { name, birthDate: born.date })
    return onwards(scene, 'contact')
  },
})

function faultOfName(name: string, foreign: boolean): 'nameMissing' | 'nameLong' | 'nameLatin' | undefined {
  if (name === '') return 'nameMissing'
  if (name.length > 200) return 'nameLong'
  return foreign && !isLatin(name) ? 'nameLatin' : undefined
}
