import type { TestPerson } from '#domain/sandbox/test-person.ts'
import { html, type Html } from '#web/html.ts'
import { textsOf } from '#web/i18n/language.ts'
import { csrfField, type View } from '#web/page.ts'
import { interactionPlaces } from '#web/place/interaction.ts'

/** One button for each; what they are good for stands under the name. */
export function testPeopleList(view: View, uid: string, people: readonly TestPerson[]): Html {
  const t = textsOf(view.language)
  const { title, lead, notes, or } = t.sandbox.people
  return html`<section aria-labelledby="people"><h2 id="people">${title}</h2>
<p class="quiet">${lead}</p>
<form method="post" action="${interactionPlaces(uid).testPerson}">${csrfField(view)}<div class="pair">
${people.map(({ cast, level, person: { name } }, place) => html`<button class="btn secondary" name="person" value="${place}"><span><span lang="vi">${name}</span><br><small>${notes[cast]} · ${t.frame.level(level)}</small></span></button>`)}
</div></form>
<p class="or"><span>${or}</span></p></section>`
}
