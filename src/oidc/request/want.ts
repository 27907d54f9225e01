import { readGoals, type Want } from '#domain/assurance/verdict.ts'
import type { OwnMetadata } from '#domain/client/client.ts'
import { member, readClaims, type Params } from './claims.ts'

/** What the request and the registration together want of the sign-in (all of them feed one function). */
export function wantOf(params: Params, own: OwnMetadata): Want {
  const acr = member.safeParse(readClaims(params).id_token?.['acr']).data
  const insisted = [acr?.value, ...(acr?.values ?? [])].filter((value) => typeof value === 'string')
  const voluntary = typeof params['acr_values'] === 'string' ? params['acr_values'].split(' ').filter(Boolean) : []
  // An essential claim is the stricter word; without one, `acr_values` and a voluntary claim mean the same.
  const essential = acr?.essential === true && insisted.length > 0
  const maxAge = params['max_age']
  return {
    ...readGoals(essential ? insisted : [...voluntary, ...insisted], essential),
    minimum: own.minimum_authentication_level,
    accountLevel: own.minimum_account_level,
    maxAge: maxAge === undefined ? undefined : Number(maxAge),
    fresh: typeof params['prompt'] === 'string' && params['prompt'].split(' ').includes('login'),
  }
}
