import { z } from 'zod'
import { placeCode } from '#domain/registry/residence.ts'

/**
 * The one claim that is a question about places: its `value` or `values` are what is asked, not what the answer must be.
 * An address could be found by asking place after place, so each place is registered, agreed to and granted by itself.
 */
export const residentOf = 'resident_of'

/** More than these are no question but a search. */
export const mostPlaces = 20

const question = z.looseObject({ value: placeCode.optional(), values: z.array(placeCode).min(1).max(mostPlaces).optional() }).nullable()

/** The places that a request for `resident_of` asks about; none makes it no question. */
export function placesIn(how: unknown): readonly string[] {
  const { value, values = [] } = question.safeParse(how).data ?? {}
  return [...new Set([...(value === undefined ? [] : [value]), ...values])].toSorted()
}

/** Why this is no question about places, or `undefined`. */
export function placesFault(how: unknown): string | undefined {
  const issue = question.safeParse(how).error?.issues[0]
  return issue && `${residentOf}: ${issue.message}`
}

/** What a grant says beside `resident_of` itself, for each place that may be answered for. */
const placeGrant = (place: string): string => `${residentOf}:${place}`

/** The names under which claims are granted or rejected. */
export function grantNames(claims: Iterable<string>, places: readonly string[] = []): readonly string[] {
  return [...claims, ...places.map(placeGrant)]
}

/** The claim that such a name is about. */
export const claimOf = (name: string): string => name.split(':', 1)[0] ?? name

/** Whether what is asked of a claim lies within the names that were granted. */
export function isGranted(claim: string, how: unknown, granted: ReadonlySet<string>): boolean {
  return granted.has(claim) && (claim !== residentOf || placesIn(how).every((place) => granted.has(placeGrant(place))))
}
