/**
 * RFC 9470 §3, §4: what an API that is not content says it wants, as parameters for the next authorization request. `undefined` when it
 * refuses for another reason, which a further sign-in would not help.
 */
export function wantedInstead({ cause }) {
  const challenges = Array.isArray(cause) ? cause : []
  const told = challenges.map(({ parameters }) => parameters).find(({ error }) => error === 'insufficient_user_authentication')
  return told && { ...(told.acr_values && { acr_values: told.acr_values }), ...(told.max_age && { max_age: told.max_age }) }
}
