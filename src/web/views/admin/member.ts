import { z } from 'zod'
import type { Json } from '#kernel/canonical.ts'
import { ownMetadata, type Purpose } from '#domain/client/client.ts'
import type { Catalogue } from '#domain/consent/catalogue.ts'
import { officeAt } from '#domain/desk/station.ts'
import { post } from '#domain/officer/post.ts'
import { roles } from '#domain/officer/role.ts'
import { authenticationMethods } from '#domain/client/profile.ts'
import { thumbprint } from '#domain/transparency/thumbprint.ts'
import { html, type Html, type Part } from '#web/html.ts'
import { formatBirthDate as formatDate, formatCount } from '#web/i18n/format.ts'
import { textsOf } from '#web/i18n/language.ts'
import type { View } from '#web/page.ts'
import { details, summaryList } from '#web/views/parts.ts'

type Texts = ReturnType<typeof textsOf>['clients']
/** `other` is what stands on the other side of a difference, `mark` what is said of items that do not. */
type Shown = { value: Json; other?: Json | undefined; mark?: string }
type Words = (shown: Shown, t: Texts, named: { view: View; catalogue: Catalogue }) => Part

const texts = z.array(z.string())
const bilingual = z.strictObject({ vi: z.string(), en: z.string() })
const keySet = z.strictObject({ keys: z.array(z.record(z.string(), z.unknown())) })
const { shape } = ownMetadata
const agreement = shape.agreement.unwrap()
/** With the officer by name. */
const agent = z.strictObject({ officer: z.string(), until: z.iso.date(), scopes: texts })

/** What a member is called; by its technical name where there are no words for it. */
export function memberName(view: View, member: string, about: 'client' | 'role' = 'client'): Part {
  const { members, roleMembers } = textsOf(view.language).clients
  const words: Readonly<Record<string, string>> = about === 'role' ? roleMembers : members
  return Object.hasOwn(words, member) ? words[member] : html`<code>${member}</code>`
}

/**
 * A member in words. Nothing is left out, for this is what is signed: a value that is not just as the words expect is shown as it
 * stands, and so is what stands behind a thumbprint.
 */
export function memberValue(view: View, catalogue: Catalogue, { member, ...shown }: Shown & { member: string }): Part {
  const say = Object.hasOwn(words, member) ? words[member] : undefined
  return say?.(shown, textsOf(view.language).clients, { view, catalogue }) ?? plain(shown, textsOf(view.language).clients)
}

const words: Readonly<Record<string, Words>> = {
  legal_name: ({ value }) => said(bilingual, value, both),
  sector: ({ value }) => said(z.string(), value, (text) => html`<span class="mono">${text}</span>`),
  client_id: ({ value }) => said(z.string(), value, (text) => html`<span class="mono">${text}</span>`),
  relying_party_class: ({ value }, { classes }) => said(shape.relying_party_class.removeDefault(), value, (one) => classes[one]),
  profile: ({ value }, { profiles }) => said(shape.profile.removeDefault(), value, (one) => profiles[one]),
  ends_on: ({ value }) => said(z.iso.date(), value, formatDate),
  agreement: ({ value }, _t, { view }) => said(agreement, value, ({ number, signed_on: from, ends_on: until }) => textsOf(view.language).agreement.inWords(number, formatDate(from), formatDate(until))),
  security_level: ({ value }, _t, { view }) => said(z.int(), value, (level) => textsOf(view.language).agreement.level(level)),
  minimum_account_level: ({ value }, { level }) => said(z.int(), value, level),
  minimum_authentication_level: ({ value }, { level }) => said(z.int(), value, level),
  token_endpoint_auth_method: ({ value }, { methods }) => said(z.enum(authenticationMethods), value, (one) => methods[one]),
  acts_for: ({ value }, { agency }) => said(agent, value, ({ officer, until, scopes }) => html`${agency(officer, formatDate(until))}<br><span class="mono">${scopes.join(' ')}</span>`),
  client_secret: ({ value }, _t, { view }) => said(z.enum(['current', 'new']), value, (one) => textsOf(view.language).clientSecrets.values[one]),
  keeps_days: ({ value }, _t, { view }) => said(z.int(), value, (days) => textsOf(view.language).clientSecrets.keeps(formatCount(days, view.language))),
  key_state: ({ value }, _t, { view }) => said(z.enum(['staged', 'active', 'retired', 'revoked']), value, (state) => textsOf(view.language).signingKeys.states[state]),
  jwks: ({ value }, t) => said(keySet, value, ({ keys }) => keysInWords(keys, t)),
  purposes: ({ value }, t, { catalogue, view }) => said(z.array(shape.purposes.removeDefault().element), value, (all) => (all.length === 0 ? html`<span class="quiet">${t.none}</span>` : all.map((one) => purposeInWords(one, t, { catalogue, view })))),
}

function said<T>(schema: z.ZodType<T>, value: Json, say: (value: T) => Part): Part {
  const read = schema.safeParse(value)
  return read.success ? say(read.data) : undefined
}

const both = ({ vi, en }: { vi: string; en: string }): Html => html`<span lang="vi">${vi}</span><br><span class="quiet" lang="en">${en}</span>`

/** By what everybody calls a key; the key itself can be opened. */
function keysInWords(keys: readonly Readonly<Record<string, unknown>>[], t: Texts): Part {
  return keys.map((key) => {
    const facts = ['kty', 'crv', 'alg', 'use', 'kid'].flatMap((name) => (typeof key[name] === 'string' ? [`${name} ${key[name]}`] : []))
    const name = thumbprint(key)
    return html`${name !== undefined && html`<p class="mono">${t.key(name)}</p>`}<p class="quiet">${facts.join(', ')}</p>
${details(t.detail.technical, html`<pre class="mono" tabindex="0">${JSON.stringify(key, null, 1)}</pre>`)}`
  })
}

function purposeInWords({ claims, basis, reference, purpose, optional, resident_of: places }: Purpose, t: Texts, { catalogue, view }: { catalogue: Catalogue; view: View }): Html {
  const { purpose: label } = t
  // Together what people know as one thing; each claim by name, for an attribute may be given in part.
  const attributes = Map.groupBy(claims, (claim) => catalogue.attributes.find((one) => one.claims.includes(claim)))
  const given = [...attributes].map(([attribute, some]) => html`<li>${attribute?.label[view.language]} <code class="quiet">${some.join(', ')}</code></li>`)
  return summaryList([
    { label: label.claims, value: html`<ul class="list plain">${given}</ul>` },
    { label: label.basis, value: t.bases[basis] },
    ...(reference === undefined ? [] : [{ label: label.reference, value: both(reference) }]),
    { label: label.purpose, value: both(purpose) },
    { label: label.optional, value: optional ? t.yes : t.no },
    ...(places === undefined ? [] : [{ label: label.places, value: places.join('; ') }]),
  ])
}

/** Text as it is, lists line by line with what comes or goes, everything else as JSON. */
function plain({ value, other, mark }: Shown, t: Texts): Part {
  if (typeof value === 'string') return value
  if (typeof value === 'boolean') return value ? t.yes : t.no
  if (typeof value === 'number') return value
  const list = texts.safeParse(value)
  if (!list.success) return html`<pre class="mono" tabindex="0">${JSON.stringify(value, null, 1)}</pre>`
  if (list.data.length === 0) return html`<span class="quiet">${t.none}</span>`
  const there = texts.safeParse(other).data
  return html`<ul class="list plain">${list.data.map((item) => html`<li>${item}${there !== undefined && !there.includes(item) && html` <span class="tag">${mark}</span>`}</li>`)}</ul>`
}

/** A member of a role that is proposed. `holder` is whose role it would be. */
export function roleValue(view: View, { member, value }: { member: string; value: Json }, holder: string): Part {
  const { names } = textsOf(view.language).console.roles
  if (member === 'account') return holder
  if (member === 'ends_on') return said(z.iso.date(), value, formatDate)
  if (member === 'post') return said(post, value, ({ desk, commune, from, until, days, badge }) => [textsOf(view.language).desk.shift({ desk, commune, office: officeAt({ commune }), from, until, days: textsOf(view.language).desk.days[days] }), ...(badge === undefined ? [] : [badge])].join('; '))
  return member === 'role' ? said(z.enum(roles), value, (role) => names[role]) : plain({ value }, textsOf(view.language).clients)
}
