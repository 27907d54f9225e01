import * as oidc from 'openid-client'

/** How the profile `fapi2` is spoken: a pushed request (PAR), a key of our own (private_key_jwt), tokens bound to a key (DPoP). */
export async function makeSignIn({ issuer, clientId, origin, key }) {
  const plain = issuer.protocol === 'http:' ? [oidc.allowInsecureRequests] : [] // only ever on localhost
  const config = await oidc.discovery(issuer, clientId, { id_token_signed_response_alg: 'ES256' }, oidc.PrivateKeyJwt(key), { execute: plain })
  const DPoP = oidc.getDPoPHandle(config, await oidc.randomDPoPKeyPair())

  return {
    /** Where to send the browser, and what to keep in the person's session until the answer comes. */
    async begin(parameters) {
      const pending = { state: oidc.randomState(), nonce: oidc.randomNonce(), verifier: oidc.randomPKCECodeVerifier() }
      const to = await oidc.buildAuthorizationUrlWithPAR(config, {
        redirect_uri: `${origin}/callback`,
        scope: 'openid profile',
        claims: JSON.stringify({ userinfo: { email: null } }),
        state: pending.state,
        nonce: pending.nonce,
        code_challenge: await oidc.calculatePKCECodeChallenge(pending.verifier),
        code_challenge_method: 'S256',
        ...parameters,
      }, { DPoP })
      return { to, pending }
    },

    /** Checks the answer (state, issuer, nonce, signature) and fetches what the person shares. */
    async finish(answer, pending, parameters) {
      const checks = { expectedState: pending.state, expectedNonce: pending.nonce, pkceCodeVerifier: pending.verifier, idTokenExpected: true }
      const tokens = await oidc.authorizationCodeGrant(config, answer, checks, parameters, { DPoP })
      const claims = tokens.claims()
      const userinfo = parameters?.resource ? undefined : await oidc.fetchUserInfo(config, tokens.access_token, claims.sub, { DPoP })
      return { idToken: tokens.id_token, accessToken: tokens.access_token, claims, userinfo }
    },

    /** Asks an API with a token that was issued for it. */
    call: (url, accessToken) => oidc.fetchProtectedResource(config, accessToken, url, 'GET', undefined, undefined, { DPoP }),

    signOut: (idToken) => oidc.buildEndSessionUrl(config, { id_token_hint: idToken, post_logout_redirect_uri: `${origin}/` }),
  }
}
