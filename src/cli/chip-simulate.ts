import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { dayInVietnam } from '#kernel/clock.ts'
import { Refusal } from '#kernel/refusal.ts'
import { answerBody, askedSchema, filesBody } from '#domain/chip/body.ts'
import type { ChipFiles } from '#domain/chip/reading.ts'
import { people } from '#domain/registry/synthetic.ts'
import { groupsFor, makeCountry, signGroups, type CardOf, type Country } from '#chip/synthetic/card.ts'
import { makeChip, type ChipWish, type SyntheticChip } from '#chip/synthetic/chip.ts'
import { countryFrom, keepCountry, trustOf } from '#chip/synthetic/kept.ts'
import { readPrivate } from '#keys/private-file.ts'
import { writeOnce } from '#keys/write-once.ts'

export type SimulatedCard = { chip: SyntheticChip; files: ChipFiles; trustFile: string }

/** What a chip can prove that it is no copy with. */
export const chipKinds = { signs: { active: { curve: 'brainpoolP256r1' } }, agrees: { agreement: { curve: 'brainpoolP256r1', cipher: 2 } } } as const satisfies Record<string, ChipWish>
export type ChipKind = keyof typeof chipKinds

const party = z.strictObject({ name: z.string(), privateKey: z.string() })
const kept = z.strictObject({ authority: party, authorityCertificate: z.string(), signer: party, signerSerial: z.int(), signerCertificate: z.string() })

/** A card for the first grown synthetic person of a seed, or the one of a number, by the synthetic country of a folder; the country is made where there is none. */
export async function simulateCard({ folder, seed, number, kind, at }: { folder: string; seed: string; number?: string | undefined; kind: ChipKind; at: Date }): Promise<SimulatedCard> {
  const country = await countryIn(folder, at)
  const trustFile = join(folder, 'trust.pem')
  await writeFile(trustFile, trustOf(country))
  const chip = makeChip(chipKinds[kind])
  const groups = new Map([...groupsFor(cardOf({ seed, number }, at)), ...chip.groups])
  return { chip, files: { sod: signGroups(groups, country, { at }), groups }, trustFile }
}

async function countryIn(folder: string, at: Date): Promise<Country> {
  const file = join(folder, 'country.json')
  await mkdir(folder, { recursive: true })
  if (await readPrivate(file) === undefined) await writeOnce(file, `${JSON.stringify(keepCountry(makeCountry({ at })))}\n`)
  // Of two that made one at the same moment, both take what is there.
  const found = kept.safeParse(parsed(await readPrivate(file) ?? ''))
  if (!found.success) throw new Refusal(`${file} holds no synthetic country: remove it, and it is made anew.`)
  return countryFrom(found.data, at)
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** As many people as it takes to find one with a card that is in force, and as `npm start` makes. */
const enough = { first: 500, named: 10_000 }

function cardOf({ seed, number }: { seed: string; number: string | undefined }, at: Date): CardOf {
  const today = dayInVietnam(at)
  for (const { card, ...person } of people({ people: number === undefined ? enough.first : enough.named, seed })) {
    if (number !== undefined && person.number !== number) continue
    if (card?.kind !== 'can-cuoc' || card.expiresOn === undefined || card.expiresOn < today || person.birthDate.length < 10) continue
    return { ...person, issuedOn: card.issuedOn, expiresOn: card.expiresOn }
  }
  throw new Refusal(number === undefined ? 'None of the people of this seed has a card that is in force: take another seed.' : `Nobody of the people of this seed has the number ${number} and a card that is in force.`)
}

/** Reads the card to a server as a reader at a desk does (docs/chip.md); answers what the server said. */
export async function postReading({ chip, files }: SimulatedCard, base: string, token?: string): Promise<unknown> {
  if (!URL.canParse(base)) throw new Refusal(`${base} is not an address: say it as https://eid.example/…`)
  const dg14 = files.groups.get(14)?.toString('base64')
  const asked = askedSchema.safeParse(await post(`${base}/question`, { ...(dg14 !== undefined && { dg14 }) }, token))
  if (!asked.success) throw new Refusal(`${base}/question does not answer with a question: see docs/chip.md.`)
  const { reading, nonce, agreement } = asked.data
  const answer = agreement ? { agreed: chip.agree(agreement) } : { active: chip.signNonce(nonce) }
  return post(`${base}/reading`, { reading, ...filesBody(files), answer: answerBody(answer) }, token)
}

async function post(url: string, body: unknown, token: string | undefined): Promise<unknown> {
  try {
    const response = await fetch(url, {
      method: 'POST', redirect: 'error', signal: AbortSignal.timeout(10_000), body: JSON.stringify(body),
      headers: { 'content-type': 'application/json', ...(token !== undefined && { authorization: `Bearer ${token}` }) },
    })
    if (!response.ok) throw new Error(`it answers ${response.status}`)
    return await response.json()
  } catch (cause) {
    throw new Refusal(`${url} does not take the reading (${cause instanceof Error ? cause.message : 'no reason was given'}).`, { cause })
  }
}
