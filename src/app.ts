import type { IncomingMessage, RequestListener } from 'node:http'
import type { Middleware } from 'koa'
import type { Provider } from 'oidc-provider'
import type { Log } from '#kernel/log.ts'
import type { Sandbox } from '#domain/sandbox/sandbox.ts'
import type { ProblemNotes } from '#domain/audit/told-problem.ts'
import type { KeySetNotes } from '#domain/signing-key/watch.ts'
import type { Courier } from '#domain/signal/courier.ts'
import { makeCookieSigner } from '#keys/cookies.ts'
import { lockLost } from '#domain/account/lost.ts'
import { withFaces, withHardwareKeys } from '#domain/assurance/rules.ts'
import { ownApi } from '#domain/api/own-api.ts'
import { ownPages } from '#domain/client/own-pages.ts'
import { apiTokens } from '#oidc/api-tokens.ts'
import { knownClients } from '#oidc/client/known.ts'
import { entryReader } from '#oidc/client/registered.ts'
import { makeCourier } from '#oidc/courier.ts'
import { makeReply } from '#oidc/approval/reply.ts'
import { explain } from '#oidc/explained/explain.ts'
import { noteHealth } from '#oidc/health.ts'
import { presentedBy } from '#oidc/client/mtls.ts'
import { provedIn } from '#oidc/callers.ts'
import { signInShown } from '#oidc/sign-in-cookie.ts'
import { makeInteractions } from '#oidc/interactions.ts'
import { askForTheCode, logProvider, respondSafely, type Published } from '#oidc/middleware.ts'
import { hearRefusals } from '#oidc/refusals.ts'
import { makeProvider } from '#oidc/provider.ts'
import { makeRecorder, recordRevocations, recordSessions, type Recorder } from '#oidc/recorder.ts'
import { makeSessions } from '#oidc/sessions.ts'
import { pairwiseSubjects } from '#oidc/subjects.ts'
import { makeHolderNotices } from '#web/holder-notices.ts'
import { makeLetters } from '#web/letters.ts'
import { makeNotices } from '#web/notices.ts'
import { makeProviderPages } from '#web/protocol/pages.ts'
import { places } from '#web/place/citizen.ts'
import { apiIdentifier } from '#web/place/program.ts'
import { cameThrough, trustedProxies } from '#web/request/proxy.ts'
import { makeListener, type WebTools } from '#web/server.ts'
import type { RelyingParty } from '#domain/passkey/passkey.ts'
import type { Background } from './background.ts'
import type { Config } from './config.ts'
import type { House } from './house.ts'
import type { Signing } from './signing.ts'
import { readiness } from './readiness.ts'

export type App = {
  listener: RequestListener
  provider: Provider
  /** Delivers what the job queue holds. */
  courier: Courier
}

/** What makes the sandbox's App another than this one. It is handed in from outside: nothing here can make one (docs/decisions/0009). */
export type Variant = {
  cookieName: 'eid-sandbox'
  routes: WebTools['more']
  /** Routes that are for people with an account of their own. */
  leftOut: WebTools['leftOut']
  offers: NonNullable<WebTools['offers']>
  /** Around the provider's answers, inside of what records them. */
  around: readonly Middleware[]
  paced: WebTools['paced']
  forPrograms: WebTools['forPrograms']
  /** Where programs register themselves, for discovery. */
  registration: string
  /** Milliseconds: long enough for an answer that is slow on purpose. */
  deadlines: WebTools['deadlines']
}

type Options = {
  log: Log
  signing: Signing
  /** Work that outlives its answer. */
  later: Background['later']
  healthNotes: Background['healthNotes']
  times: Background['times']
  problemNotes: Background['problemNotes']
  keySetNotes: Background['keySetNotes']
  known: Background['known']
  gate: WebTools['gate']
  line: WebTools['line']
  refusals: WebTools['refusals']
  /** Whether this server wants traffic, and what of the system works. */
  ready?: ReturnType<typeof readiness>
  /** Shown on the front page in development. */
  demoPortal?: string
  variant?: Variant
  /** For developers, beside this server; throws `service.unavailable` while it does not listen. */
  sandbox?: () => Sandbox
}

const deadlines = { page: 3000, protocol: 2000 }

/** This system as passkeys know it (WebAuthn L3 §4, RP ID). */
export function rpOf({ issuer }: Pick<Config, 'issuer'>): RelyingParty {
  const { hostname, origin } = new URL(issuer)
  return { id: hostname, origin, name: 'Định danh điện tử' }
}

/** Where the parts meet: one object of everything, from which each part takes what its type names. Made anew when the signing keys change. */
export function makeApp(house: House, config: Config, { log, signing, later, healthNotes, times, problemNotes, keySetNotes, known, gate, line, refusals, demoPortal, variant, sandbox, ready = readiness(house) }: Options): App {
  const { keyring, rules, clock } = house
  const clients = knownClients({ clients: house.clients, clock, builtIn: [ownPages(`${config.issuer}${places.entered}`), ownApi(apiIdentifier(config.issuer))], certificates: config.mutualTls !== undefined })
  const recorder = makeRecorder({ ...house, longest: rules.ttl.sessionAbsolute })
  const proxies = trustedProxies(config.trustedProxies)

  const common = {
    ...house,
    notices: makeNotices(house),
    log,
    issuer: config.issuer,
    outboundAllow: config.outboundAllow,
    mutualTls: config.mutualTls,
    throughProxy: (request: IncomingMessage) => cameThrough(proxies, request),
    clients,
    recorder,
    catalogue: rules.scopes,
    best: withFaces(withHardwareKeys(rules.assurance.best, rules.authenticators.anchors), house.faceMatcher !== undefined),
    ttl: rules.ttl,
    authenticators: rules.authenticators,
    monthsRemembered: rules.consent.monthsRemembered,
    csrfKey: keyring.csrfKey,
    decoyKey: keyring.decoyKey,
    rp: rpOf(config),
    trying: variant !== undefined,
    healthNotes, problemNotes,
  }
  const cookies = { cookieName: variant?.cookieName ?? 'eid' as const, cookieSigner: makeCookieSigner(keyring.cookieKeys) }
  const pages = makeProviderPages(common)
  const provider = makeProvider({
    ...common, ...cookies,
    registration: variant?.registration,
    jwks: signing.jwks, pages,
    dpopNonceSecret: keyring.dpopNonceSecret,
    subjectStore: house.subjects,
    subjects: pairwiseSubjects({ subjects: house.subjects, pairwiseKey: keyring.pairwiseKey }),
  })
  const published = new Map<string, Published>()
  surround(provider, { ...common, pages, published, around: variant?.around ?? [] })
  const protocol = provider.callback()

  const listener = makeListener({
    ...common,
    plane: config.plane,
    interactions: makeInteractions({ ...common, provider: () => provider }),
    reply: makeReply({ ...common, provider: () => provider }),
    sessions: makeSessions({ ...common, provider: () => provider }),
    codes: house.contactCodes,
    rules: rules.enrolment,
    ...toolsOfOfficers(house, config, signing),
    later, times, gate, line, refusals, signInShown: signInShown({ ...cookies, issuer: config.issuer, clock }), known,
    demoPortal, sandbox, connectionRules: rules.connection, recoveryRules: rules.recovery,
    protocol: () => protocol,
    ...differences(variant, published), ...watched(variant, provider, keySetNotes),
    ...ready,
    explain,
    trustedProxies: config.trustedProxies,
    proxyHeaders: [config.mutualTls?.header, config.mutualTls?.verdictHeader].flatMap((name) => name ?? []),
    production: config.production,
  })
  return { listener, provider, courier: courierOf(house, provider) }
}

function courierOf(house: House, provider: Provider): Courier {
  const lockTools = { ...house, recoveryRules: house.rules.recovery }
  return makeCourier({ ...house, provider, ...makeLetters(house), tellHolder: makeHolderNotices(house), lockLost: (account, how) => lockLost(lockTools, account, how) })
}

/** In what the web of the sandbox is another than that of the live server. What a fault changes is not the same for everybody, so it is never kept. */
function differences(variant: Variant | undefined, published: ReadonlyMap<string, Published>) {
  return {
    published: (path: string) => (variant === undefined ? published.get(path) : undefined),
    more: variant?.routes ?? [],
    leftOut: variant?.leftOut ?? [],
    offers: variant?.offers,
    deadlines: variant?.deadlines ?? deadlines,
    paced: variant?.paced ?? new Map(),
    forPrograms: variant?.forPrograms ?? [],
  }
}

/** Who fetches the keys of the sandbox is nobody's concern: faults change them all the time. */
function watched(variant: Variant | undefined, provider: Provider, keySetNotes: KeySetNotes): Pick<WebTools, 'keySetNotes' | 'provedIn'> {
  return variant === undefined ? { keySetNotes, provedIn: provedIn(provider) } : {}
}

/** Whoever changes clients looks at what is stored, and not at what this process remembers. */
function toolsOfOfficers({ clients, rules, keyChanges, keyNodes, volatile, clock }: House, { issuer, outboundAllow, mutualTls, attestedStaff, sandbox }: Config, { jwks, held, published: keys }: Signing) {
  const callable = { allowLocal: new URL(issuer).hostname === 'localhost', outboundAllow }
  const readEntry = entryReader({ clients, ours: [issuer, ...(sandbox ? [sandbox.issuer] : [])], rules: callable, catalogue: rules.scopes, jwks, mutualTls })
  return {
    attestedStaff, clientStore: clients, readEntry, callable, apiTokens: apiTokens({ issuer, audience: apiIdentifier(issuer), keys, claim: volatile.claim, clock }),
    signingKeys: { ...keyChanges, ...keyNodes, held }, keyRules: rules.keys,
  }
}

type Around = Pick<Parameters<typeof makeProvider>[0], 'log' | 'clock' | 'healthNotes' | 'mutualTls' | 'throughProxy'> & { problemNotes: ProblemNotes; recorder: Recorder; pages: ReturnType<typeof makeProviderPages>; published: Map<string, Published>; around: readonly Middleware[] }

/** What stands around the library's answers, and what it tells aside: bugs, reasons, what was revoked, and where sessions begin. */
function surround(provider: Provider, { log, recorder, pages, published, around, ...tools }: Around): void {
  provider.use(askForTheCode)
  provider.use(respondSafely({ log, recorder, pages, published, problemNotes: tools.problemNotes, clock: tools.clock }))
  for (const layer of around) provider.use(layer)
  logProvider(provider, log)
  hearRefusals(provider)
  recordRevocations(provider, recorder)
  recordSessions(provider, recorder)
  noteHealth(provider, { clock: tools.clock, health: tools.healthNotes, presented: presentedBy(tools.mutualTls, tools.throughProxy) })
}
