import { dayInVietnam } from '#kernel/clock.ts'
import type { AccountId } from '#kernel/id.ts'
import type { Agency } from '#domain/client/client.ts'
import { longestDays } from '#domain/officer/role.ts'

/**
 * What is wrong with whom a program is to act for. Only they themselves propose it, and each later change of it: whoever could put in
 * another key would have their roles. The wish is looked at when it is made and when it takes effect.
 */
export function agencyFault(agency: Agency | undefined, proposer: AccountId, now: Date): string | undefined {
  if (agency === undefined) return undefined
  if (agency.officer !== proposer) return 'acts_for: is the officer who proposes it; nobody lends out the roles of another'
  const latest = dayInVietnam(new Date(now.getTime() + longestDays * 86_400_000))
  return agency.until < dayInVietnam(now) || agency.until > latest ? `acts_for: ends within a year, by ${latest}` : undefined
}
