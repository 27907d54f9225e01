import type { HeldKey } from '#domain/signing-key/key.ts'
import { isTooOld, type KeyRules } from '#domain/signing-key/rules.ts'
import type { KeyStanding } from '#domain/signing-key/standing.ts'
import { protocolRoutes } from '#oidc/routes.ts'
import { html, type Html, type Part } from '#web/html.ts'
import { formatCount, formatTime } from '#web/i18n/format.ts'
import { textsOf } from '#web/i18n/language.ts'
import { csrfField } from '#web/page.ts'
import { keyPlaces, places } from '#web/places.ts'
import { errorSummary, field, radioList, type FieldFault } from '#web/views/field.ts'
import { button, details, notice, summaryList, table } from '#web/views/parts.ts'
import { adminPage, backTo, momentCell, reasonField, whole, type AdminView } from './frame.ts'

type Keys = {
  keys: readonly KeyStanding[]
  /** Public JWKs. */
  published: readonly HeldKey['jwk'][]
  rules: KeyRules
  proposes: boolean
  /** Something about keys waits for a second person. */
  waiting: boolean
}

export function keysPage(view: AdminView, { keys, published, rules, proposes, waiting }: Keys): Html {
  const t = textsOf(view.language).signingKeys
  const old = keys.flatMap((key) => {
    const sentence = tooOld(view, key, rules)
    return sentence === undefined ? [] : [html`<span class="mono">${key.kid}</span>: ${sentence}`]
  })
  const rows = keys.map((key) => [
    html`<span class="mono">${key.kid}</span>`, whole(key.alg), stateOf(view, key), key.since === undefined ? t.nothing : momentCell(key.since), nextOf(view, key), proposes ? actsOf(view, key) : t.nothing,
  ])
  return adminPage(view, {
    title: t.title,
    body: html`<p class="lead">${t.lead}</p>
${old.map((sentence) => notice('warning', sentence, view.language))}
${waiting && html`<p>${t.waiting} <a href="${places.approvals}">${t.toApprovals}</a></p>`}
${table(t.caption, [t.kid, t.alg, t.state, t.since, t.next, t.acts], rows)}
${details(t.jwks, html`<pre class="mono">${JSON.stringify({ keys: published }, null, 1)}</pre>`)}
<p><a href="${protocolRoutes.jwks}">${t.toJwks}</a> · <a href="${places.transparency}">${t.toLog}</a></p>
<p>${t.howTo}</p>`,
  })
}

export type Ages = { standing: readonly KeyStanding[]; rules: KeyRules }

/** For how long each active key has signed; a key that is too old says so. */
export function keyAges(view: AdminView, { standing, rules }: Ages): Html {
  const { language, at } = view
  const t = textsOf(language).signingKeys
  const active = standing.filter(({ state, since }) => state === 'active' && since !== undefined)
  return html`<section><h2>${t.ages}</h2>${summaryList(active.map((key) => ({ label: key.alg, value: html`${tooOld(view, key, rules) ?? t.days(formatCount(daysSince(key, at), language))}<br><span class="mono hint">${key.kid}</span>` })))}
<p><a href="${places.keys}">${t.title}</a></p></section>`
}

const daysSince = ({ since }: KeyStanding, at: Date): number => Math.floor((at.getTime() - (since ?? at).getTime()) / 86_400_000)

function tooOld({ language, at }: AdminView, key: KeyStanding, rules: KeyRules): string | undefined {
  if (key.state !== 'active' || key.since === undefined || !isTooOld(key.since, at, rules)) return undefined
  return textsOf(language).signingKeys.tooOld(formatCount(daysSince(key, at), language), formatCount(rules.oldestDays, language))
}

function stateOf({ language }: AdminView, { state, held }: KeyStanding): Part {
  const t = textsOf(language).signingKeys
  if (held) return whole(t.states[state])
  return state === 'retired' ? whole(t.destroyed) : html`<strong>${t.missing}</strong>`
}

function nextOf({ language }: AdminView, { next }: KeyStanding): Part {
  const t = textsOf(language).signingKeys
  return next === undefined ? t.nothing : t.moves(t.states[next.to], formatTime(next.at))
}

function actsOf({ language }: AdminView, { kid, state, held }: KeyStanding): Part {
  const t = textsOf(language).signingKeys
  const at = keyPlaces(kid)
  if (!held || state === 'retired') return t.nothing
  const retire = html`<a href="${at.retire}" aria-label="${t.retireOf(kid)}">${t.retire}</a>`
  return state === 'active' ? retire : html`<a href="${at.activate}" aria-label="${t.activateOf(kid)}">${t.activate}</a> · ${retire}`
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
${backTo(view, places.keys)}`,
  })
}

export function retireKeyPage(view: AdminView, { key, typed, faults }: Form<{ reason?: string }>): Html {
  const t = textsOf(view.language).signingKeys
  return adminPage(view, {
    title: t.retireTitle(key.alg),
    failed: faults.length > 0,
    script: faults.length > 0,
    body: html`<p class="lead">${t.retireText}</p>
<p class="mono">${key.kid}</p>
${errorSummary(faults, view.language)}
<form method="post" action="${keyPlaces(key.kid).retire}">${csrfField(view)}${reasonField(view, { value: typed.reason, error: faults[0]?.message })}
${button(t.submit, { look: 'danger' })}</form>
${backTo(view, places.keys)}`,
  })
}
