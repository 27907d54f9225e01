import { z } from 'zod'
import type { Json } from '#kernel/canonical.ts'
import { sector } from '#kernel/id.ts'
import { brokenRule, ownMetadata, type Callable, type Purpose } from '#domain/client/client.ts'
import type { ClientEntry } from '#domain/client/entry.ts'
import { isLogoAddress } from '#domain/client/logo.ts'
import { profileRules } from '#domain/client/profile.ts'
import type { Catalogue } from '#domain/consent/catalogue.ts'
import type { Texts } from '#web/i18n/vi.ts'
import type { FieldFault } from '#web/views/field.ts'
import { emptyPurpose, purposeField, type TypedClient, type TypedPurpose } from './client-typed.ts'

type Form = Texts['clients']['form']
type Words = Form['faults']
type Fault = FieldFault | false | undefined

/** Which field shows a member, for what is told by the name of a member (RFC 7591). */
const fieldOf: Readonly<Record<string, keyof TypedClient>> = {
  client_id: 'clientId', client_name: 'name', legal_name: 'legalVi', sector: 'sector', relying_party_class: 'class', profile: 'profile', ends_on: 'endsOn',
  token_endpoint_auth_method: 'auth', jwks_uri: 'jwksUri', jwks: 'jwks', redirect_uris: 'redirectUris', post_logout_redirect_uris: 'postLogoutUris',
  backchannel_logout_uri: 'backchannelUri', minimum_account_level: 'account', minimum_authentication_level: 'authentication', agreement: 'agreementNumber', security_level: 'security', contacts: 'contacts', logo_uri: 'logo', purposes: 'purposes',
}

const linesOf = (text: string): readonly string[] => text.split('\n').map((one) => one.trim()).filter((one) => one !== '')

type Reading = { catalogue: Catalogue; rules: Callable; /** As it stands now. */ before: ClientEntry | undefined; /** A client that is there keeps whatever id it has. */ named?: boolean; say: Form }

/** What was typed, as an entry of a client file; or what is wrong with it, field by field. */
export function wishOf(typed: TypedClient, reading: Reading): { entry: ClientEntry } | { faults: readonly FieldFault[] } {
  const { entry, faults } = readTyped(typed, { named: reading.before !== undefined, ...reading })
  const all = [...faults, ...(typed.reason === '' ? [{ field: 'reason', message: reading.say.reasonMissing }] : [])]
  return entry === undefined || all.length > 0 ? { faults: all } : { entry }
}

/** The entry, whole or not, as far as it can be read, and what is wrong with it, field by field. */
export function readTyped(typed: TypedClient, { catalogue, rules, before, named = false, say }: Reading): { entry: ClientEntry | undefined; faults: readonly FieldFault[] } {
  const keys = keysIn(typed.jwks, say.faults)
  const further = furtherIn(typed.advanced, say.faults)
  const purposes = typed.purposes.map((one, at) => ({ typed: one, at })).filter(({ typed: one }) => !isEmpty(one))
  const faults = [
    ...told([...(named ? [] : idRules), ...clientRules, ...agreementRules], typed, say), ...uriFaults(typed, rules, say),
    'fault' in keys && { field: 'jwks', message: keys.fault },
    ...purposes.flatMap(({ typed: one, at }) => told(purposeRules(at), one, say).map(({ field, message }) => ({ field, message: say.faults.inPurpose(at + 1, message) }))),
    'fault' in further && { field: 'advanced', message: further.fault },
  ].filter((fault) => typeof fault === 'object')
  if ('fault' in keys || 'fault' in further) return { entry: undefined, faults }
  const standing = ownMetadata.shape.purposes.safeParse(before?.['purposes']).data ?? []
  return { faults, entry: { ...further.members, ...entryOf(typed, keys.jwks, purposes.map(({ typed: one, at }) => purposeOf(one, catalogue, standing[at]))) } }
}

/** What the server says of an entry, beside the field that it is about. */
export function toldBeside(fault: string, { refused }: Words): FieldFault {
  const [, member = ''] = /^([a-z_]+)/.exec(fault) ?? []
  const field = fieldOf[member] ?? 'advanced'
  return { field: field === 'purposes' ? purposeField(0, 'vi') : field, message: refused(fault) }
}

type Plain = { [Word in keyof Words]: Words[Word] extends string ? Word : never }[keyof Words]
type Label = { [Word in keyof Form]: Form[Word] extends string ? Word : never }[keyof Form]
/** `field` is where the link of the summary leads: of several choices to the first. What is missing is said by its label. */
type Rule<Input> = { field: string; broken: (input: Input) => boolean } & ({ says: Plain } | { says: 'missing' | 'choose'; label: Label })

function told<Input>(rules: readonly Rule<Input>[], input: Input, t: Form): readonly FieldFault[] {
  return rules.filter(({ broken }) => broken(input)).map((rule) => ({ field: rule.field, message: 'label' in rule ? t.faults[rule.says](t[rule.label]) : t.faults[rule.says] }))
}

const ends = ({ profile }: TypedClient): boolean => Object.entries(profileRules).some(([name, rule]) => name === profile && rule.ends)
const isSector = (text: string): boolean => sector.safeParse(text).success
const isDay = (text: string): boolean => z.iso.date().safeParse(text).success

const clientRules: readonly Rule<TypedClient>[] = [
  { field: 'clientId', says: 'missing', label: 'clientId', broken: ({ clientId }) => clientId === '' },
  { field: 'name', says: 'missing', label: 'name', broken: ({ name }) => name === '' },
  { field: 'legalVi', says: 'missing', label: 'legalVi', broken: ({ legalVi }) => legalVi === '' },
  { field: 'legalEn', says: 'missing', label: 'legalEn', broken: ({ legalEn }) => legalEn === '' },
  { field: 'sector', says: 'missing', label: 'sector', broken: ({ sector: of }) => of === '' },
  { field: 'sector', says: 'sector', broken: ({ sector: of }) => of !== '' && !isSector(of) },
  { field: 'class-A', says: 'choose', label: 'class', broken: ({ class: of }) => !/^[AB]$/.test(of) },
  { field: 'profile-fapi2', says: 'choose', label: 'profile', broken: ({ profile }) => !Object.hasOwn(profileRules, profile) },
  { field: 'endsOn', says: 'endsOn', broken: (typed) => ends(typed) && typed.endsOn === '' },
  { field: 'endsOn', says: 'noEnd', broken: (typed) => !ends(typed) && typed.endsOn !== '' },
  { field: 'endsOn', says: 'day', broken: (typed) => ends(typed) && typed.endsOn !== '' && !isDay(typed.endsOn) },
  { field: 'jwksUri', says: 'bothKeys', broken: ({ jwks, jwksUri }) => jwks !== '' && jwksUri !== '' },
  { field: 'logo', says: 'logo', broken: ({ logo }) => logo !== '' && !isLogoAddress(logo) },
  { field: 'account-1', says: 'choose', label: 'account', broken: ({ account }) => !/^[12]$/.test(account) },
  { field: 'authentication-1', says: 'choose', label: 'authentication', broken: ({ authentication }) => !/^[1-4]$/.test(authentication) },
]

const agreementOf = ({ agreementNumber, agreementFrom, agreementUntil }: TypedClient): readonly string[] => [agreementNumber, agreementFrom, agreementUntil]
const hasAgreement = (typed: TypedClient): boolean => agreementOf(typed).some((part) => part !== '')

/** An agreement is whole or not there. */
const agreementRules: readonly Rule<TypedClient>[] = [
  ...(['agreementNumber', 'agreementFrom', 'agreementUntil'] as const).map((field): Rule<TypedClient> => ({ field, says: 'missing', label: field, broken: (typed) => hasAgreement(typed) && typed[field] === '' })),
  ...(['agreementFrom', 'agreementUntil'] as const).map((field): Rule<TypedClient> => ({ field, says: 'day', broken: (typed) => typed[field] !== '' && !isDay(typed[field]) })),
  { field: 'agreementUntil', says: 'agreementOrder', broken: ({ agreementFrom: from, agreementUntil: until }) => isDay(from) && isDay(until) && until <= from },
]

const idRules: readonly Rule<TypedClient>[] = [{ field: 'clientId', says: 'clientId', broken: ({ clientId }) => clientId !== '' && !/^[a-z0-9][a-z0-9.-]{1,62}$/.test(clientId) }]

function uriFaults(typed: TypedClient, { allowLocal, outboundAllow = [] }: Callable, { faults: t, uriFaults: words }: Form): readonly Fault[] {
  const isNamed = (uri: string) => URL.canParse(uri) && outboundAllow.includes(new URL(uri).hostname)
  const first = (field: 'redirectUris' | 'postLogoutUris' | 'jwksUri' | 'backchannelUri', called: boolean): Fault => {
    const broken = linesOf(typed[field]).filter((uri) => !called || !isNamed(uri)).map((uri) => ({ uri, rule: brokenRule(uri, { allowLocal }) })).find(({ rule }) => rule !== undefined)
    return broken?.rule && { field, message: t.uri(broken.uri, words[broken.rule.code]) }
  }
  return [first('redirectUris', false), first('postLogoutUris', false), first('jwksUri', true), first('backchannelUri', true)]
}

const object = z.record(z.string(), z.json())

function jsonIn(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

const keySet = z.looseObject({ keys: z.array(object).min(1) })

function keysIn(text: string, t: Words): { jwks: Json | undefined } | { fault: string } {
  if (text === '') return { jwks: undefined }
  const read = jsonIn(text)
  if (read === undefined) return { fault: t.json }
  const set = keySet.safeParse(read)
  if (!set.success) return { fault: t.jwks }
  // RFC 7518 §6: the private value of each kind of key, and the symmetric one.
  if (set.data.keys.some((key) => 'd' in key || 'k' in key)) return { fault: t.privateKey }
  return { jwks: z.json().parse(set.data) }
}

function furtherIn(text: string, t: Words): { members: ClientEntry } | { fault: string } {
  if (text === '') return { members: {} }
  const read = object.safeParse(jsonIn(text))
  if (!read.success) return { fault: t.json }
  if ('client_secret' in read.data) return { fault: t.noSecret }
  const own = Object.keys(read.data).find((member) => Object.hasOwn(fieldOf, member))
  return own === undefined ? { members: read.data } : { fault: t.ownField(own) }
}

function isEmpty(one: TypedPurpose): boolean {
  return JSON.stringify(one) === JSON.stringify(emptyPurpose)
}

const purposeRules = (at: number): readonly Rule<TypedPurpose>[] => {
  const field = (name: keyof TypedPurpose, choice = '') => `${purposeField(at, name)}${choice}`
  return [
    { field: field('claims', '-name'), says: 'noClaims', broken: ({ claims, more }) => claims.length === 0 && more === '' },
    { field: field('basis', '-law'), says: 'choose', label: 'basis', broken: ({ basis }) => basis !== 'law' && basis !== 'consent' },
    { field: field('refVi'), says: 'noReference', broken: ({ basis, refVi }) => basis === 'law' && refVi === '' },
    { field: field('refVi'), says: 'missing', label: 'refVi', broken: ({ basis, refVi, refEn }) => basis !== 'law' && refVi === '' && refEn !== '' },
    { field: field('refEn'), says: 'missing', label: 'refEn', broken: ({ basis, refVi, refEn }) => refEn === '' && (basis === 'law' || refVi !== '') },
    { field: field('vi'), says: 'missing', label: 'purposeVi', broken: ({ vi }) => vi === '' },
    { field: field('en'), says: 'missing', label: 'purposeEn', broken: ({ en }) => en === '' },
    { field: field('optional', '-yes'), says: 'optionalByLaw', broken: ({ basis, optional }) => basis === 'law' && optional !== '' },
  ]
}

/** Claims keep the order in which they stand, so that a difference shows what differs. */
function purposeOf(one: TypedPurpose, { attributes }: Catalogue, standing: Purpose | undefined): ClientEntry {
  const named = [...attributes.filter(({ id }) => one.claims.includes(id)).flatMap(({ claims }) => claims), ...one.more.split(/[\s,]+/).filter((claim) => claim !== '')]
  const wanted = [...new Set(named)]
  const kept = standing?.claims.filter((claim) => wanted.includes(claim)) ?? []
  const places = linesOf(one.places)
  return {
    claims: [...kept, ...wanted.filter((claim) => !kept.includes(claim))],
    basis: one.basis,
    ...(one.refVi !== '' && { reference: { vi: one.refVi, en: one.refEn } }),
    purpose: { vi: one.vi, en: one.en },
    optional: one.optional === 'yes',
    ...(places.length > 0 && { resident_of: places }),
  }
}

function entryOf(typed: TypedClient, jwks: Json | undefined, purposes: readonly ClientEntry[]): ClientEntry {
  const given = (name: string, value: Json | undefined) => (value === undefined || value === '' || (Array.isArray(value) && value.length === 0) ? {} : { [name]: value })
  return {
    client_id: typed.clientId,
    client_name: typed.name,
    legal_name: { vi: typed.legalVi, en: typed.legalEn },
    sector: typed.sector,
    relying_party_class: typed.class,
    profile: typed.profile,
    ...given('ends_on', typed.endsOn),
    ...given('token_endpoint_auth_method', typed.auth),
    ...given('jwks_uri', typed.jwksUri),
    ...given('jwks', jwks),
    redirect_uris: linesOf(typed.redirectUris),
    post_logout_redirect_uris: linesOf(typed.postLogoutUris),
    ...given('backchannel_logout_uri', typed.backchannelUri),
    ...given('minimum_account_level', typed.account && Number(typed.account)),
    ...given('minimum_authentication_level', typed.authentication && Number(typed.authentication)),
    ...(hasAgreement(typed) && { agreement: { number: typed.agreementNumber, signed_on: typed.agreementFrom, ends_on: typed.agreementUntil } }),
    ...(typed.security !== '' && { security_level: Number(typed.security) }),
    ...given('contacts', linesOf(typed.contacts)),
    ...given('logo_uri', typed.logo),
    purposes,
  }
}

/** What the form has no field for. */
export function withoutFields(entry: ClientEntry): ClientEntry {
  return Object.fromEntries(Object.entries(entry).filter(([member]) => !Object.hasOwn(fieldOf, member)))
}

const text = z.string().catch('')
const list = z.array(z.string()).catch([])
const names = z.object({ vi: text, en: text }).catch({ vi: '', en: '' })
/** Drafts are not whole yet; what stands in them is shown all the same. */
const looseAgreement = z.object({ number: text, signed_on: text, ends_on: text }).catch({ number: '', signed_on: '', ends_on: '' })
const loosePurpose = z.object({ claims: list, basis: text, reference: names, purpose: names, optional: z.boolean().catch(false), resident_of: list })

/** An entry as it is typed: what the form has no field for stands as JSON at its end. */
export function typedFrom(entry: ClientEntry, { attributes }: Catalogue): TypedClient {
  const further = withoutFields(entry)
  const read = (member: string) => text.parse(entry[member])
  const count = (member: string) => z.number().transform(String).catch('').parse(entry[member])
  const legal = names.parse(entry['legal_name'])
  const jwks = entry['jwks']
  const purposes = z.array(loosePurpose).catch([]).parse(entry['purposes'])
  const agreement = looseAgreement.parse(entry['agreement'])
  return {
    clientId: read('client_id'), name: read('client_name'), legalVi: legal.vi, legalEn: legal.en, sector: read('sector'), class: read('relying_party_class'),
    profile: read('profile'), endsOn: read('ends_on'), auth: read('token_endpoint_auth_method'), jwksUri: read('jwks_uri'),
    jwks: jwks === undefined ? '' : JSON.stringify(jwks, null, 1),
    redirectUris: list.parse(entry['redirect_uris']).join('\n'), postLogoutUris: list.parse(entry['post_logout_redirect_uris']).join('\n'),
    backchannelUri: read('backchannel_logout_uri'), account: count('minimum_account_level'), authentication: count('minimum_authentication_level'),
    agreementNumber: agreement.number, agreementFrom: agreement.signed_on, agreementUntil: agreement.ends_on, security: count('security_level'),
    contacts: list.parse(entry['contacts']).join('\n'), logo: read('logo_uri'), advanced: Object.keys(further).length === 0 ? '' : JSON.stringify(further, null, 1), reason: '',
    purposes: purposes.map((one) => typedPurposeFrom(one, attributes)),
  }
}

function typedPurposeFrom({ claims, basis, reference, purpose, optional, resident_of: places }: z.output<typeof loosePurpose>, attributes: Catalogue['attributes']): TypedPurpose {
  // An attribute of which only a part is given is not ticked, for that would widen it.
  const whole = attributes.filter((attribute) => attribute.claims.every((claim) => claims.includes(claim)))
  const ticked = new Set(whole.flatMap((attribute) => attribute.claims))
  return {
    claims: whole.map(({ id }) => id), more: claims.filter((claim) => !ticked.has(claim)).join(' '), basis, refVi: reference.vi, refEn: reference.en,
    vi: purpose.vi, en: purpose.en, optional: optional ? 'yes' : '', places: places.join('\n'),
  }
}
