import { expect, test } from 'vitest'
import { element, integer, sequence, utf8 } from '#chip/encode.ts'
import type { KeyWish } from '#chip/synthetic/signing.ts'
import { groupsFor, makeCountry, partyOf } from '#chip/synthetic/card.ts'
import { makeChip, type ChipWish } from '#chip/synthetic/chip.ts'
import { revocationList, certify, usages, isAuthority, subjectKey } from '#chip/synthetic/certificate.ts'
import { at, card, days, makeWorld, readCard, regrouped, rules, sodOver, type World } from '#test/support/chip.ts'

const explicit = (curve: string): KeyWish => ({ curve, explicit: true })
const large = { rsa: 3072, padding: 'pss', digest: 'sha512' } as const

const countries: readonly (readonly [string, KeyWish, KeyWish])[] = [
  ['ECDSA on P-256', { curve: 'prime256v1' }, { curve: 'prime256v1' }],
  ['ECDSA on P-384 with SHA-384', { curve: 'secp384r1', digest: 'sha384' }, { curve: 'secp384r1', digest: 'sha384' }],
  ['ECDSA on P-521 with SHA-512', { curve: 'secp521r1', digest: 'sha512' }, { curve: 'secp521r1', digest: 'sha512' }],
  ['ECDSA on P-224 with SHA-224', { curve: 'prime256v1' }, { curve: 'secp224r1', digest: 'sha224' }],
  ['ECDSA on brainpoolP224r1', { curve: 'brainpoolP256r1' }, { curve: 'brainpoolP224r1' }],
  ['ECDSA on brainpoolP256r1', { curve: 'brainpoolP256r1' }, { curve: 'brainpoolP256r1' }],
  ['ECDSA on brainpoolP320r1', { curve: 'brainpoolP320r1' }, { curve: 'brainpoolP320r1' }],
  ['ECDSA on brainpoolP384r1', { curve: 'brainpoolP384r1', digest: 'sha384' }, { curve: 'brainpoolP384r1', digest: 'sha384' }],
  ['ECDSA on brainpoolP512r1', { curve: 'brainpoolP512r1', digest: 'sha512' }, { curve: 'brainpoolP512r1', digest: 'sha512' }],
  ['explicit parameters of P-256 and P-384', explicit('secp384r1'), explicit('prime256v1')],
  ['explicit parameters of brainpool curves', explicit('brainpoolP384r1'), explicit('brainpoolP256r1')],
  ['RSA PKCS #1 v1.5, 3072 and 2048 bits', { rsa: 3072 }, { rsa: 2048 }],
  ['RSA PSS with SHA-512 and SHA-256', large, { rsa: 2048, padding: 'pss' }],
  ['an EC authority over an RSA signer', { curve: 'brainpoolP384r1', digest: 'sha384' }, { rsa: 2048, digest: 'sha512' }],
]

test.each(countries)('C01 a card is verified that is signed by %s', async (_name, authority, signer) => {
  const outcome = await readCard(makeWorld({ country: makeCountry({ at, authority, signer }), chip }))
  expect(outcome).toMatchObject({ is: 'verified', card: { number: card.number, copyCheck: 'active' } })
})

const chip = makeChip({ active: { curve: 'brainpoolP256r1' } })
const country = makeCountry({ at })

const chips: readonly (readonly [string, 'active' | 'chip', ChipWish])[] = [
  ['signs with RSA-1024 and SHA-1', 'active', { active: { rsa: 1024, digest: 'sha1' } }],
  ['signs with RSA-2048 and SHA-224', 'active', { active: { rsa: 2048, digest: 'sha224' } }],
  ['signs with RSA-2048 and SHA-256', 'active', { active: { rsa: 2048 } }],
  ['signs with RSA-2048 and SHA-512', 'active', { active: { rsa: 2048, digest: 'sha512' } }],
  ['signs with ECDSA on P-256', 'active', { active: { curve: 'prime256v1' } }],
  ['signs with ECDSA on brainpoolP384r1 and SHA-384', 'active', { active: { curve: 'brainpoolP384r1', digest: 'sha384' } }],
  ['has its own curve spelled out', 'active', { active: { curve: 'brainpoolP256r1', explicit: true } }],
  ['agrees on triple DES keys', 'chip', { agreement: { curve: 'brainpoolP256r1', cipher: 1 } }],
  ['agrees on AES-128 keys', 'chip', { agreement: { curve: 'prime256v1', cipher: 2 } }],
  ['agrees on AES-192 keys', 'chip', { agreement: { curve: 'brainpoolP384r1', cipher: 3 } }],
  ['agrees on AES-256 keys and could sign too', 'chip', { active: { rsa: 1024 }, agreement: { curve: 'secp521r1', cipher: 4 } }],
]

test.each(chips)('C03 a chip is no copy that %s', async (_name, copyCheck, wish) => {
  const outcome = await readCard(makeWorld({ country, chip: makeChip(wish) }))
  expect(outcome).toMatchObject({ is: 'verified', card: { copyCheck } })
})

const world = makeWorld({ country, chip })

test('what is verified is what the card says, and who said so', async () => {
  const outcome = await readCard(world)
  expect(outcome).toMatchObject({
    is: 'verified',
    card: {
      number: '001190012345',
      mrz: { documentCode: 'ID', issuer: 'VNM', documentNumber: '190012345', birth: '900131', sex: 'female', name: ['NGUYEN', 'THI THU NGHIEM'] },
      details: { name: 'Nguyễn Thị Thử Nghiệm', birthDate: '1990-01-31', sex: 'female', father: 'Nguyễn Văn Cha', mother: 'Trần Thị Mẹ', oldNumbers: ['012345678'] },
      expiresOn: '2030-01-31', groups: [1, 2, 13, 14, 15], signer: { country: 'VN', serial: '51a9' },
    },
  })
})

const variants: readonly (readonly [string, () => Partial<World>])[] = [
  ['says when it was signed', () => ({ files: { ...world.files, sod: sodOver(country, world.files.groups, { signedAt: days(-30) }) } })],
  ['names its signer by the key', () => ({ files: { ...world.files, sod: sodOver(country, world.files.groups, { signer: () => ({ keyId: country.signer.keyId }) }) } })],
  ['is read without its picture', () => ({ files: { ...world.files, groups: regrouped(world.files.groups, 2, undefined) } })],
  ['is read on its last day', () => ({ now: new Date('2030-01-31T16:00:00Z'), rules: { ...rules, revocation: { missing: 'refuse', outdated: 'accept' } } })],
  ['has no list of revoked signers, where the rules take that', () => ({ trust: { ...world.trust, lists: [] }, rules: { ...rules, revocation: { missing: 'accept', outdated: 'refuse' } } })],
  ['is signed by an authority with two keys under one name', () => ({ trust: { ...world.trust, certificates: [renewed.certificate, ...world.trust.certificates] } })],
  ['has a list that the newer key of its authority signed', () => ({ trust: { certificates: [...world.trust.certificates, renewed.certificate], lists: [renewed.list] } })],
]

const renewed = renewedAuthority()

/** The authority goes on under its name with another key. */
function renewedAuthority() {
  const party = partyOf(country.authority.name, { curve: 'brainpoolP384r1', digest: 'sha384' })
  return {
    certificate: certify({
      subject: party, issuer: country.authority, serial: 2, from: days(-10), until: days(4000), extensions: [usages.authority, isAuthority, subjectKey(party.keyId)],
    }),
    list: revocationList({ issuer: party, from: days(-5), until: days(80) }),
  }
}

test.each(variants)('a card is verified that %s', async (_name, change) => {
  expect(await readCard({ ...world, ...change() })).toMatchObject({ is: 'verified' })
})

/** Cards of people and times that are not the usual ones. */
const unusual: readonly (readonly [string, ReadonlyMap<number, Buffer>])[] = [
  ['has a name that is too long for its zone', groupsFor({ ...card, name: 'Công Tằng Tôn Nữ Thị Huyền Trân Ngọc Diệp' })],
  ['has a name with a hyphen and an apostrophe', groupsFor({ ...card, name: 'H’Hen Niê-Kđăm' })],
  ['has one name only', groupsFor({ ...card, name: 'Điểu' })],
  ['knows only the year of birth', groupsFor({ ...card, birthDate: '1950' })],
  ['is of somebody born in the century before', groupsFor({ ...card, birthDate: '1926-02-03' })],
  ['has no end', regrouped(groupsFor({ ...card, expiresOn: '2020-01-01' }), 13, endless())],
]

function endless(): Buffer {
  const field = (at: number, text: string) => sequence(integer(at), utf8(text))
  return element(0x6d, field(1, card.number), field(2, card.name), field(3, '31/01/1990'), field(12, 'Không thời hạn'))
}

test.each(unusual)('a card is verified that %s', async (_name, own) => {
  const groups = new Map([...own, ...chip.groups])
  expect(await readCard({ ...world, files: { groups, sod: sodOver(country, groups) } })).toMatchObject({ is: 'verified' })
})

test('a chip without any key is verified where the rules do not ask for more, and the verdict says so', async () => {
  const bare = makeWorld({ country, chip: makeChip({}) })
  const outcome = await readCard({ ...bare, rules: { ...rules, copyCheck: 'where-possible' }, answer: () => ({}) })
  expect(outcome).toMatchObject({ is: 'verified', card: { copyCheck: 'none' } })
})
