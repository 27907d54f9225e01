import type { Explanation } from './explanation.ts'

const asked = ['authorization', 'PAR'] as const

/** Errors of what is asked for a person: the authorization request, its sign-in and its consent (RFC 6749 §4.1.2.1, OIDC Core §3.1.2.6). */
export const requestErrors = {
  access_denied: {
    where: ['authorization', 'token'],
    cause: 'The person did not want to, or may not: they went back, did not agree to what you need, or their account is locked, expired or ended.',
    remedy: 'Offer another try or another way on a page of your own. Which of the reasons it was is not told, and no retry without the person helps.',
    reasons: [
      { says: 'the person acts for no organisation that was asked for', remedy: 'Your request takes people in the name of an organisation alone (`vn_org_id`, essential). The person has seen why.' },
      { says: 'the person did not agree', remedy: 'They went back, or refused what your request needs. Ask for less, or make it optional.' },
      { says: 'the account is not usable', remedy: 'Locked, expired or ended. The person has been told how to get help.' },
      { says: 'the sign-in was not completed', remedy: 'Begin a new sign-in.' },
    ],
  },
  account_selection_required: {
    where: ['authorization'],
    cause: '`prompt=none` together with something for which the person would have to choose an account.',
    remedy: 'Send the request again without `prompt=none`.',
  },
  consent_required: {
    where: ['authorization'],
    cause: '`prompt=none`, but the person has not agreed to this yet, or their answer no longer counts. Class B services are agreed to at each sign-in.',
    remedy: 'Send the request again without `prompt=none`.',
  },
  interaction_required: {
    where: ['authorization'],
    cause: '`prompt=none`, but a page has to be shown.',
    remedy: 'Send the request again without `prompt=none`.',
  },
  login_required: {
    where: ['authorization', 'token'],
    cause: '`prompt=none`, but nobody is signed in; or somebody else than your `id_token_hint` or `sub` asks for.',
    remedy: 'Send the request again without `prompt=none`. When it was without, or at a device: another person signed in, so end your session of the first.',
    reasons: [{ says: 'another End-User has signed in than was asked for', remedy: 'Somebody else sits at this device. Start with them from the beginning.' }],
  },
  unmet_authentication_requirements: {
    where: ['authorization', 'backchannel authentication', 'token'],
    cause: 'The level that you require cannot be reached: by this account, by the keys this person has, or by this server at all. Nothing less is sent instead.',
    remedy: 'Offer what does not need that level, or tell the person how to get it (level 2 accounts: at the police of any commune, foreigners at the immigration authority). Do not retry.',
    reasons: [
      { says: 'the requested assurance cannot be reached by this person', remedy: 'The account level or the keys do not suffice. The person has seen why.' },
      { says: 'the account, or its passkeys, cannot reach what is required', remedy: 'The same, with `prompt=none`: the person has seen nothing yet.' },
      { says: 'the authentication level that is required is not offered here', remedy: 'Nobody can reach it: `acr_values_supported` in discovery lists what can be.' },
    ],
  },
  invalid_request: {
    where: [...asked, 'token', 'page', 'every endpoint'],
    cause: 'A parameter is missing, ill-formed, said twice, or not for this client.',
    remedy: 'Read `error_description`: it names the parameter.',
    reasons: [
      { says: 'Pushed Authorization Request must be used', remedy: '`fapi2` and `fapi2-ms` push the request to `/par` and send the browser only `client_id` and `request_uri`.' },
      { says: 'Request Object must be used by this client', remedy: '`fapi2-ms` signs the request (JAR): `request` is a JWT signed by your key.' },
      { says: 'Authorization Server policy requires PKCE', remedy: 'Send `code_challenge` and `code_challenge_method=S256`.' },
      { says: 'not supported value of code_challenge_method', remedy: 'Only `S256`.' },
      { says: 'requested response_mode is not allowed', remedy: '`fapi2-ms` answers by `jwt`, `query.jwt`, `fragment.jwt` or `form_post.jwt`.' },
      { says: 'requested response_type is not allowed for this client', remedy: 'Only `code`.' },
      { says: 'post_logout_redirect_uri not registered', remedy: 'Register it; it is compared byte by byte.' },
      { says: 'could not validate id_token_hint', remedy: 'Send the ID token as you received it; another server\'s is not taken.' },
      { says: 'requested grant type is not allowed for this client', remedy: 'Register it in `grant_types`, if your profile has it.' },
      { says: 'no client authentication mechanism provided', remedy: 'The request says nothing of who you are: send the assertion, the secret or `client_id`.' },
      { says: 'client authentication must only be provided using one mechanism', remedy: 'Either the header or the body, not both. Some libraries send a secret beside an assertion.' },
      { says: 'the request is longer than 8,192 characters', remedy: 'Push the request (RFC 9126).' },
      { says: 'the interaction has expired', remedy: 'The person left the page for too long. Begin a new sign-in.' },
    ],
  },
  invalid_request_object: {
    where: asked,
    cause: 'The signed request (JAR) cannot be read, is signed by another key or algorithm than registered, or its claims do not fit.',
    remedy: '`aud` is the issuer, `iss` and `client_id` are your client id, `nbf` and `exp` are there and at most an hour apart; `typ` is `oauth-authz-req+jwt`.',
    reasons: [
      { says: 'the preregistered alg must be used', remedy: 'Sign with `request_object_signing_alg` of your registration.' },
      { says: 'could not validate Request Object', remedy: 'Wrong signature, time or audience. Is the key that signed it published?' },
    ],
  },
  invalid_request_uri: {
    where: ['authorization', 'page'],
    cause: 'The `request_uri` was used before, has lapsed, is another client\'s, or is none of ours.',
    remedy: 'Push a new request for each sign-in, and send the browser there at once. A link with a `request_uri` cannot be kept or shared.',
    reasons: [{ says: 'request_uri is invalid, expired, or was already used', remedy: 'Push again.' }],
  },
  invalid_redirect_uri: {
    where: ['page', 'PAR'],
    cause: 'The `redirect_uri` is not registered for this client. The person sees a page that says so, and is sent nowhere.',
    remedy: 'Send one that is registered, the same to the last byte: scheme, port, path, final slash.',
  },
  invalid_scope: {
    where: [...asked, 'token', 'backchannel authentication', 'device authorization'],
    cause: 'A scope that is not in your registration, or that the refresh token does not have.',
    remedy: 'Ask for what `scope` of your registration names, and for scopes of an API only together with its `resource`.',
  },
  invalid_target: {
    where: [...asked, 'token', 'backchannel authentication', 'device authorization'],
    cause: 'The API in `resource` is unknown, or your registration does not name it; or more than one for one token.',
    remedy: 'Register it in `resources`, and ask for one token for each API.',
    reasons: [
      { says: 'this client is not registered for this resource', remedy: 'Add the identifier to `resources` of your registration.' },
      { says: 'resource indicator must be provided or defaulted to when Rich Authorization Requests are used', remedy: 'Say with `resource` for which API the authorization is.' },
    ],
  },
  invalid_authorization_details: {
    where: [...asked, 'token', 'backchannel authentication'],
    cause: 'A detail has a type that you are not registered for, an unknown member, or a value outside its schema; or a token is asked for what was not confirmed.',
    remedy: 'The description names the member. The types are described in apis.md.',
    reasons: [
      { says: 'nobody has confirmed this', remedy: 'The token request may name what the person confirmed, or less.' },
      { says: 'is not allowed for this client', remedy: 'Add the type to `authorization_details_types` of your registration.' },
    ],
  },
  registration_not_supported: { where: ['authorization'], cause: 'The parameter `registration`.', remedy: 'Leave it out: clients are registered before.' },
  request_uri_not_supported: { where: ['PAR', 'backchannel authentication'], cause: '`request_uri` where no reference is taken.', remedy: 'Send the parameters themselves, or `request`.' },
  unsupported_response_mode: { where: asked, cause: 'A `response_mode` that is not in discovery.', remedy: '`query`, `fragment`, `form_post`, or their `.jwt` forms.' },
  unsupported_response_type: { where: asked, cause: 'Another `response_type` than `code`, or one that your client does not have.', remedy: 'Use `code`.' },
} as const satisfies Record<string, Explanation>
