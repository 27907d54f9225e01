import type { Office } from '#domain/notice/office.ts'
import type { Officer } from '#domain/officer/officer.ts'
import { may } from '#domain/officer/permission.ts'
import { onShift, type Post } from '#domain/officer/post.ts'
import type { Person } from '#domain/registry/person.ts'
import type { Station } from './application.ts'
import { deskRules, type DeskRules } from './rules.ts'

export type Duty = { is: 'on'; station: Station } | { is: 'off'; posts: readonly Post[] }

/** At which desk this officer works now; outside of every shift of theirs at none, and the posts say when. */
export function dutyOf({ account, roles }: Officer, now: Date): Duty {
  const grants = roles.filter((grant) => may([grant], 'desk.work', {}, now))
  const posts = grants.flatMap(({ post }) => post ?? [])
  const grant = grants.find(({ post }) => post !== undefined && onShift(post, now))
  if (grant?.post === undefined) return { is: 'off', posts }
  const { desk, commune, badge } = grant.post
  return { is: 'on', station: { officer: account, grant: grant.id, desk, commune, badge } }
}

/** Whether a desk is one of the immigration authority, which serves foreigners and nobody else (Decree 69/2024 Art 11.2; `config/desk.json`). */
export function isImmigration({ commune }: Pick<Station, 'commune'>, { immigration }: Pick<DeskRules, 'immigration'> = deskRules): boolean {
  const place = commune.normalize('NFC').toLowerCase()
  return immigration.offices.some((office) => place.startsWith(office.normalize('NFC')))
}

/** Whose desk it is. */
export const officeAt = (station: Pick<Station, 'commune'>): Office => (isImmigration(station) ? 'immigration' : 'commune')

type Kin = Pick<Person, 'number' | 'relations' | 'household'>

/** Whether the registry knows these two as of one family or one household: an officer who serves their own is looked at (A04). */
export function areRelated(one: Kin, other: Kin): boolean {
  const names = (kin: Kin, number: string) => [...kin.relations, ...kin.household].some((relative) => relative.number === number)
  return names(one, other.number) || names(other, one.number)
}
