import { noted, passed, type Module, type Plan } from './plan.ts'

const ciba = 'fapi-ciba-id1'
const ok = (name: string, asks: string): Module => passed(`${ciba}-${name}`, asks)
const of = (which: string) => (name: string): Module => noted(`${ciba}-${name}`, '–', ['another variant', `of the ${which} profile; this server is tested as \`plain_fapi\``])
const brazil = of('Brazilian')
const connectId = (name: string) => of('ConnectID')(`connectid-ensure-${name}`)
const object = 'ensure-request-object'
const ping = 'ping-backchannel-notification-endpoint'

export const fapiCiba: Plan = {
  name: `${ciba}-test-plan`,
  profile: 'FAPI-CIBA OP',
  files: ['fapi-ciba.test.ts', 'fapi-ciba-request.test.ts'],
  modules: [
    ok('discovery-end-point-verification', 'discovery offers CIBA: its endpoint, grant, modes and algorithms'),
    brazil('brazil-discovery-end-point-verification'),
    passed(ciba, 'two clients from the request to the resource; with `acr_values` and an expiry; a token only with its certificate, an answer only once'),
    ok('user-rejects-authentication', 'a person who declines is `access_denied`'),
    ok('multiple-call-to-token-endpoint', 'twenty polls in a row are told to wait'),
    ok('auth-req-id-expired', 'a request that nobody answered is `expired_token`'),
    ok('ensure-authorization-request-with-binding-message-succeeds', '`binding_message=1234`'),
    ok('ensure-other-scope-order-succeeds', 'the order of scopes does not matter'),
    ok('ensure-requested-expiry-as-string-succeeds', '`requested_expiry` as a string in the request object'),
    brazil('ensure-requested-expiry-above-maximum-is-capped-for-brazil'),
    ok('ensure-authorization-request-with-potentially-bad-binding-message', 'a long `binding_message` with all kinds of characters is shown or refused; here it is refused'),
    brazil('ensure-authorization-request-with-url-binding-message-warns-for-brazil'),
    ok(`${object}-missing-aud-fails`, 'a request object without `aud`'),
    ok(`${object}-bad-aud-fails`, 'a request object for somebody else'),
    ok(`${object}-missing-iss-fails`, 'a request object without `iss`'),
    ok(`${object}-bad-iss-fails`, 'a request object by somebody else'),
    ok(`${object}-missing-exp-fails`, 'a request object without `exp`'),
    ok(`${object}-expired-exp-fails`, 'a request object that is over'),
    ok(`${object}-exp-is-70-minutes-in-future-fails`, 'a request object that lives for too long'),
    ok(`${object}-missing-iat-fails`, 'a request object without `iat`'),
    ok(`${object}-missing-nbf-fails`, 'a request object without `nbf`'),
    ok(`${object}-nbf-is-10-minutes-in-future-fails`, 'a request object that is not in force yet'),
    ok(`${object}-nbf-is-70-minutes-in-past-fails`, 'a request object in force for too long'),
    ok(`${object}-missing-jti-fails`, 'a request object without `jti`'),
    ok(`${object}-signature-algorithm-is-none-fails`, 'a request object with `alg` `none`'),
    ok(`${object}-signature-algorithm-is-bad-fails`, 'a request object whose signature is not its own'),
    ok(`${object}-signature-algorithm-is-RS256-fails`, 'a request object signed with RS256'),
    ok(`${object}-signed-by-other-client-fails`, 'a request object signed by another client'),
    ok('ensure-authorization-request-with-multiple-hints-fails', 'two hints at once'),
    ...['authorization-request-with-user-code', 'authorization-request-with-invalid-login-hint', 'requested-expiry-zero', 'requested-expiry-negative'].map((name) => brazil(`ensure-${name}-fails-for-brazil`)),
    ok('ensure-wrong-auth-req-id-in-token-endpoint-request', 'another client’s `auth_req_id`'),
    ok('ensure-different-client-id-and-issuer-in-backchannel-authorization-request', '`mtls`: one client’s request object with another’s id'),
    ok('ensure-wrong-client-id-in-token-endpoint-request', '`mtls`: a poll with another client’s id'),
    ok('ensure-wrong-client-id-in-backchannel-authorization-request', '`mtls`: a request with another client’s id'),
    ok('ensure-without-client-assertion-in-token-endpoint-request', '`private_key_jwt`: a poll without a client assertion'),
    ok('ensure-without-client-assertion-in-backchannel-authorization-request', '`private_key_jwt`: a request without a client assertion'),
    ok('ensure-client-assertion-signature-algorithm-in-backchannel-authorization-request-is-RS256-fails', 'a request with a client assertion signed with RS256'),
    ok('ensure-client-assertion-signature-algorithm-in-token-endpoint-request-is-RS256-fails', 'a poll with a client assertion signed with RS256'),
    ok('ensure-client-assertion-with-iss-aud-to-token-endpoint-succeeds', 'a client assertion for the issuer; here for nothing else'),
    ok(`${ping}-response-has-body`, '`ping`: answered with 200 and a text, the flow goes on'),
    ok(`${ping}-response-401`, '`ping`: answered with 401, the flow goes on'),
    ok(`${ping}-response-403`, '`ping`: answered with 403, the flow goes on'),
    ok('ping-with-mtls-ciba-notification-endpoint-response-401-and-require-server-does-not-retry', '`ping`: answered with 401, it is not sent again'),
    ok(`${ping}-return-redirect-request`, '`ping`: a redirect is not followed'),
    brazil('ping-notification-endpoint-retries-after-transient-error-for-brazil'),
    ok('ensure-unsigned-backchannel-authorization-request-fails', 'a request without a request object'),
    ok('refresh-token', 'refresh tokens: the same person and sign-in, and bound to their client'),
    ok('ensure-mtls-holder-of-key-required', 'a poll without a certificate'),
    ...[
      'authorization-request-with-purpose-succeeds', 'txn-returned-when-not-requested', 'authorization-request-with-id-token-hint-fails', 'authorization-request-with-login-hint-token-fails',
      'authorization-request-with-malformed-card-login-hint-fails', 'authorization-request-with-wrong-3ds-payment-authorization-details-type-fails',
      'authorization-request-without-3ds-payment-beneficiary-name-fails', 'authorization-request-without-3ds-payment-desc-fails',
    ].map(connectId),
  ],
}
