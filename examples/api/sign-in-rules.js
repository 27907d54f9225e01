const levels = ['urn:vn:eid:loa:1', 'urn:vn:eid:loa:2', 'urn:vn:eid:loa:3', 'urn:vn:eid:loa:4']

/**
 * RFC 9470 §3: an access token says how (`acr`) and when (`auth_time`) the person signed in. Where that is not enough the API says what
 * would be, and the client asks the person again. `undefined` when all is well.
 */
export function challenge(claims, { acr, maxAge }) {
  const strong = levels.indexOf(claims.acr) >= levels.indexOf(acr)
  const fresh = Date.now() / 1000 - claims.auth_time <= maxAge
  if (strong && fresh) return undefined
  return `DPoP error="insufficient_user_authentication", error_description="sign in again", acr_values="${acr}", max_age="${maxAge}"`
}
