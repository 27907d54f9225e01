import type { Fault } from '#domain/sandbox/fault.ts'

/**
 * How a try must end. `told`: the person is not signed in, and the service says so in a page of its own. `clean`: either way, but not in a crash.
 * `taken` and `rejected` are what a program answers to a logout token: 200, or 204 as some frameworks have it, and 400 (Back-Channel Logout §2.8).
 */
export type Wanted = 'signed-in' | 'refused' | 'told' | 'clean' | 'taken' | 'rejected'

/** What is wrong with a logout token, and nothing else with it. */
export type LogoutLie = 'foreign-key' | 'unsigned' | 'aud' | 'event' | 'nonce'

/** How the runner goes about it: a sign-in from beginning to end, one answer in two browsers, one answer twice, or a logout token. */
export type Manner = 'sign-in' | 'other-browser' | 'twice' | 'logout'

type Test = { manner: Manner; wants: Wanted; fault?: Fault; lie?: LogoutLie; /** The same logout token comes once more. */ again?: true }

/**
 * What a service shows before it goes live (docs/relying-parties/going-live.md): it signs in where all is well, and nowhere else. In this
 * order, for the first tells what a success looks like, and the key changes when programs have read the old ones.
 */
export const selfTests = {
  'signs-in': { manner: 'sign-in', wants: 'signed-in' },
  /** RFC 9207 §2.4. */
  'answer-iss': { manner: 'sign-in', fault: 'answer-iss', wants: 'refused' },
  /** RFC 9700 §4.7: an answer counts in the browser that asked. */
  'other-browser': { manner: 'other-browser', wants: 'refused' },
  'second-use': { manner: 'twice', wants: 'refused' },
  'access-denied': { manner: 'sign-in', fault: 'access-denied', wants: 'told' },
  'expired-code': { manner: 'sign-in', fault: 'expired-code', wants: 'refused' },
  /** RFC 6749 §4.1.2, §5.2: what came of a code that was used already. */
  'code-used': { manner: 'sign-in', fault: 'code-used', wants: 'told' },
  /** From here on OIDC Core §3.1.3.7. */
  iss: { manner: 'sign-in', fault: 'iss', wants: 'refused' },
  aud: { manner: 'sign-in', fault: 'aud', wants: 'refused' },
  nonce: { manner: 'sign-in', fault: 'nonce', wants: 'refused' },
  expired: { manner: 'sign-in', fault: 'expired', wants: 'refused' },
  acr: { manner: 'sign-in', fault: 'acr', wants: 'refused' },
  unsigned: { manner: 'sign-in', fault: 'unsigned', wants: 'refused' },
  'foreign-key': { manner: 'sign-in', fault: 'foreign-key', wants: 'refused' },
  /** Where several keys are published a token has to say which (OIDC Core §10.1): to refuse it is right, and so is to try them. */
  'no-kid': { manner: 'sign-in', fault: 'no-kid', wants: 'clean' },
  'rotated-key': { manner: 'sign-in', fault: 'rotated-key', wants: 'signed-in' },
  /** Our security events: logout tokens (RFC 8417), by Back-Channel Logout §2.6. */
  'logout-forged': { manner: 'logout', lie: 'foreign-key', wants: 'rejected' },
  'logout-unsigned': { manner: 'logout', lie: 'unsigned', wants: 'rejected' },
  'logout-aud': { manner: 'logout', lie: 'aud', wants: 'rejected' },
  'logout-event': { manner: 'logout', lie: 'event', wants: 'rejected' },
  'logout-nonce': { manner: 'logout', lie: 'nonce', wants: 'rejected' },
  logout: { manner: 'logout', wants: 'taken' },
  /** The standard leaves this one open (§2.6); whoever keeps a logout may sign people out with it for two minutes, so we ask for it. */
  'logout-replayed': { manner: 'logout', again: true, wants: 'rejected' },
  /** Whether a success looks the same after all of this; otherwise nothing was told apart. */
  'signs-in-again': { manner: 'sign-in', wants: 'signed-in' },
} as const satisfies Record<string, Test>

export type SelfTestName = keyof typeof selfTests
const isName = (name: string): name is SelfTestName => Object.hasOwn(selfTests, name)
export const selfTestNames: readonly SelfTestName[] = Object.keys(selfTests).filter(isName)
export const selfTest = (name: SelfTestName): Test => selfTests[name]
export const logoutTestNames: readonly SelfTestName[] = selfTestNames.filter((name) => selfTest(name).manner === 'logout')

/** Why a try came to no end that says anything. */
export const stops = [
  'private-address', 'unreachable', 'too-slow', 'too-large', 'too-many-redirects', 'led-elsewhere', 'no-request', 'refused-here', 'no-redirect',
] as const
export type Stopped = (typeof stops)[number]

/** Where the browser stood at last, and what it was answered there. */
export type End = { place: string; status: number } | { stopped: Stopped }

export type Saw = 'signed-in' | 'refused' | 'crashed' | Stopped | 'left-out'
export type Result = { test: SelfTestName; passed: boolean; saw: Saw; status?: number | undefined }

/**
 * What a try shows. Signed in is who ends where the good sign-in ended, with a status below 400; who is led elsewhere, or told 400 and
 * more, is refused.
 */
export function judge(test: SelfTestName, end: End, good: End | undefined): Result {
  const { wants, manner } = selfTest(test)
  if ('stopped' in end) return { test, passed: false, saw: end.stopped }
  const { status } = end
  const isGood = good === undefined || manner === 'logout' || ('place' in good && good.place === end.place)
  const saw = status >= 500 ? 'crashed' : status < 400 && isGood ? 'signed-in' : 'refused'
  return { test, passed: fits[wants](saw, status), saw, status }
}

const fits: Readonly<Record<Wanted, (saw: 'signed-in' | 'refused' | 'crashed', status: number) => boolean>> = {
  'signed-in': (saw) => saw === 'signed-in',
  // Not handsome, but nobody is in.
  refused: (saw) => saw !== 'signed-in',
  told: (saw) => saw === 'refused',
  clean: (saw) => saw !== 'crashed',
  taken: (_, status) => status === 200 || status === 204,
  rejected: (_, status) => status === 400,
}
