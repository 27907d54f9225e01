import { personalNumber } from '#domain/registry/person.ts'
import { checkDigit } from '#domain/chip/mrz.ts'
import { element, integer, oid, sequence, set, utf8 } from '#chip/encode.ts'
import { namedKey } from '#chip/public-key.ts'
import { detailsFor, zoneFor, type CardOf } from '#chip/synthetic/card.ts'
import { makeChip, type SyntheticChip } from '#chip/synthetic/chip.ts'
import { makeKey } from '#chip/synthetic/signing.ts'
import { card, makeWorld, regrouped, sodOver, type World } from './chip.ts'
import { sound, type Forgery } from './chip-forgery.ts'

const { country, files: { groups } } = sound

/** Data groups that the country has signed as they are, wrong as they are. */
function issued(changed: ReadonlyMap<number, Buffer>): (() => Partial<World>) {
  return () => ({ files: { groups: changed, sod: sodOver(country, changed) } })
}

/** Data groups that the country has not signed. */
const swapped = (group: number, file: Buffer | undefined) => ({ files }: World): Partial<World> => ({ files: { ...files, groups: regrouped(groups, group, file) } })

const zone = (text: string): Buffer => element(0x61, element(0x5f1f, Buffer.from(text, 'latin1')))
const withZone = (text: string) => issued(regrouped(groups, 1, zone(text)))
const withDetails = (details: Buffer) => issued(regrouped(groups, 13, details))
const detailsOf = (changes: Partial<CardOf>) => withDetails(detailsFor({ ...card, ...changes }))
/** Both halves of another person's card, so that they agree. */
const cardOf = (changes: Partial<CardOf>) => issued(new Map([...groups, [1, zone(zoneFor({ ...card, ...changes }))], [13, detailsFor({ ...card, ...changes })]]))

const lines = zoneFor(card)
const turned = (position: number): string => {
  const digit = (Number(lines[position]) + 1) % 10
  return lines.slice(0, position) + digit + lines.slice(position + 1)
}
/** The last digit covers the others, so it is made right again. */
function sealed(text: string): string {
  const second = text.slice(30)
  return text.slice(0, 59) + checkDigit(text.slice(5, 30) + second.slice(0, 7) + second.slice(8, 15) + second.slice(18, 29)) + text.slice(60)
}

/** DG14 with this key to agree with; it is asked before anybody knows who has signed it. */
const offering = (spki: Buffer): (() => Partial<World>) => issued(regrouped(groups, 14, element(0x6e, set(sequence(oid('0.4.0.127.0.7.2.2.1.2'), spki)))))

function hybrid(): Buffer {
  const point = makeKey({ curve: 'prime256v1' }).spki.subarray(-65)
  return namedKey('1.2.840.10045.3.1.7', Buffer.concat([Buffer.of(6 | (point.readUInt8(64) & 1)), point.subarray(1)]))
}

const other = personalNumber.parse('001190054321')
const nested = (depth: number): Buffer => (depth === 0 ? utf8('deep') : sequence(nested(depth - 1)))

/** A card of the same country with another chip. */
function chipped(chip: SyntheticChip, changes: Partial<World> = {}): (() => Partial<World>) {
  const { files, answer } = makeWorld({ country, chip })
  return () => ({ chip, files, answer, ...changes })
}
const signing = makeChip({ active: { curve: 'brainpoolP256r1' } })
const agreeing = makeChip({ agreement: { curve: 'brainpoolP256r1', cipher: 2 } })
const both = makeChip({ active: { rsa: 1024 }, agreement: { curve: 'prime256v1', cipher: 4 } })
const bothFiles = makeWorld({ country, chip: both }).files
const agreeingFiles = makeWorld({ country, chip: agreeing }).files
const stripped = regrouped(makeWorld({ country, chip: signing }).files.groups, 14, undefined)
const withoutKey = makeWorld({ country, chip: makeChip({}) }).files
const silent = () => ({})
const anothers = makeChip({ active: { rsa: 1024 } })

function flipped(bytes: Buffer, at: number): Buffer {
  const copy = Buffer.from(bytes)
  copy.writeUInt8(copy.readUInt8(at) ^ 1, at)
  return copy
}

export const cardForgeries: readonly Forgery[] = [
  { name: 'the zone is another card\'s', reason: 'data-group.changed', part: 'dg1', change: swapped(1, zone(zoneFor({ ...card, number: other }))) },
  { name: 'one bit of the picture is another', reason: 'data-group.changed', part: 'dg2', change: swapped(2, flipped(groups.get(2) ?? Buffer.alloc(1), 5)) },
  { name: 'the details are another card\'s', reason: 'data-group.changed', part: 'dg13', change: swapped(13, detailsFor({ ...card, name: 'Lê Văn Khác' })) },
  { name: 'the chip\'s key is another\'s', reason: 'data-group.changed', part: 'dg15', change: swapped(15, anothers.groups.get(15)) },
  { name: 'DG1 is missing', reason: 'data-group.missing', part: 'dg1', change: swapped(1, undefined) },
  { name: 'DG1 is missing where no group is required', reason: 'data-group.missing', part: 'dg1', change: (world) => ({ ...swapped(1, undefined)(world), rules: { ...world.rules, requiredGroups: [] } }) },
  { name: 'DG13 is missing', reason: 'data-group.missing', part: 'dg13', change: swapped(13, undefined) },
  { name: 'a data group was added', reason: 'data-group.unsigned', part: 'dg3', change: swapped(3, Buffer.of(0x63, 0)) },
  { name: 'the chip would agree with RSA', reason: 'key.unreadable', part: 'dg14', change: offering(makeKey({ rsa: 1024 }).spki) },
  { name: 'the chip would agree on the point at infinity', reason: 'key.unreadable', part: 'dg14', change: offering(namedKey('1.2.840.10045.3.1.7', Buffer.of(0))) },
  { name: 'the chip would agree on a point that is written in two ways at once', reason: 'key.unreadable', part: 'dg14', change: offering(hybrid()) },
  { name: 'the chip would agree on no point', reason: 'key.unreadable', part: 'dg14', change: offering(namedKey('1.2.840.10045.3.1.7', Buffer.alloc(65, 4))) },
  { name: 'a data group is too large', reason: 'file.too-large', part: 'dg1', change: (world) => ({ rules: { ...world.rules, largest: { ...world.rules.largest, dataGroup: 10 } }, answer: silent }) },
  { name: 'DG1 has something behind its end', reason: 'der.trailing', part: 'dg1', change: issued(regrouped(groups, 1, Buffer.concat([zone(lines), Buffer.of(0)]))) },
  { name: 'DG1 is DG13', reason: 'der.tag', part: 'dg1', change: issued(regrouped(groups, 1, groups.get(13))) },
  { name: 'DG13 is too deep', reason: 'der.nesting', part: 'dg13', change: withDetails(element(0x6d, nested(9))) },

  { name: 'the check digit of the document number is wrong', reason: 'mrz.check-digit', part: 'dg1', change: withZone(sealed(turned(14))) },
  { name: 'the check digit of the birth date is wrong', reason: 'mrz.check-digit', part: 'dg1', change: withZone(sealed(turned(36))) },
  { name: 'the check digit of the last day is wrong', reason: 'mrz.check-digit', part: 'dg1', change: withZone(sealed(turned(44))) },
  { name: 'the check digit of the personal number is wrong', reason: 'mrz.check-digit', part: 'dg1', change: withZone(sealed(turned(29))) },
  { name: 'the check digit over all is wrong', reason: 'mrz.check-digit', part: 'dg1', change: withZone(turned(59)) },
  { name: 'the zone is a line short', reason: 'mrz.malformed', part: 'dg1', change: withZone(lines.slice(0, 60)) },
  { name: 'the zone has small letters', reason: 'mrz.malformed', part: 'dg1', change: withZone(lines.toLowerCase()) },
  { name: 'the last day is no day', reason: 'mrz.malformed', part: 'dg1', change: withZone(`${lines.slice(0, 38)}309931${lines.slice(44)}`) },
  { name: 'the details have no name', reason: 'details.malformed', part: 'dg13', change: withDetails(element(0x6d, sequence(sequence(integer(1), utf8(card.number))))) },

  { name: 'zone and details have two numbers', reason: 'card.disagrees', change: detailsOf({ number: other }) },
  { name: 'zone and details have two birth dates', reason: 'card.disagrees', change: detailsOf({ birthDate: '1991-01-31' }) },
  { name: 'zone and details have two sexes', reason: 'card.disagrees', change: detailsOf({ sex: 'male' }) },
  { name: 'zone and details have two last days', reason: 'card.disagrees', change: detailsOf({ expiresOn: '2040-01-31' }) },
  { name: 'zone and details have two names', reason: 'card.disagrees', change: detailsOf({ name: 'Lê Văn Khác' }) },
  { name: 'the document number is not the end of the personal number', reason: 'card.disagrees', change: withZone(sealed(`${lines.slice(0, 5)}190054321${checkDigit('190054321')}${lines.slice(15)}`)) },
  { name: 'the card has expired', reason: 'card.expired', change: cardOf({ expiresOn: '2026-11-25' }) },
  { name: 'the card is another person\'s', reason: 'card.other-person', change: cardOf({ number: other }) },

  { name: 'the chip has no key', reason: 'chip.no-key', part: 'dg15', change: () => ({ files: withoutKey, answer: silent }) },
  { name: 'DG15 was left away', reason: 'chip.no-answer', part: 'answer', change: (world) => ({ ...swapped(15, undefined)(world), answer: silent }) },
  { name: 'DG15 was left away, though it answers', reason: 'chip.no-key', part: 'dg15', change: swapped(15, undefined) },
  { name: 'DG15 was left away where the rules ask for nothing', reason: 'chip.no-answer', part: 'answer', change: (world) => ({ ...swapped(15, undefined)(world), answer: silent, rules: { ...world.rules, copyCheck: 'where-possible' } }) },
  { name: 'DG14 was left away where the rules ask for nothing', reason: 'chip.no-answer', part: 'answer', change: (world) => ({ files: { ...agreeingFiles, groups: regrouped(agreeingFiles.groups, 14, undefined) }, answer: silent, rules: { ...world.rules, copyCheck: 'where-possible' } }) },
  { name: 'the chip says nothing', reason: 'chip.no-answer', part: 'answer', change: () => ({ answer: silent }) },
  { name: 'the chip answers another challenge', reason: 'chip.answer-wrong', part: 'answer', change: ({ chip }) => ({ answer: ({ nonce }) => ({ active: chip.signNonce(flipped(nonce, 0)) }) }) },
  { name: 'another chip answers', reason: 'chip.answer-wrong', part: 'answer', change: () => ({ answer: ({ nonce }) => ({ active: anothers.signNonce(nonce) }) }) },
  { name: 'the answer is too short', reason: 'chip.answer-wrong', part: 'answer', change: () => ({ answer: () => ({ active: Buffer.alloc(8) }) }) },
  { name: 'an elliptic chip answers another challenge', reason: 'chip.answer-wrong', part: 'answer', change: chipped(signing, { answer: ({ nonce }) => ({ active: signing.signNonce(flipped(nonce, 7)) }) }) },
  { name: 'an elliptic chip does not say how it digests', reason: 'algorithm.unknown', part: 'dg14', change: chipped(signing, { files: { groups: stripped, sod: sodOver(country, stripped) } }) },
  { name: 'the chip digests with SHA-1, and the rules forbid it', reason: 'algorithm.weak', part: 'answer', change: chipped(makeChip({ active: { rsa: 1024, digest: 'sha1' } }), { rules: { ...sound.rules, answerDigests: ['sha256'] } }) },
  { name: 'the keys were agreed with another chip', reason: 'chip.answer-wrong', part: 'answer', change: chipped(agreeing, { answer: ({ agreement }) => ({ agreed: agreement && makeChip({ agreement: { curve: 'brainpoolP256r1', cipher: 2 } }).agree(agreement) }) }) },
  { name: 'one bit of the answer under agreed keys is another', reason: 'chip.answer-wrong', part: 'answer', change: chipped(agreeing, { answer: ({ agreement }) => ({ agreed: agreement && flipped(agreeing.agree(agreement), 5) }) }) },
  { name: 'the answer under agreed keys is cut off', reason: 'der.truncated', part: 'answer', change: chipped(agreeing, { answer: ({ agreement }) => ({ agreed: agreement && agreeing.agree(agreement).subarray(0, -4) }) }) },
  { name: 'keys were agreed with a chip of the forger\'s own', reason: 'data-group.changed', part: 'dg14', change: chipped(agreeing, { files: { ...bothFiles, groups: regrouped(bothFiles.groups, 14, agreeing.groups.get(14)) } }) },
]
