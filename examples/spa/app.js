import { UserManager, WebStorageStateStore } from 'oidc-client-ts'

// A program in the browser keeps no secret: it is a public client, and PKCE ties the code to this tab. ISSUER is put in by serve.js.
const manager = new UserManager({
  authority: ISSUER,
  client_id: 'example-spa',
  redirect_uri: `${location.origin}/callback`,
  post_logout_redirect_uri: `${location.origin}/`,
  scope: 'openid profile',
  loadUserInfo: true,
  filterProtocolClaims: ['nbf', 'jti', 'nonce', 'azp', 'at_hash'], // by default it hides `acr` and `auth_time` as well: how and when the person signed in
  userStore: new WebStorageStateStore({ store: sessionStorage }), // gone with the tab
})

const [shown, signIn, signOut] = ['shown', 'sign-in', 'sign-out'].map((id) => document.getElementById(id))

async function start() {
  if (location.pathname === '/callback') {
    await manager.signinRedirectCallback()
    history.replaceState(undefined, '', '/') // the code is spent; it need not stay in the address
  }
  const user = await manager.getUser()
  shown.textContent = user ? JSON.stringify(user.profile, undefined, 2) : 'Nobody is signed in.'
  signIn.hidden = user !== null
  signOut.hidden = user === null
}

signIn.addEventListener('click', () => manager.signinRedirect())
signOut.addEventListener('click', () => manager.signoutRedirect())
start().catch((fault) => {
  shown.textContent = `${fault.error ?? fault.name}: ${fault.error_description ?? fault.message}`
  signIn.hidden = false
})
