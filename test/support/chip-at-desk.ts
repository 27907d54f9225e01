import type { Person } from '#domain/registry/person.ts'
import { postReading, type SimulatedCard } from '#cli/chip-simulate.ts'
import { groupsFor, makeCountry, signGroups, type Country } from '#chip/synthetic/card.ts'
import { makeChip } from '#chip/synthetic/chip.ts'
import { trustOf } from '#chip/synthetic/kept.ts'
import { readerRoot } from '#web/places.ts'
import { inDays } from './officers.ts'

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
