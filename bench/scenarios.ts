import { makeVisitor } from '#test/support/visitor.ts'
import type { Visitor } from '#test/support/visitor.ts'
import type { Checks, RelyingParty, SignedIn } from '#test/support/relying-party.ts'
import { redirectUri, scope } from './client.ts'
import type { Target } from './target.ts'

/** One thing that is measured. `stock` prepares, outside the measure, what that many operations will use up. */
export type Scenario = {
  name: string
  /** The first aim, in CPU milliseconds (docs/bench.md). */
  aim?: number
  stock?: (operations: number) => Promise<void>
  act: (user: number) => Promise<void>
}

const leaveAt = (url: URL) => url.href.startsWith(redirectUri)

/** Signs in from nothing, as a browser that has never been there: PAR, authorize, passkey, consent remembered, code, token. */
async function signIn(target: Target, party: RelyingParty, user: number): Promise<{ visitor: Visitor; signedIn: SignedIn }> {
  const visitor = makeVisitor({ leaveAt })
  const { url, checks } = await party.begin({ scope })
  const end = await target.pass(visitor, await visitor.open(url), user)
  if (!leaveAt(end.url)) throw new Error(`the sign-in ended at ${end.url.pathname} with ${end.status}`)
  return { visitor, signedIn: await party.finish(end.url, checks) }
}

/** A code from a session that is already there. */
async function codeFrom(visitor: Visitor, party: RelyingParty): Promise<{ answer: URL; checks: Checks }> {
  const { url, checks } = await party.begin({ scope })
  const { url: answer } = await visitor.open(url)
  if (!answer.searchParams.has('code')) throw new Error(`no code: ${answer.pathname}${answer.search}`)
  return { answer, checks }
}

async function read(url: string): Promise<void> {
  const response = await fetch(url)
  await response.arrayBuffer()
  if (!response.ok) throw new Error(`${url}: ${response.status}`)
}

/** Each scenario against one target; `users` sessions are made on first need and kept. */
export function scenariosOf(target: Target, party: RelyingParty, users: number): readonly Scenario[] {
  const sessions = new Map<number, Promise<{ visitor: Visitor; signedIn: SignedIn }>>()
  const sessionOf = (user: number) => {
    const known = sessions.get(user) ?? signIn(target, party, user)
    sessions.set(user, known)
    return known
  }
  const openSessions = async () => void (await Promise.all(Array.from({ length: users }, (_, user) => sessionOf(user))))
  const codes: { answer: URL; checks: Checks }[] = []
  const jwks = party.config.serverMetadata().jwks_uri ?? ''

  return [
    {
      name: 'whole sign-in',
      aim: 8,
      act: async (user) => void (await party.userinfo((await signIn(target, party, user)).signedIn)),
    },
    {
      name: 'single sign-on, to the code',
      stock: openSessions,
      act: async (user) => void (await codeFrom((await sessionOf(user)).visitor, party)),
    },
    {
      name: 'token',
      aim: 2,
      stock: async (operations) => {
        await openSessions()
        codes.length = 0
        const share = async (user: number) => {
          const { visitor } = await sessionOf(user)
          for (let made = user; made < operations; made += users) codes.push(await codeFrom(visitor, party))
        }
        await Promise.all(Array.from({ length: users }, (_, user) => share(user)))
      },
      act: async () => {
        const code = codes.pop()
        if (!code) throw new Error('out of codes')
        await party.finish(code.answer, code.checks)
      },
    },
    { name: 'PAR, private_key_jwt', act: async () => void (await party.begin({ scope })) },
    {
      name: 'UserInfo',
      aim: 0.6,
      stock: openSessions,
      act: async (user) => void (await party.userinfo((await sessionOf(user)).signedIn)),
    },
    { name: 'discovery', aim: 0.04, act: () => read(`${target.origin}/.well-known/openid-configuration`) },
    { name: 'JWKS', aim: 0.04, act: () => read(jwks) },
  ]
}
