import { route, type Route } from '#web/route.ts'
import { atInteraction } from './at.ts'

/**
 * Addresses that forms go to, and that a browser then shows: whoever reloads one of them by hand, switches the language
 * there or comes back after the phone has put the tab aside is led to the page that has the form.
 */
const forms = [
  { form: 'narrow', page: '' },
  { form: 'passkey', page: '' },
  { form: 'consent', page: '' },
  { form: 'cancel', page: '' },
  { form: 'register/resend', page: '/register/code' },
] as const

export const backToForms: readonly Route<object>[] = forms.map(({ form, page }) => route({
  route: `GET /interaction/:uid/${form}`,
  who: 'anyone',
  form: atInteraction,
  act: async (_tools, _visit, { uid }) => ({ redirect: `/interaction/${encodeURIComponent(uid)}${page}` }),
}))
