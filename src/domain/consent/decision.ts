import { createHash } from 'node:crypto'
import type { Bilingual, OwnMetadata, Purpose } from '#domain/client/client.ts'
import { reachable, type Attribute, type Catalogue, type ClaimRequest } from './catalogue.ts'
import { residentOf } from './place-question.ts'
import type { Told } from './verification.ts'

/** One line of the consent page: an attribute, the claims of it that were asked for, and why. */
export type Item = {
  attribute: Attribute
  claims: readonly string[]
  essential: boolean
  basis: Purpose['basis']
  purpose?: Bilingual | undefined
  reference?: Bilingual | undefined
  /** The places asked about, where this is `resident_of`. */
  places?: readonly string[] | undefined
  /** What is told of the verification, where this is about `verified_claims`. */
  extent?: readonly Told[] | undefined
}

/** What a person has answered before, by attribute, each with the terms that were shown (see `termsOf`). */
export type Consent = {
  granted: Readonly<Record<string, string>>
  declined: Readonly<Record<string, string>>
  givenAt: Date
}

export type Decision =
  | { is: 'settled'; granted: readonly Item[]; declined: readonly Item[] }
  | { is: 'notice'; items: readonly Item[] }
  | { is: 'ask'; items: readonly Item[] }

type Asking = Pick<OwnMetadata, 'profile' | 'purposes' | 'relying_party_class'>

/**
 * What of a request this client may ask at all, as people will read it. A claim outside the client's registered purposes is
 * left out; a client without any registered purpose asks by consent alone (Law 91/2025 Art 9; D02), but about no place.
 */
export function itemsOf(catalogue: Catalogue, client: Asking, request: ClaimRequest): readonly Item[] {
  return reachable(catalogue, client.profile).attributes.flatMap((attribute) => {
    const asked = attribute.claims.filter((claim) => request.has(claim))
    const places = asked.includes(residentOf) ? (request.get(residentOf)?.places ?? []) : undefined
    const purpose = client.purposes.find((candidate) => candidate.claims.some((claim) => asked.includes(claim)) && covers(candidate, places))
    const claims = client.purposes.length === 0 && !places ? asked : asked.filter((claim) => purpose?.claims.includes(claim) === true)
    if (claims.length === 0) return []
    const essential = purpose?.optional !== true && claims.some((claim) => request.get(claim)?.essential === true)
    return [{ attribute, claims, essential, basis: purpose?.basis ?? 'consent', purpose: purpose?.purpose, reference: purpose?.reference, places }]
  })
}

/** Whether a purpose names every place that is asked about; a question about places that names none is no question. */
function covers({ resident_of: registered = [] }: Purpose, places: readonly string[] | undefined): boolean {
  return places === undefined || (places.length > 0 && places.every((place) => registered.includes(place)))
}

/** A fingerprint of what was agreed to: a new attribute, purpose, legal ground, place or extent of the verification is asked again. */
export function termsOf({ attribute, basis, purpose, reference, places = [], extent = [] }: Item): string {
  return createHash('sha256').update(JSON.stringify([attribute.id, basis, purpose, reference, ...places, ...extent])).digest('base64url').slice(0, 22)
}

type Circumstances = {
  remembered: Consent | undefined
  /** The answer was given for this very request. */
  justGiven: boolean
  /** When an answer given before stops counting. */
  validSince: Date
}

/**
 * Whether the person must be asked: nothing to share needs nobody's word; state bodies are remembered, others
 * are agreed to at each sign-in (Decree 69/2024 Art 19.3); a public task shows a notice instead of a question.
 */
export function decide(items: readonly Item[], client: Asking, { remembered, justGiven, validSince }: Circumstances): Decision {
  const counts = remembered !== undefined && (justGiven || (client.relying_party_class === 'A' && remembered.givenAt >= validSince))
  const answer = (item: Item, among: 'granted' | 'declined') => counts && remembered[among][item.attribute.id] === termsOf(item)
  const granted = items.filter((item) => answer(item, 'granted'))
  const declined = items.filter((item) => !item.essential && answer(item, 'declined'))
  if (granted.length + declined.length === items.length) return { is: 'settled', granted, declined }
  return { is: items.every((item) => item.basis === 'law') ? 'notice' : 'ask', items }
}

/** The record of an answer: everything is granted but the optional items left unticked. */
export function answerOf(items: readonly Item[], ticked: ReadonlySet<string>, givenAt: Date): Consent {
  const isGranted = (item: Item) => item.essential || item.basis === 'law' || ticked.has(item.attribute.id)
  const terms = (chosen: readonly Item[]) => Object.fromEntries(chosen.map((item) => [item.attribute.id, termsOf(item)]))
  return { granted: terms(items.filter(isGranted)), declined: terms(items.filter((item) => !isGranted(item))), givenAt }
}

/** Claim names in a request's scopes: what a service asks by scope it says it needs. */
export function claimsOfScopes(catalogue: Catalogue, scopes: Iterable<string>): ClaimRequest {
  // Only scopes of the file: every object also answers to `toString` and `__proto__`, and the scopes are a stranger's words.
  const known = [...scopes].filter((scope) => Object.hasOwn(catalogue.scopes, scope))
  return new Map(known.flatMap((scope) => catalogue.scopes[scope] ?? []).map((claim) => [claim, { essential: true }]))
}

