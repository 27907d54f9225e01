import { z } from 'zod'
import { dayInVietnam } from '#kernel/clock.ts'
import type { Client } from '#domain/client/client.ts'
import { profileRules } from '#domain/client/profile.ts'
import { isFresh, isGreen, type Report } from '#domain/self-test/report.ts'

/** `look`: nothing is wrong as far as a program can tell, and a person has to look. `none`: it does not apply. */
export const outcomes = ['yes', 'no', 'look', 'none'] as const
export type Outcome = (typeof outcomes)[number]

/** What is known of a request when it is looked at. */
export type Facts = {
  client: Client
  selfTest: Pick<Report, 'finishedAt' | 'results'> | undefined
  /** When the self-test had to be fresh. */
  at: Date
  selfTestDays: number
}

/** Level 3 and more for systems of bodies that connect directly (Decree 69/2024 Art 18). */
const leastSecurity = 3

const holds = (yes: boolean): Outcome => (yes ? 'yes' : 'no')

/** What stands between a request and the live server, each row a question with its answer. */
const rows = {
  'self-test': ({ client: { registered: { backchannel_logout_uri: logout } }, selfTest, at, selfTestDays }) =>
    holds(selfTest !== undefined && isGreen(selfTest, { toldOfLogouts: logout !== undefined }) && isFresh(selfTest, at, selfTestDays)),
  agreement: ({ client: { own: { agreement } }, at }) => holds(agreement !== undefined && agreement.ends_on >= dayInVietnam(at)),
  'security-level': ({ client: { own: { security_level: level, relying_party_class: of } } }) =>
    (of === 'B' && level === undefined ? 'none' : holds((level ?? 0) >= (of === 'A' ? leastSecurity : 1))),
  // Of others than public bodies the law asks for consent each time (Art 19.3): a legal basis is then the exception.
  'legal-basis': ({ client: { own: { purposes, relying_party_class: of } } }) => {
    if (purposes.length === 0) return 'no'
    return of === 'B' && purposes.some(({ basis }) => basis === 'law') ? 'look' : 'yes'
  },
  'redirect-hosts': ({ client }) => hosts(client),
  contacts: ({ client: { registered: { contacts = [] } } }) => holds(contacts.length > 0 && contacts.every((one) => z.email().safeParse(one).success)),
  // What is no image at an https address is no client's logo (`logo.ts`).
  logo: ({ client: { registered: { logo_uri: logo } } }) => (logo === undefined ? 'none' : 'yes'),
  // What ends on a day is for programs that can do no better; that it is one, a person judges.
  profile: ({ client: { own: { profile } } }) => (profileRules[profile].ends ? 'look' : 'yes'),
} as const satisfies Record<string, (facts: Facts) => Outcome>

export type CheckName = keyof typeof rows
const isName = (name: string): name is CheckName => Object.hasOwn(rows, name)
export const checkNames: readonly CheckName[] = Object.keys(rows).filter(isName)
export type Checklist = Readonly<Record<CheckName, Outcome>>

const one = z.enum(outcomes)
export const checklist: z.ZodType<Checklist> = z.strictObject({
  'self-test': one, agreement: one, 'security-level': one, 'legal-basis': one, 'redirect-hosts': one, contacts: one, logo: one, profile: one,
})

export function checkAll(facts: Facts): Checklist {
  return checklist.parse(Object.fromEntries(checkNames.map((name) => [name, rows[name](facts)])))
}

/** Nothing in the way that a program can see. */
export const isReady = (list: Checklist): boolean => checkNames.every((name) => list[name] !== 'no')

/** Every host is the organisation's: its sector where that is the name of a domain, which people compare otherwise. */
function hosts({ own: { sector }, registered: { redirect_uris: uris, post_logout_redirect_uris: others } }: Client): Outcome {
  const urls = [...uris, ...others].map((uri) => new URL(uri))
  if (urls.length === 0 || urls.some(({ protocol }) => protocol !== 'https:')) return 'no'
  if (!sector.includes('.')) return 'look'
  return holds(urls.every(({ hostname }) => hostname === sector || hostname.endsWith(`.${sector}`)))
}
