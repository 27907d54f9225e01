import type { Person } from '#domain/registry/person.ts'
import type { Dice } from './dice.ts'
import { residence } from './places.ts'

type Relation = Person['relations'][number]
type Tie = { kind: Relation['kind']; to: Person }

const related = ({ kind, to }: Tie): Relation => ({
  kind,
  name: to.name,
  number: to.number,
  ...(to.oldNumber !== undefined && { oldNumber: to.oldNumber }),
  ...(to.nationality[0] !== undefined && { nationality: to.nationality[0] }),
})

/** Those who live together; the first is the head. */
export type Household = { head: Person; spouse?: Person; children: readonly Person[] }

function ties(of: Person, { head, spouse, children }: Household): readonly Tie[] {
  const parents = spouse === undefined ? [head] : [head, spouse]
  if (children.includes(of)) return parents.map((to) => ({ kind: to.sex === 'male' ? 'father' : 'mother', to }))
  const partner = parents.find((parent) => parent !== of)
  const own: Tie[] = children.map((to) => ({ kind: 'child', to }))
  return partner === undefined ? own : [{ kind: 'spouse', to: partner }, ...own]
}

function titleOf(person: Person, { head, spouse }: Household): string {
  if (person === head) return 'Chủ hộ'
  if (person !== spouse) return 'Con'
  return person.sex === 'female' ? 'Vợ' : 'Chồng'
}

function maritalStatus(by: Dice, person: Person, { head, spouse, children }: Household): Person['maritalStatus'] {
  if (children.includes(person)) return 'single'
  const partner = person === head ? spouse : head
  if (partner !== undefined) return partner.life.status === 'deceased' ? 'widowed' : 'married'
  return children.length === 0 && by.chance(0.8) ? 'single' : by.pick(['divorced', 'widowed'] as const)
}

/** Gives a household its address, its ties and its page in the residence file: items 15–18 and 20–23 of the register. */
export function settled(by: Dice, household: Household): readonly Person[] {
  const { head, spouse, children } = household
  const members = [head, ...(spouse === undefined ? [] : [spouse]), ...children]
  const home = residence(by)
  const elsewhere = by.chance(0.12) ? residence(by) : undefined
  const file = `HS${String(by.below(100_000_000)).padStart(8, '0')}`
  const page = members.map((person) => ({ name: person.name, number: person.number, relation: titleOf(person, household) }))
  return members.map((person) => ({
    ...person,
    relations: ties(person, household).map(related),
    ...(person.kind === 'foreigner' ? { temporaryResidence: home } : { permanentResidence: home, residenceFile: file }),
    ...(person.kind !== 'foreigner' && elsewhere !== undefined && { temporaryResidence: elsewhere, temporaryAbsence: 'Tạm vắng' }),
    currentResidence: person.kind === 'foreigner' ? home : elsewhere ?? home,
    ...withStatus(maritalStatus(by, person, household)),
    householdRelation: titleOf(person, household),
    household: page.filter(({ number }) => number !== person.number),
  }))
}

const withStatus = (status: Person['maritalStatus']) => (status === undefined ? {} : { maritalStatus: status })
