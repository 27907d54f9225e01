import { sql } from 'kysely'
import { newId, type AccountId } from '#kernel/id.ts'
import type { ChipReason } from '#domain/chip/reason.ts'
import type { Person } from '#domain/registry/person.ts'
import { postReading, type SimulatedCard } from '#cli/chip-simulate.ts'
import { groupsFor, makeCountry, signGroups, type Country } from '#chip/synthetic/card.ts'
import { makeChip } from '#chip/synthetic/chip.ts'
import { trustOf } from '#chip/synthetic/kept.ts'
import { readerRoot } from '#web/place/program.ts'
import { allDay, inDays, inFourWeeks } from './officers.ts'
import type { TestServer } from './running.ts'

/** A country that one server believes, and that file as its environment names it. */
export function trustedCountry(): { country: Country; env: Record<string, string>; files: Record<string, string> } {
  const country = makeCountry({ at: new Date() })
  return { country, env: { CHIP_TRUST_FILE: '/chip-trust' }, files: { '/chip-trust': trustOf(country) } }
}

type Wish = { country: Country; chip?: Parameters<typeof makeChip>[0]; expiresOn?: string }

/** The card of somebody of the population, with a chip of its own. */
export function cardOf(person: Person, { country, chip: wish = { active: { curve: 'brainpoolP256r1' } }, expiresOn = inDays(2000) }: Wish): SimulatedCard {
  const chip = makeChip(wish)
  const groups = new Map([...groupsFor({ ...person, issuedOn: '2022-01-31', expiresOn }), ...chip.groups])
  return { chip, files: { sod: signGroups(groups, country, { at: new Date() }), groups }, trustFile: '' }
}

/** Reads a card as a reader at the desk does, with the code of its officer. Throws where the server does not take it. */
export const readAt = (issuer: string, card: SimulatedCard, code: string): Promise<unknown> => postReading(card, `${issuer}${readerRoot}`, code)

type Doubted = { person: Person; officer: AccountId; reason?: ChipReason; /** Of an application that is there; of one that is decided otherwise. */ application?: string }

/** What a reading leaves that speaks against somebody's card, as if a reader had been at a desk. */
export async function aDoubt({ house: { database, registry } }: TestServer, { person, officer, reason = 'sod.signature', application }: Doubted): Promise<{ reading: string; reference: string }> {
  const [reading, id, found] = [newId(), application ?? newId(), await registry.findByNumber(person.number)]
  if (found === undefined) throw new Error('the registry does not know this person')
  const reference = id.slice(-9)
  if (application === undefined) {
    await database.change(sql`
      insert into desk_application (id, reference, purpose, person_id, account_id, case_number, officer, grant_id, desk, commune, state, refusal, received_at, worked_at, decided_at, due_on)
      values (${id}, ${reference}, 'level-2', ${found.id}, ${newId()}, 'HS-0', ${officer}, ${newId()}, ${allDay.desk}, ${allDay.commune}, 'refused', 'card-doubtful', now(), now(), now(), ${inFourWeeks})`)
  }
  await database.change(sql`insert into desk_reading (id, application_id, officer, at, reason, part) values (${reading}, ${id}, ${officer}, now(), ${reason}, 'sod')`)
  return { reading, reference }
}
