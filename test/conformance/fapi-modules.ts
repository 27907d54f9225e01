import { noted, passed, type Module, type Plan } from './plan.ts'

const fapi2 = 'fapi2-security-profile-final'
const ok = (name: string, asks: string): Module => passed(`${fapi2}-${name}`, asks)
const elsewhere = (name: string, why: string): Module => noted(`${fapi2}-${name}`, '–', ['another variant', why])

const ecosystem = (which: string) => `of the ${which} profile; this server is tested as \`plain_fapi\``
const noGrantManagement = 'grant management is an option (`grant_management=disabled`), and is not offered'

/** What only requests that are signed can show. */
const signed = new Set([
  'ensure-request-object-with-multiple-aud-succeeds', 'ensure-request-object-with-nbf-8-seconds-in-the-future-is-accepted', 'ensure-request-object-without-exp-fails',
  'ensure-request-object-without-nbf-fails', 'ensure-expired-request-object-fails', 'ensure-request-object-with-bad-aud-fails', 'ensure-request-object-with-exp-over-60-fails',
  'australia-connectid-ensure-request-object-with-exp-over-10-fails', 'ensure-request-object-with-nbf-over-60-fails', 'australia-connectid-ensure-request-object-with-nbf-over-15-fails',
  'ksa-ensure-request-object-with-exp-over-10-fails', 'ksa-ensure-request-object-with-nbf-over-10-fails', 'ensure-signed-request-object-with-RS256-fails',
  'ensure-request-object-signature-algorithm-is-not-none', 'ensure-request-object-with-invalid-signature-fails', 'ensure-matching-key-in-authorization-request',
  'ensure-unsigned-request-at-par-endpoint-fails', 'par-authorization-request-containing-request_uri',
].map((name) => `${fapi2}-${name}`))

const modules: readonly Module[] = [
  ok('discovery-end-point-verification', 'discovery has what FAPI 2.0 wants: pushed requests, PKCE, strong algorithms, both proofs of a client, `iss` in the answer'),
  ok('happy-flow', 'two clients through the whole flow; the resource takes neither the other one’s key nor a token in the query'),
  ok('user-rejects-authentication', 'a person who declines is `access_denied`'),
  ok('ensure-request-object-with-multiple-aud-succeeds', 'a request object may be for others as well'),
  ok('ensure-authorization-request-without-state-success', 'a request without `state` gets an answer without'),
  ok('ensure-authorization-request-without-nonce-success', 'a request without `nonce` gets its tokens'),
  ok('ensure-authorization-request-with-64-char-nonce-success', 'a `nonce` of 64 characters comes back'),
  ok('ensure-other-scope-order-succeeds', 'the order of scopes does not matter'),
  ok('test-claims-parameter-identity-claims', 'every standard claim of `claims_supported`, asked for one by one; what nobody knows is ignored'),
  ok('access-token-type-header-case-sensitivity', 'the resource takes the token type in any case'),
  ok('ensure-request-object-with-nbf-8-seconds-in-the-future-is-accepted', 'the client’s clock may be a little ahead'),
  ok('check-dpop-proof-nbf-exp', 'a proof of possession may carry `nbf` and `exp`'),
  ok('ensure-dpopproof-with-iat-10seconds-before-succeeds', 'proofs ten seconds old, at every endpoint'),
  ok('ensure-dpopproof-with-iat-10seconds-after-succeeds', 'proofs ten seconds ahead, at every endpoint'),
  ok('ensure-mismatched-dpop-jkt-fails', 'a `dpop_jkt` that the proof of the same request denies'),
  ok('ensure-token-endpoint-fails-with-mismatched-dpop-proof-jkt', 'a code asked for with one key and redeemed with another'),
  ok('ensure-token-endpoint-fails-with-mismatched-dpop-jkt', 'the same where the key was only named'),
  ok('ensure-dpopproof-at-par-endpoint-binding-success', 'a code redeemed with the key it was asked for with'),
  ok('ensure-dpop-auth-code-binding-success', 'the same with the key named as well'),
  ok('ensure-different-nonce-inside-and-outside-request-object', 'a `nonce` beside the pushed request is not heard'),
  ok('ensure-different-state-inside-and-outside-request-object', 'nor a `state`'),
  ok('ensure-authorization-request-with-long-nonce', 'a `nonce` of 384 characters comes back'),
  ok('ensure-authorization-request-with-long-state', 'a `state` of 384 characters comes back'),
  ok('ensure-request-object-without-exp-fails', 'a request object without `exp`'),
  ok('ensure-request-object-without-nbf-fails', 'a request object without `nbf`'),
  ok('state-only-outside-request-object-not-used', 'a `state` that is only beside the request does not come back'),
  ok('ensure-request-object-without-redirect-uri-fails', 'a request without `redirect_uri`'),
  ok('ensure-expired-request-object-fails', 'a request object that is over'),
  ok('ensure-request-object-with-bad-aud-fails', 'a request object for somebody else'),
  ok('ensure-request-object-with-exp-over-60-fails', 'a request object that lives for more than an hour'),
  elsewhere('australia-connectid-ensure-request-object-with-exp-over-10-fails', ecosystem('ConnectID')),
  ok('ensure-request-object-with-nbf-over-60-fails', 'a request object in force for more than an hour'),
  elsewhere('australia-connectid-ensure-request-object-with-nbf-over-15-fails', ecosystem('ConnectID')),
  elsewhere('ksa-ensure-request-object-with-exp-over-10-fails', ecosystem('KSA')),
  elsewhere('ksa-ensure-request-object-with-nbf-over-10-fails', ecosystem('KSA')),
  ok('ensure-signed-request-object-with-RS256-fails', 'a request object signed with RS256'),
  ok('ensure-request-object-signature-algorithm-is-not-none', 'a request object with `alg` `none`'),
  ok('ensure-request-object-with-invalid-signature-fails', 'a request object whose signature is not its own'),
  ok('ensure-matching-key-in-authorization-request', 'a request object signed by another client'),
  ok('ensure-unsigned-request-at-par-endpoint-fails', 'a pushed request without a request object'),
  elsewhere('ensure-registered-redirect-uri', 'of profiles that want redirect addresses registered; under `plain_fapi` the next module stands in for it'),
  ok('plain-fapi-tolerate-unregistered-redirect-uri', 'an unregistered `redirect_uri` is used or refused; here it is refused'),
  ok('ensure-unsigned-authorization-request-without-using-par-fails', 'a request that was not pushed'),
  ok('ensure-redirect-uri-in-authorization-request', 'a request without `redirect_uri`, also where one stands beside it'),
  ok('ensure-response-type-code-idtoken-fails', '`response_type=code id_token`'),
  elsewhere('australia-connectid-ensure-invalid-purpose-fails', ecosystem('ConnectID')),
  ok('ensure-response-type-token-fails', '`response_type=token`'),
  ok('ensure-client-id-in-token-endpoint', 'one client’s id with the other’s key at the token endpoint'),
  ok('ensure-holder-of-key-required', 'a code without the key it needs, in DPoP or in TLS'),
  ok('ensure-authorization-code-is-bound-to-client', 'another client redeems no code'),
  ok('attempt-reuse-authorization-code-after-one-second', 'a code used twice is `invalid_grant`, and what it gave is revoked'),
  ok('ensure-token-endpoint-fails-with-expired-auth-code', 'a code a minute later'),
  ok('ensure-signed-client-assertion-with-RS256-fails', 'a client assertion signed with RS256'),
  ok('ensure-client-assertion-in-token-endpoint', 'a code without a client assertion'),
  ok('ensure-client-assertion-with-exp-is-5-minutes-in-past-fails', 'a client assertion that is over'),
  ok('ensure-client-assertion-with-wrong-aud-fails', 'a client assertion for somebody else'),
  ok('ensure-client-assertion-with-no-sub-fails', 'a client assertion without `sub`'),
  ok('ensure-invalid-client-assertions-fail', 'ten other ways for a client assertion to be wrong'),
  ok('dpop-negative-tests', 'proofs of possession at the resource, each wrong or unusual in one way'),
  ok('refresh-token', 'refresh tokens: bound to their client, with a new key, used again, never without proof'),
  ...['sharing-duration-zero', 'negative-sharing-duration', 'refresh-token-introspection-expiry', 'arrangement-amendment', 'unrecognised-arrangement-id']
    .map((name) => elsewhere(`cdr-${name}`, ecosystem('Australian CDR'))),
  elsewhere('brazil-ensure-bad-payment-signature-fails', ecosystem('Brazilian')),
  elsewhere('australia-connectid-test-claims-parameter-idtoken-identity-claims', ecosystem('ConnectID')),
  ok('par-ensure-reused-request-uri-prior-to-auth-completion-succeeds', 'a `request_uri` opened twice before anybody has signed in'),
  ok('par-attempt-reuse-request_uri', 'a `request_uri` that has led to an answer leads to no other'),
  ok('par-attempt-to-use-expired-request_uri', 'a `request_uri` that is over'),
  ok('par-ensure-jwt-client-assertions-nbf-8-seconds-in-the-future-is-accepted', 'a client assertion a little ahead'),
  ok('par-ensure-jwt-client-assertions-nbf-over-60-seconds-in-the-future-fails', 'a client assertion more than a minute ahead'),
  ok('par-attempt-to-use-request_uri-for-different-client', 'a `request_uri` of another client'),
  ok('par-authorization-request-containing-request_uri-form-param', 'a pushed request that points to another'),
  ok('par-attempt-invalid-http-method', 'PUT where a request is pushed'),
  ok('par-ensure-pkce-required', 'a request without PKCE'),
  ok('ensure-pkce-code-verifier-required', 'a code without its verifier'),
  ok('incorrect-pkce-code-verifier-rejected', 'a code with another verifier'),
  ok('par-plain-pkce-rejected', 'PKCE with `plain`'),
  ok('par-authorization-request-containing-request_uri', 'a request object that points to another request'),
  ok('par-without-duplicate-parameters', 'the browser brings `client_id` and `request_uri` alone'),
  ok('par-test-array-as-audience-fails', 'a client assertion for us and somebody else'),
  ok('par-test-par-endpoint-url-as-audience-fails', 'a client assertion for the endpoint it is pushed to'),
  ok('par-test-token-endpoint-url-as-audience-fails', 'a client assertion for the token endpoint'),
  ...[
    'query-and-revoke', 'merge', 'replace', 'ensure-invalid-grant-id-fails', 'ensure-query-nonexistent-grant-fails', 'ensure-wrong-client-cannot-query-grant', 'ensure-wrong-client-cannot-revoke-grant',
  ].map((name) => elsewhere(`grant-management-${name}`, noGrantManagement)),
]

const shared = ['fapi2-flow.test.ts', 'fapi2-token.test.ts', 'fapi2-dpop.test.ts']

export const securityProfile: Plan = {
  name: `${fapi2}-test-plan`,
  profile: 'FAPI 2.0 Security Profile OP',
  files: shared,
  modules: modules.filter(({ name }) => !signed.has(name)),
}

export const messageSigning: Plan = {
  name: 'fapi2-message-signing-final-test-plan',
  profile: 'FAPI 2.0 Message Signing OP',
  files: [...shared, 'fapi2-request-object.test.ts'],
  modules,
}
