import { z } from 'zod'
import { approvalId } from '#kernel/id.ts'
import { requestPaths, requestPlaces } from '#web/place/citizen.ts'
import { interactionPaths, interactionPlaces } from '#web/place/interaction.ts'
import { route, type Route } from '#web/route.ts'
import { atInteraction } from './at.ts'

/**
 * Addresses that forms go to, and that a browser then shows: whoever reloads one of them by hand, switches the language
 * there or comes back after the phone has put the tab aside is led to the page that has the form.
 */
const forms = [
  { form: 'narrow', page: 'start' },
  { form: 'passkey', page: 'start' },
  { form: 'consent', page: 'start' },
  { form: 'cancel', page: 'start' },
  { form: 'account', page: 'start' },
  { form: 'resend', page: 'code' },
] as const

export const backToForms: readonly Route<object>[] = forms.map(({ form, page }) => route({
  route: `GET ${interactionPaths[form]}`,
  who: 'anyone',
  form: atInteraction,
  act: async (_tools, _visit, { uid }) => ({ redirect: interactionPlaces(uid)[page] }),
}))

/** The same for a request that waits for an answer. */
export const backToRequests: readonly Route<object>[] = (['code', 'approve', 'refuse'] as const).map((form) => route({
  route: `GET ${requestPaths[form]}`,
  who: 'anyone',
  form: z.strictObject({ id: approvalId }),
  act: async (_tools, _visit, { id }) => ({ redirect: requestPlaces(id).start }),
}))
