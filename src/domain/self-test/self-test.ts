import type { Fault } from '#domain/sandbox/fault.ts'

/** How a try must end. `told`: the person is not signed in, and the service says so in a page of its own. `clean`: either way, but not in a crash. */
export type Wanted = 'signed-in' | 'refused' | 'told' | 'clean'

/** How the runner goes about it: a sign-in from beginning to end, one answer in two browsers, one answer twice, or a logout token. */
export type Manner = 'sign-in' | 'other-browser' | 'twice' | 'logout'

type Test = { manner: Manner; wants: Wanted; fault?: Fault; /** The token of a logout is signed by a key that is not ours. */ forged?: true }

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
  /** Back-Channel Logout §2.6, §2.8. */
  'logout-forged': { manner: 'logout', forged: true, wants: 'refused' },
  logout: { manner: 'logout', wants: 'signed-in' },
  /** Whether a success looks the same after all of this; otherwise nothing was told apart. */
  'signs-in-again': { manner: 'sign-in', wants: 'signed-in' },
} as const satisfies Record<string, Test>

export type SelfTestName = keyof typeof selfTests
const isName = (name: string): name is SelfTestName => Object.hasOwn(selfTests, name)
export const selfTestNames: readonly SelfTestName[] = Object.keys(selfTests).filter(isName)
export const selfTest = (name: SelfTestName): Test => selfTests[name]

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
  return { test, passed: fits[wants](saw), saw, status }
}

const fits: Readonly<Record<Wanted, (saw: 'signed-in' | 'refused' | 'crashed') => boolean>> = {
  'signed-in': (saw) => saw === 'signed-in',
  // Not handsome, but nobody is in.
  refused: (saw) => saw !== 'signed-in',
  told: (saw) => saw === 'refused',
  clean: (saw) => saw !== 'crashed',
}
