import { z } from 'zod'
import { giveNamed } from '#domain/enrolment/registration.ts'
import { issuesPassports } from '#domain/registry/country.ts'
import { parsePassportNumber } from '#domain/registry/passport.ts'
import { atInteraction, faultOf, interactionRoute, postedAt, whereOf, type InteractionTools } from '#web/interaction/at.ts'
import { interactionPaths, interactionPlaces } from '#web/place/interaction.ts'
import { hasChosenLanguage, rememberLanguage } from '#web/request/visit.ts'
import { registerPassportPage } from '#web/views/registration-passport.ts'
import { onceMore, onwards } from './step.ts'

type Tools = InteractionTools & Parameters<typeof giveNamed>[0] & { issuer: string }

/** "I am a foreigner": from here on in English, unless the person has just chosen a language. */
export const chooseForeigner = interactionRoute({
  route: `POST ${interactionPaths.foreigner}`,
  asks: 'login',
  form: postedAt,
  act: async ({ issuer }: Tools, { visit, uid }) => {
    if (!hasChosenLanguage(visit)) rememberLanguage(visit, { language: 'en', secure: issuer.startsWith('https:') })
    return { redirect: interactionPlaces(uid).passport }
  },
})

export const showPassport = interactionRoute({
  route: `GET ${interactionPaths.passport}`,
  asks: 'login',
  form: atInteraction,
  act: async (_tools: InteractionTools, { view, service, uid }) => ({ page: registerPassportPage(view, { service, uid }) }),
})

export const takePassport = interactionRoute({
  route: `POST ${interactionPaths.passport}`,
  asks: 'login',
  form: postedAt.extend({ passport: z.string().max(80), country: z.string().max(8) }),
  act: async (tools: Tools, scene, { passport: typed, country }) => {
    const { view, service, uid } = scene
    const number = parsePassportNumber(typed)
    const known = issuesPassports(country)
    if (number === undefined || !known) {
      const errors = { ...(number === undefined && { passport: faultOf(typed) }), ...(!known && { country: 'missing' as const }) }
      return onceMore(registerPassportPage(view, { service, uid, values: { passport: typed, country }, errors }))
    }
    await giveNamed(tools, whereOf(scene), { passport: { number, country } })
    return onwards(scene, 'identity')
  },
})
