import type { HeldKey, KeyState } from '#domain/signing-key/key.ts'
import { ageOf } from '#domain/signing-key/age.ts'
import type { KeyRules } from '#domain/signing-key/rules.ts'
import type { KeyStanding } from '#domain/signing-key/standing.ts'
import { protocolRoutes } from '#oidc/routes.ts'
import { html, type Html, type Part } from '#web/html.ts'
import { formatCount, formatTime } from '#web/i18n/format.ts'
import { textsOf } from '#web/i18n/language.ts'
import { csrfField } from '#web/page.ts'
import { places } from '#web/place/citizen.ts'
import { consolePlaces, keyPlaces } from '#web/place/console.ts'
import { errorSummary, field, radioList, type FieldFault } from '#web/views/field.ts'
import { button, details, notice, summaryList } from '#web/views/parts.ts'
import { adminPage, backTo, momentCell, reasonField, whole, type AdminView } from './frame.ts'
import { filterBy, listing, type Asked } from './listing.ts'

type AskedKeys = Asked & { tim?: string | undefined; trangthai?: KeyState | undefined }

type Keys = {
  /** All of them. */
  standing: readonly KeyStanding[]
  /** Those that were asked for. */
  keys: readonly KeyStanding[]
  all: number
  asked: AskedKeys
  perPage: number
  /** Public JWKs. */
  published: readonly HeldKey['jwk'][]
  rules: KeyRules
  proposes: boolean
  /** Something about keys waits for a second person. */
  waiting: boolean
}

export function keysPage(view: AdminView, { standing, keys, all, asked, perPage, published, rules, proposes, waiting }: Keys): Html {
  const { language } = view
  const { signingKeys: t, listing: { keys: words, whatever } } = textsOf(language)
  const old = standing.flatMap((key) => {
    const sentence = ageSaid(view, key, rules)
    return sentence === undefined ? [] : [html`<span class="mono">${key.kid}</span>: ${sentence}`]
  })
  return adminPage(view, {
    title: t.title,
    body: html`<p class="lead">${t.lead}</p>
${old.map((sentence) => notice('warning', sentence, language))}
${waiting && html`<p>${t.waiting} <a href="${consolePlaces.approvals}">${t.toApprovals}</a></p>`}
${listing(view, {
      place: consolePlaces.keys, asked, orders: words.orders, caption: t.caption, all, perPage, none: words.none,
      filtered: (asked.tim ?? asked.trangthai) !== undefined,
      fields: html`${field({ name: 'tim', label: `${t.kid}, ${t.alg}`, language, value: asked.tim, maxlength: 43, spellcheck: false })}
${filterBy({ name: 'trangthai', label: t.state, unset: whatever, value: asked.trangthai, words: t.states, language })}`,
      head: [t.kid, t.alg, t.state, t.since, t.next, t.acts],
      rows: keys.map((key) => [
        html`<span class="mono">${key.kid}</span>`, whole(key.alg), stateOf(view, key), key.since === undefined ? t.nothing : momentCell(key.since), nextOf(view, key), proposes ? actsOf(view, key) : t.nothing,
      ]),
    })}
${details(t.jwks, html`<pre class="mono">${JSON.stringify({ keys: published }, null, 1)}</pre>`)}
<p><a href="${protocolRoutes.jwks}">${t.toJwks}</a> · <a href="${places.transparency}">${t.toLog}</a></p>
<p>${t.howTo}</p>`,
  })
}

export function keysInFile({ language }: AdminView, keys: readonly KeyStanding[]) {
  const t = textsOf(language).signingKeys
  return {
    head: [t.kid, t.alg, t.state, t.since, t.next],
    rows: keys.map(({ kid, alg, state, since, next }) => [kid, alg, t.states[state], since?.toISOString(), next && t.moves(t.states[next.to], next.at.toISOString())]),
  }
}

export type Ages = { standing: readonly KeyStanding[]; rules: KeyRules }

/** For how long each active key has signed; a key that is too old, or soon will be, says so. */
export function keyAges(view: AdminView, { standing, rules }: Ages): Html {
  const { language, at } = view
  const t = textsOf(language).signingKeys
  const active = standing.filter(({ state, since }) => state === 'active' && since !== undefined)
  const aged = active.some((key) => ageOf(key, rules, at) !== undefined)
  return html`<section><h2>${t.ages}</h2>${aged && notice('warning', t.agedLead, language)}${summaryList(active.map((key) => ({ label: key.alg, value: html`${ageSaid(view, key, rules) ?? t.days(formatCount(daysSince(key, at), language))}<br><span class="mono hint">${key.kid}</span>` })))}
<p><a href="${consolePlaces.keys}">${t.title}</a></p></section>`
}

const daysSince = ({ since }: KeyStanding, at: Date): number => Math.floor((at.getTime() - (since ?? at).getTime()) / 86_400_000)

function ageSaid({ language, at }: AdminView, key: KeyStanding, rules: KeyRules): string | undefined {
  const age = ageOf(key, rules, at)
  return age && textsOf(language).signingKeys.aged[age](formatCount(daysSince(key, at), language), formatCount(rules.oldestDays, language))
}

function stateOf({ language }: AdminView, { state, held }: KeyStanding): Part {
  const t = textsOf(language).signingKeys
  if (held) return whole(t.states[state])
  if (state === 'revoked') return whole(t.states.revoked)
  return state === 'retired' ? whole(t.destroyed) : html`<strong>${t.missing}</strong>`
}

function nextOf({ language }: AdminView, { next }: KeyStanding): Part {
  const t = textsOf(language).signingKeys
  return next === undefined ? t.nothing : t.moves(t.states[next.to], formatTime(next.at))
}

function actsOf({ language }: AdminView, { kid, state, held }: KeyStanding): Part {
  const t = textsOf(language).signingKeys
  const at = keyPlaces(kid)
  if (!held || state === 'revoked') return t.nothing
  const revoke = html`<a href="${at.revoke}" aria-label="${t.revokeOf(kid)}">${t.revoke}</a>`
  if (state === 'retired') return revoke
  const retire = html`<a href="${at.retire}" aria-label="${t.retireOf(kid)}">${t.retire}</a>`
  return html`${state === 'staged' && html`<a href="${at.activate}" aria-label="${t.activateOf(kid)}">${t.activate}</a> · `}${retire} · ${revoke}`
}

type Form<Typed> = { key: HeldKey; typed: Typed; faults: readonly FieldFault[] }
type Activation = Form<{ when?: string; at?: string; reason?: string }> & { rules: KeyRules }

export function activateKeyPage(view: AdminView, { key, rules, typed, faults }: Activation): Html {
  const { language } = view
  const t = textsOf(language).signingKeys
  const error = (name: string) => faults.find((fault) => fault.field === name)?.message
  return adminPage(view, {
    title: t.activateTitle(key.alg),
    failed: faults.length > 0,
    script: faults.length > 0,
    body: html`<p class="lead">${t.activateText}</p>
<p class="mono">${key.kid}</p>
${errorSummary(faults, language)}
<form method="post" action="${keyPlaces(key.kid).activate}">${csrfField(view)}
${radioList('when', t.when, [
  { value: 'planned', label: t.planned, hint: t.plannedHint(formatCount(rules.noticeHours, language)), checked: typed.when === 'planned' },
  { value: 'approval', label: t.atOnce, hint: t.atOnceHint, checked: typed.when === 'approval' },
])}
${field({ name: 'at', label: t.at, language, value: typed.at, error: error('at'), type: 'datetime-local' })}
${reasonField(view, { value: typed.reason, error: error('reason') })}
${button(t.submit)}</form>
${backTo(view, consolePlaces.keys)}`,
  })
}

type Ending = Form<{ reason?: string }>

export function retireKeyPage(view: AdminView, ending: Ending): Html {
  const { retireTitle, retireText } = textsOf(view.language).signingKeys
  return endKeyPage(view, { ...ending, title: retireTitle(ending.key.alg), text: html`<p class="lead">${retireText}</p>`, action: keyPlaces(ending.key.kid).retire })
}

/** What it will be like for everybody stands there before anybody asks for it. */
export function revokeKeyPage(view: AdminView, ending: Ending): Html {
  const { revokeTitle, revokeText, revokeMeans } = textsOf(view.language).signingKeys
  const text = html`<p class="lead">${revokeText}</p><ul>${revokeMeans.map((line) => html`<li>${line}</li>`)}</ul>`
  return endKeyPage(view, { ...ending, title: revokeTitle(ending.key.alg), text, action: keyPlaces(ending.key.kid).revoke })
}

function endKeyPage(view: AdminView, { key, typed, faults, title, text, action }: Ending & { title: string; text: Html; action: string }): Html {
  return adminPage(view, {
    title,
    failed: faults.length > 0,
    script: faults.length > 0,
    body: html`${text}
<p class="mono">${key.kid}</p>
${errorSummary(faults, view.language)}
<form method="post" action="${action}">${csrfField(view)}${reasonField(view, { value: typed.reason, error: faults[0]?.message })}
${button(textsOf(view.language).signingKeys.submit, { look: 'danger' })}</form>
${backTo(view, consolePlaces.keys)}`,
  })
}
