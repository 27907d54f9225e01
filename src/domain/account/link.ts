import type { AccountId, ClientId, Sector } from '#kernel/id.ts'
import { dayInVietnam, type Clock, type Day } from '#kernel/clock.ts'
import type { ProblemCode } from '#kernel/problem.ts'
import type { AuditLog } from '#domain/audit/event.ts'
import { standing } from './account.ts'
import type { AccountWithLife, SubjectStore } from './store.ts'

/**
 * What a service may know of an account that it links to its own (Decree 69/2024 Art 40.9 as of Decree 320/2026): whether it can still be
 * signed in with. `locked` may come back, `closed` does not. Why, it is not told.
 */
export const linkStatuses = ['linked', 'locked', 'closed', 'unknown'] as const
export type LinkStatus = (typeof linkStatuses)[number]

const said: Partial<Record<ProblemCode, LinkStatus>> = { 'account.locked': 'locked', 'account.expired': 'locked' }

export function linkStatusOf(found: AccountWithLife | undefined, today: Day): LinkStatus {
  if (found === undefined) return 'unknown'
  const stands = standing(found.account, found.life, today)
  return stands.is === 'usable' ? 'linked' : (said[stands.problem] ?? 'closed')
}

/** So many subjects at most are asked about at once. */
export const mostSubjects = 100_000
/** Subjects as we make them, and as older systems may have handed them over. */
const subject = /^[A-Za-z0-9_-]{1,255}$/

/**
 * The subjects of a file, one a line; a first line `sub` is a heading. The fault is what is wrong with the file: a line that can be no
 * subject, by its number, or too many of them.
 */
export function readSubjects(text: string): { subjects: readonly string[] } | { fault: { line: number } | 'too-many' } {
  const lines = text.replace(/^\uFEFF/, '').split(/\r\n|\n|\r/).map((line) => line.trim().replace(/^"(.*)"$/, '$1'))
  const subjects = lines.slice(lines[0]?.toLowerCase() === 'sub' ? 1 : 0).filter((line) => line !== '')
  if (subjects.length > mostSubjects) return { fault: 'too-many' }
  const wrong = lines.findIndex((line) => line !== '' && !subject.test(line))
  return wrong < 0 ? { subjects } : { fault: { line: wrong + 1 } }
}

type Tools = { subjects: Pick<SubjectStore, 'accountsOf'>; audit: AuditLog; clock: Clock }
type Asked = { client: ClientId; sector: Sector; by: AccountId | 'operator'; subjects: readonly string[] }

const atOnce = 2000

/** Answers for each subject, in the order asked, once it is on record that and how many were asked about. Those of another sector are unknown. */
export async function reportLinks({ subjects: store, audit, clock }: Tools, { client, sector, by, subjects }: Asked): Promise<readonly (readonly [string, LinkStatus])[]> {
  const today = dayInVietnam(clock.now())
  const rows: (readonly [string, LinkStatus])[] = []
  for (let at = 0; at < subjects.length; at += atOnce) {
    const piece = subjects.slice(at, at + atOnce)
    const found = await store.accountsOf(piece, sector)
    rows.push(...piece.map((sub) => [sub, linkStatusOf(found.get(sub), today)] as const))
  }
  const count = (status: LinkStatus) => rows.filter(([, is]) => is === status).length
  await audit.append({ type: 'links.reported', client, by, linked: count('linked'), locked: count('locked'), closed: count('closed'), unknown: count('unknown') })
  return rows
}

/** As a file for programs: no quotes are needed, for a subject has none of the signs that want them. */
export function linkFile(rows: readonly (readonly [string, LinkStatus])[]): string {
  return ['sub,status', ...rows.map((row) => row.join(','))].map((line) => `${line}\r\n`).join('')
}
