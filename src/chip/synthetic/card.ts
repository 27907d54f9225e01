import { hash } from 'node:crypto'
import type { Day } from '#kernel/clock.ts'
import { checkDigit } from '#domain/chip/mrz.ts'
import type { DigestName } from '#domain/chip/rules.ts'
import { folded } from '#domain/registry/name.ts'
import type { Person } from '#domain/registry/person.ts'
import { element, integer, sequence, utf8 } from '#chip/encode.ts'
import { securityObjectOid } from '#chip/security-object.ts'
import { authorityKey, certify, documentTypes, isAuthority, nameOf, revocationList, subjectKey, usages, type Party } from './certificate.ts'
import { attributesFor, digestsOf, securityObject, signerInfo } from './security-object.ts'
import { makeKey, type KeyWish, type SigningKey } from './signing.ts'

/** A country's authority and document signer that nobody outside a test trusts. */
export type Country = {
  authority: Party
  authorityCertificate: Buffer
  signer: Party
  signerSerial: number
  signerCertificate: Buffer
  revocations: Buffer
}

const year = 365 * 86_400_000
const around = (at: Date, years: number): Date => new Date(at.getTime() + years * year)

/** A key is called by a digest of itself (RFC 5280 §4.2.1.2). */
export const partyFrom = (name: Buffer, key: SigningKey): Party => ({ name, key, keyId: hash('sha1', key.spki, 'buffer') })
export const partyOf = (name: Buffer, wish: KeyWish): Party => partyFrom(name, makeKey(wish))

const usual: KeyWish = { curve: 'brainpoolP256r1' }

/** Makes a country at a moment: its signer has signed for a year and may for nine more. */
export function makeCountry({ at, authority: authorityWish = usual, signer: signerWish = usual }: { at: Date; authority?: KeyWish; signer?: KeyWish }): Country {
  const authority = partyOf(nameOf('VN', 'Synthetic CSCA, nothing real'), authorityWish)
  const signer = partyOf(nameOf('VN', 'Synthetic document signer'), signerWish)
  const signerSerial = 0x51a9
  return {
    authority,
    authorityCertificate: certify({
      subject: authority, issuer: authority, serial: 1, from: around(at, -2), until: around(at, 13),
      extensions: [usages.authority, isAuthority, subjectKey(authority.keyId)],
    }),
    signer,
    signerSerial,
    signerCertificate: certify({
      subject: signer, issuer: authority, serial: signerSerial, from: around(at, -1), until: around(at, 10),
      extensions: [usages.signer, subjectKey(signer.keyId), authorityKey(authority.keyId), documentTypes('I', 'ID')],
    }),
    revocations: revocationList({ issuer: authority, from: around(at, -0.05), until: around(at, 0.2), revoked: [0x666] }),
  }
}

/** Whose card, and what is printed on it beside the person. */
export type CardOf = Pick<Person, 'name' | 'number' | 'birthDate' | 'sex'> & { issuedOn: Day; expiresOn: Day }

const six = (day: Day): string => day.slice(2).replaceAll('-', '')
const slashed = (day: Day): string => day.split('-').toReversed().join('/')

/** The three lines of a Vietnamese card (TD1, ICAO 9303-5 §4.2): the document number is the end of the personal number. */
export function zoneFor({ name, number, birthDate, sex, expiresOn }: CardOf): string {
  const document = number.slice(3)
  const first = `IDVNM${document}${checkDigit(document)}${number}<<${checkDigit(number)}`
  const [birth, expiry] = [six(birthDate).padEnd(6, '<'), six(expiresOn)]
  const second = `${birth}${checkDigit(birth)}${sex === 'male' ? 'M' : 'F'}${expiry}${checkDigit(expiry)}VNM${'<'.repeat(11)}`
  const composite = checkDigit(first.slice(5) + second.slice(0, 7) + second.slice(8, 15) + second.slice(18, 29))
  const [family = '', ...given] = folded(name).toUpperCase().replaceAll(/[^A-Z ]/g, '').split(' ')
  return `${first}${second}${composite}${`${family}<<${given.join('<')}`.slice(0, 30).padEnd(30, '<')}`
}

/** DG13 as the cards of 2021 have it. */
export function detailsFor({ name, number, birthDate, sex, issuedOn, expiresOn }: CardOf): Buffer {
  const field = (at: number, ...texts: readonly string[]) => sequence(integer(at), ...texts.map(utf8))
  return element(0x6d, sequence(
    field(1, number), field(2, name), field(3, slashed(birthDate)), field(4, sex === 'male' ? 'Nam' : 'Nữ'), field(5, 'Việt Nam'),
    field(6, 'Kinh'), field(7, 'Không'), field(8, 'Hoàn Kiếm, Hà Nội'), field(9, 'Số 1 phố Thử Nghiệm, Hà Nội'), field(10, 'Nốt ruồi C: 1 cm dưới mắt trái'),
    field(11, slashed(issuedOn)), field(12, slashed(expiresOn)),
    sequence(integer(13), sequence(utf8('Nguyễn Văn Cha'), utf8('Trần Thị Mẹ'))), field(15, '012345678'),
  ))
}

/** The data groups of a card, without those of its chip's keys. */
export const groupsFor = (card: CardOf): ReadonlyMap<number, Buffer> => new Map([
  [1, element(0x61, element(0x5f1f, Buffer.from(zoneFor(card), 'latin1')))],
  // A picture is for another to compare: here it is a few bytes that stand for one.
  [2, element(0x75, Buffer.from('no face'))],
  [13, detailsFor(card)],
])

/** EF.SOD over data groups, signed by a country. */
export function signGroups(groups: ReadonlyMap<number, Buffer>, country: Country, { at, digest = country.signer.key.digest }: { at: Date; digest?: DigestName }): Buffer {
  const content = digestsOf(groups, digest)
  return securityObject({
    version: 3,
    digestAlgorithms: [digest],
    contentType: securityObjectOid,
    content,
    certificates: [country.signerCertificate],
    signers: [signerInfo({
      key: country.signer.key, issuer: country.authority.name, serial: country.signerSerial, digest, attributes: attributesFor(content, digest, at),
    })],
  })
}
