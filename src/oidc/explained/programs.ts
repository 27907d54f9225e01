import type { Explanation } from './explanation.ts'

/** Errors of what programs ask among themselves (RFC 6749 §5.2, RFC 6750 §3.1, RFC 9449 §5, §8, CIBA Core §11, §13, RFC 8628 §3.5). */
export const programErrors = {
  invalid_client: {
    where: ['PAR', 'token', 'introspection', 'revocation', 'backchannel authentication', 'device authorization', 'page'],
    cause: 'We do not know this client, it did not prove that it is this client, or its registration has ended.',
    remedy: 'Read `error_description`. The first suspects: the assertion\'s `aud`, its times, a `jti` used before, and a key that is not published.',
    reasons: [
      { says: 'audience (aud) must be the issuer, as one string', remedy: '`aud` of the assertion is the issuer, not the token endpoint and not a list. Many libraries mean the token endpoint by default.' },
      { says: 'valid for longer than five minutes (exp)', remedy: 'Give the assertion a minute to live.' },
      { says: 'issued in the future (iat)', remedy: 'Your clock is ahead: synchronise it.' },
      { says: 'client assertion tokens must only be used once', remedy: 'A new `jti`, and so a new assertion, for each request; for each retry too.' },
      { says: 'signed with an algorithm (alg) that is not for a', remedy: 'FAPI profiles take ES256, EdDSA and PS256; `baseline` RS256 as well.' },
      { says: 'alg mismatch', remedy: 'The assertion is not signed with `token_endpoint_auth_signing_alg` of the registration.' },
      { says: 'invalid secret provided', remedy: 'With `client_secret_basic` both parts are form-encoded before base64.' },
      { says: 'the provided authentication mechanism does not match', remedy: 'Use the registered `token_endpoint_auth_method`.' },
      { says: 'the registration of this client ended on', remedy: 'A `baseline` registration is over: have it renewed, or move to `fapi2`.' },
      { says: 'client not found', remedy: 'The `client_id` is not registered here. Is it the right issuer? A new client counts within five seconds.' },
      { says: 'client certificate was not provided', remedy: 'The TLS connection came without a certificate.' },
    ],
  },
  invalid_client_metadata: {
    where: ['PAR', 'token', 'introspection', 'revocation', 'backchannel authentication', 'authorization', 'UserInfo'],
    cause: 'Your keys could not be fetched from `jwks_uri` or used, so neither can your signature be checked nor an answer be encrypted.',
    remedy: 'Does the address answer in 1.5 seconds, with status 200 and a key set under 64 kB, without a redirect, from a public address? See keys.md.',
    reasons: [
      { says: 'client JSON Web Key Set failed to be refreshed', remedy: 'The address did not answer as above.' },
      { says: 'client JSON Web Key Set is invalid', remedy: 'It is no JWK set, or holds private parts.' },
      { says: 'no suitable encryption key found', remedy: 'Publish a key with `use: enc` for the registered algorithm.' },
    ],
  },
  invalid_grant: {
    where: ['token'],
    cause: 'The code, refresh token, device code or request is unknown, used, lapsed, revoked or another client\'s; or something that belongs to it is missing.',
    remedy: 'Begin a new sign-in. A code is redeemed once, within 30 seconds, with the `redirect_uri` and `code_verifier` of its request.',
    reasons: [
      { says: 'authorization code already consumed', remedy: 'Redeemed twice. Everything that the first got is revoked as well: never retry a code.' },
      { says: 'authorization code redirect_uri mismatch', remedy: 'Send the `redirect_uri` of the authorization request.' },
      { says: 'refresh token already used', remedy: 'Public clients get a new refresh token each time and use only that. All tokens of this sign-in are revoked.' },
      { says: 'DPoP proof JWT not provided', remedy: 'FAPI profiles send a DPoP proof (or a certificate) with each token request.' },
      { says: 'failed jkt verification', remedy: 'The proof is signed by another key than the one this code or token is bound to.' },
      { says: 'mutual TLS client certificate not provided', remedy: 'Tokens of this client are bound to its certificate: connect with it.' },
      { says: 'grant not found', remedy: 'The person signed out, was locked, or took their consent back.' },
    ],
  },
  invalid_dpop_proof: {
    where: ['PAR', 'token', 'UserInfo'],
    cause: 'The DPoP proof is ill-formed, old, for another address or method, or used before.',
    remedy: 'A new proof for each request: `htm` and `htu` of that request, `iat` now, a new `jti`; with an access token `ath` too.',
    reasons: [
      { says: 'DPoP proof iat is not recent enough', remedy: 'Older than a minute or ten seconds ahead: synchronise your clock.' },
      { says: 'DPoP proof htu mismatch', remedy: '`htu` is the endpoint as in discovery, without query.' },
      { says: 'DPoP proof ath mismatch', remedy: '`ath` is the SHA-256 of the access token that is sent along.' },
    ],
  },
  use_dpop_nonce: {
    where: ['PAR', 'token', 'UserInfo'],
    cause: 'The proof has to carry the nonce that this very answer brings in its `DPoP-Nonce` header.',
    remedy: 'Put it into a new proof and send the request again, with a new client assertion. Libraries do this by themselves; no person notices.',
  },
  invalid_token: {
    where: ['UserInfo'],
    cause: 'The access token is unknown, lapsed, revoked, for an API, or sent without the proof it is bound to.',
    remedy: 'Send tokens of `fapi2` clients as `Authorization: DPoP …` with a proof. Where it has lapsed, refresh or sign in again.',
    reasons: [
      { says: 'token audience prevents accessing the userinfo endpoint', remedy: 'A token for an API does not open UserInfo. Redeem the code without `resource`.' },
      { says: 'associated account not found', remedy: 'The account was locked or has ended.' },
    ],
  },
  insufficient_scope: { where: ['UserInfo'], cause: 'The access token has no scope `openid`.', remedy: 'Ask for `openid`.' },
  insufficient_user_authentication: { where: ['an API'], cause: 'The API wants a stronger or fresher sign-in than the token tells of (RFC 9470).', remedy: 'Send a new authorization request with the `acr_values` and `max_age` of its `WWW-Authenticate`. See levels.md.' },
  unsupported_grant_type: { where: ['token'], cause: 'A `grant_type` that is not in discovery. There is no password and no implicit grant.', remedy: 'Use one of `grant_types_supported`.' },
  unsupported_token_type: { where: ['introspection', 'revocation'], cause: 'A JWT access token. APIs read these themselves, and they live out their few minutes.', remedy: 'Register `opaque` tokens for an API that has to know at once, or revoke the refresh token.' },
  authorization_pending: { where: ['token'], cause: 'The person has not answered yet (CIBA, device grant).', remedy: 'Ask again after `interval` seconds, five where it is not said.' },
  slow_down: { where: ['token'], cause: 'You ask more often than every five seconds while there is nothing to hear (CIBA, device grant).', remedy: 'Wait five seconds longer between two questions, from now on.' },
  expired_token: { where: ['token'], cause: 'The person did not answer in time (CIBA, device grant).', remedy: 'Begin again, when the person is there.' },
  unknown_user_id: { where: ['backchannel authentication'], cause: 'The hint names nobody who can be asked.', remedy: 'Ask the person to sign in with your application instead. Whether there is such an account is not told.' },
  invalid_binding_message: { where: ['backchannel authentication'], cause: '`binding_message` is missing, or is not a code that people can compare on two screens.', remedy: 'Two to twelve capitals and digits, with a digit; single hyphens between.' },
  temporarily_unavailable: {
    where: ['authorization', 'every endpoint'],
    cause: 'We are overloaded, a part of us does not answer, or you ask too often.',
    remedy: 'Wait as long as `Retry-After` says, then try again, with growing pauses. Status 503 or 429.',
  },
  server_error: { where: ['authorization', 'every endpoint'], cause: 'A fault of ours; it has been recorded.', remedy: 'Try once more. If it stays, tell us the `reference`.' },
} as const satisfies Record<string, Explanation>
