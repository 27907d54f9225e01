import { personLines, signInLines, verifiedLines } from './claims.ts'
import type { Line } from './claims.ts'
import { html } from './html.ts'
import type { Html } from './html.ts'
import type { SignedIn } from './session.ts'
import { style } from './style.ts'
import { words } from './words.ts'
import type { Language, Trouble } from './words.ts'

export type Site = 'portal' | 'library'
export type View = { site: Site; language: Language; otherSite: string }

function layout({ site, language }: View, title: string, body: Html): string {
  const say = words[language]
  return html`<!doctype html>
<html lang="${language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title} – ${say[site]}</title>
<link rel="icon" href="data:,">
<style>${{ markup: style }}</style>
</head>
<body data-site="${site}">
<header><div class="bar"><a class="brand" href="/">${say[site]}</a>
<form method="post" action="/language"><button name="to" value="${language === 'vi' ? 'en' : 'vi'}"
 lang="${language === 'vi' ? 'en' : 'vi'}">${say.language}</button></form></div></header>
<aside class="test"><p>${say.notReal}</p></aside>
<main>${body}</main>
</body>
</html>`.markup
}

export function homePage(view: View): string {
  const say = words[view.language]
  const offers = view.site === 'portal' ? say.portalOffers : say.libraryOffers
  return layout(view, say.signIn, html`
<h1>${say[view.site]}</h1>
<p class="lead">${view.site === 'portal' ? say.portalLead : say.libraryLead}</p>
${signInForm(view, say.signIn)}
<p class="hint">${say.signInHint}</p>
${view.site === 'portal' && html`<form method="post" action="/login/face"><button class="quiet">${say.withFace}</button></form>
<form method="post" action="/login/organisation"><button class="quiet">${say.forOrganisation}</button></form>`}
<ul class="offers">${offers.map((offer) => html`<li>${offer}</li>`)}</ul>`)
}

export function welcomePage(view: View, { token, userinfo }: SignedIn): string {
  const say = words[view.language]
  const name = typeof userinfo['name'] === 'string' ? userinfo['name'] : undefined
  const greeting = name === undefined ? say.helloAgain : say.hello(name)
  const verified = [...verifiedLines(userinfo, view.language), ...verifiedLines(token, view.language)]
  return layout(view, greeting, html`
<h1>${greeting}</h1>
<p class="lead">${say.receivedHint}</p>
<h2>${say.received}</h2>${list(personLines({ ...token, ...userinfo }, view.language))}
${verified.length > 0 && html`<h2>${say.verified}</h2>${list(verified)}`}
<h2>${say.howSignedIn}</h2>${list(signInLines(token, view.language))}
<details><summary>${say.rawToken}</summary><pre tabindex="0">${JSON.stringify(token, null, 2)}</pre></details>
<details><summary>${say.rawUserinfo}</summary><pre tabindex="0">${JSON.stringify(userinfo, null, 2)}</pre></details>
<div class="acts"><form method="post" action="/logout"><button class="quiet">${say.signOut}</button></form>
<a href="${view.otherSite}">${say.otherSite}</a></div>`)
}

export function signedOutPage(view: View): string {
  const say = words[view.language]
  return layout(view, say.signedOut, html`
<h1>${say.signedOut}</h1><p class="lead">${say.signedOutHint}</p>
<div class="acts">${signInForm(view, say.signIn)}<a href="/">${say.home}</a></div>`)
}

/** A sentence for people; what the protocol said stays folded. */
export function troublePage(view: View, trouble: Trouble, technical: string): string {
  const say = words[view.language]
  return layout(view, say.failed, html`
<h1>${say.failed}</h1>
<p class="plate" data-trouble="${trouble}">${say.problems[trouble]}</p>
<div class="acts">${signInForm(view, say.tryAgain)}<a href="/">${say.home}</a></div>
<details><summary>${say.technical}</summary><pre tabindex="0">${technical}</pre></details>`)
}

export function notFoundPage(view: View): string {
  const say = words[view.language]
  return layout(view, say.notFound, html`<h1>${say.notFound}</h1><p><a href="/">${say.home}</a></p>`)
}

function signInForm({ site }: View, label: string): Html {
  return html`<form method="post" action="/login"><button class="primary wide" data-site="${site}">${label}</button></form>`
}

function list(lines: readonly Line[]): Html {
  return html`<dl>${lines.map(({ label, value, note }) =>
    html`<div><dt>${label}</dt><dd>${value}${note !== undefined && note !== '' && note !== value && html`<small>${note}</small>`}</dd></div>`)}</dl>`
}
