import { html, type Html } from './html.ts'
import { page, type View } from './page.ts'

/** `/styleguide`, in development: every component in every state. */
export function styleguidePage(view: View): Html {
  return page(view, { title: 'Bộ giao diện', wide: true, body: html`<h1>Bộ giao diện</h1>` })
}
