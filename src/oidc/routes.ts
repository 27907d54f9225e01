/** Addresses of the protocol. What discovery tells, what the web server lets through, what has which deadline: one table. */
export const protocolRoutes = {
  authorization: '/authorize',
  pushed_authorization_request: '/par',
  token: '/token',
  userinfo: '/userinfo',
  backchannel_authentication: '/backchannel-authentication',
  device_authorization: '/device-authorization',
  /** Typed by people, from a screen across the room. */
  code_verification: '/thiet-bi',
  jwks: '/jwks',
  introspection: '/introspect',
  revocation: '/revoke',
  end_session: '/end-session',
} as const

/** Where the pages of one sign-in or consent begin; the rest of such a path names the interaction. */
export const interactionRoot = '/interaction'

type Rule = {
  methods: readonly string[]
  /** Answered to programs, in JSON. */
  machine: boolean
  /** What is posted here is asked again by GET, for the session's cookie does not travel with a post from another site. */
  postedAgain?: true
}

const rules: readonly { matches: RegExp; rule: Rule }[] = [
  { matches: /^\/authorize$/, rule: { methods: ['GET', 'POST'], machine: false, postedAgain: true } },
  { matches: /^\/authorize\/[A-Za-z0-9_-]+$/, rule: { methods: ['GET'], machine: false } },
  { matches: /^\/end-session$/, rule: { methods: ['GET', 'POST'], machine: false, postedAgain: true } },
  { matches: /^\/end-session\/success$/, rule: { methods: ['GET'], machine: false } },
  { matches: /^\/end-session\/confirm$/, rule: { methods: ['POST'], machine: false } },
  { matches: /^\/thiet-bi$/, rule: { methods: ['GET', 'POST'], machine: false } },
  { matches: /^\/thiet-bi\/[A-Za-z0-9_-]+$/, rule: { methods: ['GET'], machine: false } },
  { matches: /^\/backchannel-authentication$/, rule: { methods: ['POST'], machine: true } },
  { matches: /^\/(par|token|introspect|revoke|device-authorization)$/, rule: { methods: ['POST', 'OPTIONS'], machine: true } },
  { matches: /^\/userinfo$/, rule: { methods: ['GET', 'POST', 'OPTIONS'], machine: true } },
  { matches: /^\/jwks$/, rule: { methods: ['GET', 'HEAD', 'OPTIONS'], machine: true } },
  {
    matches: /^\/\.well-known\/(openid-configuration|oauth-authorization-server)$/,
    rule: { methods: ['GET', 'HEAD', 'OPTIONS'], machine: true },
  },
]

/** The rule of a protocol path; `undefined` for every other path. */
export function protocolRule(path: string): Rule | undefined {
  return rules.find(({ matches }) => matches.test(path))?.rule
}
