import { fapiCiba } from './ciba-modules.ts'
import { messageSigning, securityProfile } from './fapi-modules.ts'
import { noted, passed, type Plan } from './plan.ts'

const absentClaims = 'the registry holds no `nickname`, `profile`, `picture`, `website`, `zoneinfo`, `locale` or `preferred_username`; a claim without a value is left out (OIDC Core §5.3.2)'
const dynamicOnly = 'clients are registered by administrators, and the suite runs this with dynamic registration only'
const noUnsigned = 'discovery offers no request objects with `alg` `none`, and the suite skips it then'

const basic: Plan = {
  name: 'oidcc-basic-certification-test-plan',
  profile: 'Basic OP',
  files: ['basic.test.ts', 'basic-session.test.ts'],
  modules: [
    passed('oidcc-server', 'the code flow: answer, state, tokens, ID token, UserInfo'),
    passed('oidcc-response-type-missing', 'a request without `response_type` is an error'),
    noted('oidcc-idtoken-signature', 'an ID token names its key and is signed with RS256', ['not applicable', `${dynamicOnly}; a client that registers RS256 gets it`]),
    noted('oidcc-idtoken-unsigned', 'an ID token with `alg` `none`', ['not applicable', '`none` is not offered and never made (P13)']),
    passed('oidcc-userinfo-get', 'UserInfo by GET, token in the header'),
    passed('oidcc-userinfo-post-header', 'UserInfo by POST, token in the header'),
    passed('oidcc-userinfo-post-body', 'UserInfo by POST, token in the body'),
    passed('oidcc-ensure-request-without-nonce-succeeds-for-code-flow', 'a request without `nonce` gets a code'),
    noted('oidcc-scope-profile', '`scope=profile` gives its claims at UserInfo', ['warning', absentClaims]),
    passed('oidcc-scope-email', '`scope=email` gives its claims at UserInfo'),
    passed('oidcc-scope-address', '`scope=address` gives its claim at UserInfo'),
    passed('oidcc-scope-phone', '`scope=phone` gives its claims at UserInfo'),
    noted('oidcc-scope-all', 'all four scopes at once', ['warning', absentClaims]),
    passed('oidcc-alternate-happy-flow', 'neither the order of scopes nor that of parameters matters'),
    passed('oidcc-display-page', '`display=page` is no error'),
    passed('oidcc-display-popup', '`display=popup` is no error'),
    passed('oidcc-prompt-login', '`prompt=login` asks for a sign-in again, `auth_time` grows'),
    passed('oidcc-prompt-none-not-logged-in', '`prompt=none` without a session ends in an error, with the state whole'),
    passed('oidcc-prompt-none-logged-in', '`prompt=none` with a session succeeds, same `sub` and `auth_time`'),
    passed('oidcc-max-age-1', '`max_age=1` two seconds after asks for a sign-in again, `auth_time` is there and recent'),
    passed('oidcc-max-age-10000', '`max_age=10000` does not ask again, same `sub` and `auth_time`'),
    passed('oidcc-ensure-request-with-unknown-parameter-succeeds', 'a parameter that nobody knows is ignored'),
    passed('oidcc-id-token-hint', '`id_token_hint` of the person who is signed in, with `prompt=none`'),
    passed('oidcc-login-hint', '`login_hint` is no error'),
    passed('oidcc-ui-locales', '`ui_locales=se` is no error'),
    passed('oidcc-claims-locales', '`claims_locales=se` is no error'),
    passed('oidcc-ensure-request-with-acr-values-succeeds', 'all advertised `acr_values`, and one of them in the ID token'),
    passed('oidcc-codereuse', 'a code used twice is `invalid_grant`'),
    passed('oidcc-codereuse-30seconds', 'the same 30 seconds later, when the code is long gone, and what it gave is revoked'),
    passed('oidcc-ensure-registered-redirect-uri', 'an unregistered `redirect_uri` ends on an error page'),
    passed('oidcc-ensure-post-request-succeeds', 'an authorization request by POST'),
    passed('oidcc-server-client-secret-post', 'the code flow with `client_secret_post`'),
    noted('oidcc-request-uri-unsigned-supported-correctly-or-rejected-as-unsupported', 'an unsigned `request_uri` is processed or refused as unsupported', ['not applicable', `${dynamicOnly}; refused with \`request_uri_not_supported\``]),
    noted('oidcc-unsigned-request-object-supported-correctly-or-rejected-as-unsupported', 'an unsigned request object is processed or refused as unsupported', ['not applicable', `${noUnsigned}; refused with an error`]),
    passed('oidcc-claims-essential', 'an essential `name` for UserInfo comes there and not in the ID token'),
    noted('oidcc-ensure-request-object-with-redirect-uri', 'the `redirect_uri` of an unsigned request object wins', ['not applicable', `${noUnsigned}; that of a signed one does`]),
    passed('oidcc-refresh-token', 'a refresh token is bound to its client and gives tokens for the same person and sign-in'),
    passed('oidcc-ensure-request-with-valid-pkce-succeeds', 'PKCE with S256'),
  ],
}

const config: Plan = {
  name: 'oidcc-config-certification-test-plan',
  profile: 'Config OP',
  files: ['config.test.ts'],
  modules: [passed('oidcc-discovery-endpoint-verification', 'discovery has what it must, over https, and its keys are sound')],
}

const leaving = 'oidcc-rp-initiated-logout'
const logout: Plan = {
  name: 'oidcc-rp-initiated-logout-certification-test-plan',
  profile: 'RP-Initiated OP',
  files: ['rp-initiated-logout.test.ts'],
  modules: [
    passed(`${leaving}-discovery-endpoint-verification`, 'discovery names an `end_session_endpoint` over https'),
    passed(leaving, 'back at the service with its state, and signed out'),
    passed(`${leaving}-bad-post-logout-redirect-uri`, 'an unregistered address is never gone to'),
    passed(`${leaving}-modified-id-token-hint`, 'a hint turned to `alg` `none` leads nowhere'),
    passed(`${leaving}-no-id-token-hint`, 'an address without a hint is not gone to'),
    passed(`${leaving}-no-params`, 'without any parameter the person is signed out on a page of ours'),
    passed(`${leaving}-no-post-logout-redirect-uri`, 'without an address as well'),
    passed(`${leaving}-no-state`, 'without a state none comes back'),
    passed(`${leaving}-only-state`, 'with a state alone the person is signed out on a page of ours'),
    passed(`${leaving}-query-added-to-post-logout-redirect-uri`, 'a registered address with a query added is another one'),
    passed(`${leaving}-bad-id-token-hint`, 'a hint that somebody else has signed is an error'),
  ],
}

const backChannel: Plan = {
  name: 'oidcc-backchannel-rp-initiated-logout-certification-test-plan',
  profile: 'Back-Channel OP',
  files: ['back-channel-logout.test.ts'],
  modules: [
    passed('oidcc-backchannel-logout-discovery-endpoint-verification', 'discovery offers back-channel logout, with sessions'),
    passed('oidcc-backchannel-rp-initiated-logout', 'the service is told with a valid logout token, and the person is signed out'),
  ],
}

export const plans: readonly Plan[] = [basic, config, logout, backChannel, securityProfile, messageSigning, fapiCiba]
