import { profiles } from '#domain/client/profile.ts'
import type { Catalogue } from '#domain/consent/catalogue.ts'
import { html, type Html } from '#web/html.ts'
import { textsOf } from '#web/i18n/language.ts'
import { csrfField, type View } from '#web/page.ts'
import { clientPlaces, consolePlaces } from '#web/place/console.ts'
import { area, select } from '#web/views/area.ts'
import { checkboxList, errorSummary, errorText, field, radioList, type Choice, type FieldFault } from '#web/views/field.ts'
import { button } from '#web/views/parts.ts'
import { adminPage, backTo, reasonField, type AdminView } from './frame.ts'

/** What stands in the fields. */
export type Typed = Readonly<Record<Line | 'profile' | 'class' | 'account' | 'authentication', string>> & { purposes: readonly TypedPurpose[] }
type Line =
  | 'clientId' | 'name' | 'legalVi' | 'legalEn' | 'sector' | 'endsOn' | 'auth' | 'jwksUri' | 'jwks' | 'redirectUris' | 'postLogoutUris' | 'backchannelUri' | 'agreementNumber' | 'agreementFrom' | 'agreementUntil' | 'security' | 'contacts' | 'logo' | 'advanced' | 'reason'
type TypedPurpose = Readonly<Record<'more' | 'basis' | 'refVi' | 'refEn' | 'vi' | 'en' | 'optional' | 'places', string>> & { claims: readonly string[] }

type Props = {
  typed: Typed
  faults: readonly FieldFault[]
  catalogue: Catalogue
  /** The live client that is to change, and the state of it that the form was opened on. */
  live?: { id: string; name: string; from: string } | undefined
}
type Draw = Props & { view: View; error: (field: string) => string | undefined }

export function clientFormPage(view: AdminView, props: Props): Html {
  const { faults, live } = props
  const t = textsOf(view.language).clients.form
  const draw = drawing(view, props)
  const action = live === undefined ? consolePlaces.registerClient : clientPlaces(live.id).change
  return adminPage(view, {
    title: live === undefined ? t.registerTitle : t.changeTitle(live.name),
    ...(live && { between: [{ at: clientPlaces(live.id).start, label: live.name }] }),
    failed: faults.length > 0,
    script: faults.length > 0,
    // The first button is what Enter presses (HTML §4.10.21.2).
    body: html`<p class="lead">${t.lead}</p>
${errorSummary(faults, view.language)}
<form method="post" action="${action}" novalidate>${csrfField(view)}<button name="do" value="send" hidden></button>
${live && html`<input type="hidden" name="from" value="${live.from}"><input type="hidden" name="clientId" value="${live.id}">`}
${whatIsAsked(draw)}
${part(t.parts.rest, html`${contact(draw)}${further(draw)}`)}
${button(t.submit, { name: 'do', value: 'send' })}</form>
${backTo(view, live === undefined ? consolePlaces.clients : clientPlaces(live.id).start)}`,
  })
}

const drawing = (view: View, props: Props): Draw => ({ ...props, view, error: (name) => props.faults.find((fault) => fault.field === name)?.message })

function whatIsAsked(draw: Draw): Html {
  const { clients: { form: { parts } }, agreement: { part: ofAgreement } } = textsOf(draw.view.language)
  return html`${part(parts.who, who(draw))}
${part(parts.protocol, protocol(draw))}
${part(parts.places, addresses(draw))}
${part(parts.levels, levels(draw))}
${part(parts.purposes, purposes(draw))}
${part(ofAgreement, agreement(draw))}`
}

/** The same questions, to the developer who asks to be connected: no reason, and nothing that is written for machines alone. */
export function clientFields(view: View, props: Props): Html {
  const draw = drawing(view, props)
  return html`${whatIsAsked(draw)}
${part(textsOf(view.language).clients.form.parts.contact, contact(draw))}`
}

const part = (title: string, fields: Html): Html => html`<section class="part"><h2>${title}</h2>${fields}</section>`

/** What every field of the page is given. */
const shared = ({ view: { language }, typed, error }: Draw, name: Line) => ({ name, language, value: typed[name], error: error(name) })

type Radio = { name: 'class' | 'profile' | 'account' | 'authentication'; legend: string; choices: readonly { value: string; label: string }[] }

function radio({ view, typed, error }: Draw, { name, legend, choices }: Radio): Html {
  const message = error(`${name}-${choices[0]?.value}`)
  return html`<div class="field${message !== undefined && ' bad'}">${errorText(name, message, view.language)}
${radioList(name, legend, choices.map((choice) => ({ ...choice, checked: typed[name] === choice.value })))}</div>`
}

function who(draw: Draw): Html {
  const { form: t, classes } = textsOf(draw.view.language).clients
  const of = (name: Line) => shared(draw, name)
  return html`${draw.live === undefined && field({ ...of('clientId'), label: t.clientId, hint: t.clientIdHint, maxlength: 63, spellcheck: false })}
${field({ ...of('name'), label: t.name, maxlength: 200 })}
${field({ ...of('legalVi'), label: t.legalVi, maxlength: 500 })}
${field({ ...of('legalEn'), label: t.legalEn, maxlength: 500 })}
${field({ ...of('sector'), label: t.sector, hint: t.sectorHint, maxlength: 63, spellcheck: false })}
${radio(draw, { name: 'class', legend: t.class, choices: (['A', 'B'] as const).map((value) => ({ value, label: classes[value] })) })}`
}

function protocol(draw: Draw): Html {
  const { form: t, profiles: names, methods } = textsOf(draw.view.language).clients
  const of = (name: Line) => shared(draw, name)
  const choices = [{ value: '', label: t.authUsual }, ...Object.entries(methods).map(([value, label]) => ({ value, label }))]
  return html`${radio(draw, { name: 'profile', legend: t.profile, choices: profiles.map((value) => ({ value, label: names[value] })) })}
${field({ ...of('endsOn'), label: t.endsOn, type: 'date', maxlength: 10 })}
${select({ ...of('auth'), label: t.auth, choices })}
${field({ ...of('jwksUri'), label: t.jwksUri, maxlength: 2000, spellcheck: false })}
${area({ ...of('jwks'), label: t.jwks, hint: t.jwksHint, rows: 6, maxlength: 16_000, code: true })}`
}

function addresses(draw: Draw): Html {
  const t = textsOf(draw.view.language).clients.form
  const of = (name: Line) => shared(draw, name)
  return html`${area({ ...of('redirectUris'), label: t.redirectUris, hint: t.oneALine, maxlength: 16_000, code: true })}
${area({ ...of('postLogoutUris'), label: t.postLogoutUris, hint: t.oneALine, maxlength: 16_000, code: true })}
${field({ ...of('backchannelUri'), label: t.backchannelUri, maxlength: 2000, spellcheck: false })}`
}

function levels(draw: Draw): Html {
  const { form: t, level } = textsOf(draw.view.language).clients
  const upTo = (most: number) => Array.from({ length: most }, (_, at) => ({ value: String(at + 1), label: level(at + 1) }))
  return html`<div class="pair">${radio(draw, { name: 'account', legend: t.account, choices: upTo(2) })}
${radio(draw, { name: 'authentication', legend: t.authentication, choices: upTo(4) })}</div>`
}

function purposes(draw: Draw): Html {
  const t = textsOf(draw.view.language).clients.form
  return html`<p class="hint">${t.purposesHint}</p>
${draw.typed.purposes.map((purpose, at) => purposeFields(draw, purpose, at))}
${button(t.addPurpose, { look: 'secondary', name: 'do', value: 'add' })}`
}

type TextOf = Exclude<keyof TypedPurpose, 'claims' | 'basis' | 'optional'>

function purposeFields(draw: Draw, purpose: TypedPurpose, at: number): Html {
  const { view: { language }, catalogue, error } = draw
  const { form: t, bases, yes } = textsOf(language).clients
  const name = (member: keyof TypedPurpose) => `p${at}_${member}`
  const of = (member: TextOf) => ({ name: name(member), language, value: purpose[member], error: error(name(member)) })
  const boxes = catalogue.attributes.map(({ id, label, baseline }): Choice => (
    { value: id, label: label[language], checked: purpose.claims.includes(id), ...(!baseline && { hint: t.notBaseline }) }))
  const chosen = (member: 'claims' | 'basis' | 'optional', first: string, list: Html) => {
    const message = error(`${name(member)}-${first}`)
    return html`<div class="field${message !== undefined && ' bad'}">${errorText(name(member), message, language)}${list}</div>`
  }
  return html`<fieldset class="block"><legend>${t.purposeTitle(at + 1)}</legend>
${chosen('claims', 'name', checkboxList(name('claims'), t.claims, boxes))}
${field({ ...of('more'), label: t.more, maxlength: 500, spellcheck: false })}
${chosen('basis', 'law', radioList(name('basis'), t.basis, (['law', 'consent'] as const).map((value) => ({ value, label: bases[value], checked: purpose.basis === value }))))}
${field({ ...of('refVi'), label: t.refVi, maxlength: 500 })}${field({ ...of('refEn'), label: t.refEn, maxlength: 500 })}
${field({ ...of('vi'), label: t.purposeVi, maxlength: 500 })}${field({ ...of('en'), label: t.purposeEn, maxlength: 500 })}
${chosen('optional', 'yes', checkboxList(name('optional'), t.optional, [{ value: 'yes', label: yes, checked: purpose.optional === 'yes' }]))}
${area({ ...of('places'), label: t.placesOf, hint: t.placesHint, rows: 2, maxlength: 5000 })}</fieldset>`
}

/** What the law asks of whoever connects (Decree 69/2024 Art 18). */
function agreement(draw: Draw): Html {
  const { agreement: t, clients: { form } } = textsOf(draw.view.language)
  const of = (name: Line) => shared(draw, name)
  const levels = Array.from({ length: 5 }, (_, at) => ({ value: String(at + 1), label: t.level(at + 1) }))
  return html`${field({ ...of('agreementNumber'), label: form.agreementNumber, hint: t.numberHint, maxlength: 100 })}
<div class="pair">${field({ ...of('agreementFrom'), label: form.agreementFrom, type: 'date', maxlength: 10 })}
${field({ ...of('agreementUntil'), label: form.agreementUntil, type: 'date', maxlength: 10 })}</div>
${select({ ...of('security'), label: t.security, hint: t.securityHint, choices: [{ value: '', label: t.noSecurity }, ...levels] })}`
}

function contact(draw: Draw): Html {
  const { form: t } = textsOf(draw.view.language).clients
  return html`${area({ ...shared(draw, 'contacts'), label: t.contacts, hint: t.contactsHint, rows: 2, maxlength: 4000 })}
${field({ ...shared(draw, 'logo'), label: t.logo, hint: t.logoHint, maxlength: 2000, spellcheck: false })}`
}

function further(draw: Draw): Html {
  const t = textsOf(draw.view.language).clients.form
  const { value, error } = shared(draw, 'reason')
  return html`${area({ ...shared(draw, 'advanced'), label: t.advanced, hint: t.advancedHint, rows: 5, maxlength: 16_000, code: true })}
${reasonField(draw.view, { value, error })}`
}
