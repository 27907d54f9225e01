import type { Office } from '#domain/notice/office.ts'
import { html, type Html } from '#web/html.ts'
import { textsOf } from '#web/i18n/language.ts'
import { csrfField, page, type View } from '#web/page.ts'
import { places } from '#web/place/citizen.ts'
import { interactionPlaces } from '#web/place/interaction.ts'
import { bullets, button, linkButton, withService, type Service } from './parts.ts'
import { backToService } from './sign-in.ts'

/** Whose account it is: the full name, and the number as nobody else can read it. */
export type Who = { name: string; number: string }

type Place = { service: Service; uid: string }

export function whoPlate({ name, number }: Who): Html {
  return html`<p class="plate"><span><strong lang="vi">${name}</strong><br><span class="quiet">${number}</span></span></p>`
}

/** A way to another account; a POST, for it changes what this sign-in is about. */
export function useAnother(view: View, { uid }: Pick<Place, 'uid'>): Html {
  return html`<form method="post" action="${interactionPlaces(uid).account}">${csrfField(view)}${
    button(textsOf(view.language).account.another, { look: 'link', name: 'choice', value: 'another' })
  }</form>`
}

/** `prompt=select_account`: go on as who is signed in, or as somebody else. */
export function accountChoicePage(view: View, { service, uid, who }: Place & { who: Who }): Html {
  const t = textsOf(view.language).account
  return page(view, {
    title: t.chooseTitle(service.name),
    body: html`<h1>${withService(t.chooseTitle, service)}</h1>
<p class="lead">${t.chooseLead}</p>
${whoPlate(who)}
<form method="post" action="${interactionPlaces(uid).account}">${csrfField(view)}
${button(html`${t.same} <span lang="vi">${who.name}</span>`, { name: 'choice', value: 'same' })}
${button(t.another, { name: 'choice', value: 'another', look: 'secondary' })}</form>
${backToService(view, service, uid)}`,
  })
}

type TurnBack = Place & { who: Who; missing: 'account-level' | 'hardware-key' | 'organisation' | 'named-organisation'; /** Where this person is raised to level 2. */ office: Office }

/** What this service needs and this account does not have. Going back tells the service so. */
export function turnBackPage(view: View, { service, uid, who, missing, office }: TurnBack): Html {
  const t = textsOf(view.language).account
  const words = t.turnBack[missing]
  return page(view, {
    title: words.title,
    body: html`<h1>${words.title}</h1>
<p class="lead">${withService(words.lead, service)}</p>
${whoPlate(who)}
<h2>${t.whatToDo}</h2>
${bullets(words.steps(office))}
<form method="post" action="${interactionPlaces(uid).cancel}">${csrfField(view)}${
      button(withService(textsOf(view.language).frame.backTo, service))
    }</form>
${linkButton(textsOf(view.language).frame.help, places.help, 'secondary')}
${useAnother(view, { uid })}`,
  })
}
