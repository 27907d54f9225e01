import { createHmac, createPublicKey, generateKeyPairSync, sign as signature, type KeyObject } from 'node:crypto'
import { deflateRawSync } from 'node:zlib'
import { said, signedBytes } from './hand-made.ts'

/** How an honest message at some place is made: by which key, with what in it. */
export type Honest = { key: () => KeyObject; header: () => Record<string, unknown>; payload: () => Record<string, unknown> }

const encoded = (part: unknown) => Buffer.from(typeof part === 'string' ? part : JSON.stringify(part)).toString('base64url')
const stranger = () => generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey

type Craft = (place: Honest) => string | readonly string[]

export const make = (place: Honest, header: Record<string, unknown> = {}, payload: Record<string, unknown> = {}, key: KeyObject = place.key()) =>
  signedBytes(key, JSON.stringify(said({ ...place.header(), ...header })), JSON.stringify(said({ ...place.payload(), ...payload })))

/** By a key that the place does not know, pointed at by everything a header can point with. */
function byStranger(place: Honest, header: Record<string, unknown>): string {
  return make(place, header, {}, stranger())
}

function withSecret(place: Honest, alg: string, secret: string | Buffer): string {
  const input = `${encoded({ ...place.header(), alg })}.${encoded(place.payload())}`
  return `${input}.${createHmac(alg.replace('HS', 'sha'), secret).update(input).digest('base64url')}`
}

const unsigned = (place: Honest, alg: unknown, end = '') => `${encoded({ ...place.header(), alg })}.${encoded(place.payload())}.${end}`
const withSignature = (place: Honest, bytes: Buffer) => `${encoded(place.header())}.${encoded(place.payload())}.${bytes.toString('base64url')}`
const order = Buffer.from('ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551', 'hex')
const zeros = Buffer.alloc(32)

/** The other half of every ECDSA signature: (r, n − s) verifies as well, and makes another text of the same message. */
export function mirrored(jwt: string): string {
  const [header, payload, end = ''] = jwt.split('.')
  const bytes = Buffer.from(end, 'base64url')
  const s = BigInt(`0x${order.toString('hex')}`) - BigInt(`0x${bytes.subarray(32).toString('hex')}`)
  return [header, payload, Buffer.concat([bytes.subarray(0, 32), Buffer.from(s.toString(16).padStart(64, '0'), 'hex')]).toString('base64url')].join('.')
}

export const crafts: Readonly<Record<string, Craft>> = {
  'without a signature': (place) => ['none', 'None', 'NONE', 'nOnE', '', ' none', null, undefined, ['none'], ['ES256'], { ES256: 1 }, true, 0].flatMap((alg) => [unsigned(place, alg), unsigned(place, alg, 'AAAA')]),
  'with the signature cut off': (place) => [make(place).replace(/[^.]+$/, ''), make(place).replace(/\.[^.]+$/, ''), `${make(place)}.`, `.${make(place)}`, `${make(place)}.${make(place)}`, make(place).slice(0, -2)],
  'signed with the public key as a secret': (place) => {
    const shown = createPublicKey(place.key())
    const secrets = [shown.export({ format: 'pem', type: 'spki' }), shown.export({ format: 'der', type: 'spki' }), JSON.stringify(shown.export({ format: 'jwk' })), '', 'one', 'bank']
    return secrets.flatMap((secret) => ['HS256', 'HS384', 'HS512'].map((alg) => withSecret(place, alg, secret)))
  },
  'with a signature of nothing (CVE-2022-21449)': (place) => [Buffer.alloc(64), Buffer.concat([zeros, Buffer.alloc(32, 1)]), Buffer.concat([Buffer.alloc(32, 1), zeros]), Buffer.concat([order, order]), Buffer.concat([zeros, order]), Buffer.alloc(64, 255), Buffer.alloc(0), Buffer.alloc(1), Buffer.alloc(63), Buffer.alloc(65), Buffer.alloc(10_000)].map((bytes) => withSignature(place, bytes)),
  'with a signature in DER': (place) => {
    const input = `${encoded(place.header())}.${encoded(place.payload())}`
    return `${input}.${signature('sha256', Buffer.from(input), place.key()).toString('base64url')}`
  },
  'signed with RSA as old libraries do': (place) => {
    const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
    const header = { ...place.header(), alg: 'RS256', ...('jwk' in place.header() && { jwk: publicKey.export({ format: 'jwk' }) }) }
    const input = `${encoded(header)}.${encoded(place.payload())}`
    return `${input}.${signature('sha256', Buffer.from(input), privateKey).toString('base64url')}`
  },
  'with another algorithm in its header': (place) => ['ES384', 'ES512', 'ES256K', 'PS256', 'RS256', 'EdDSA', 'Ed25519', 'Ed448', 'es256', 'ES256 ', 'ECDSA', 'dir', 'A128KW', 'PBES2-HS256+A128KW', '__proto__', 'constructor', 'toString'].map((alg) => make(place, { alg })),
  'naming a key by a path, a query or a NUL': (place) => ('jwk' in place.header() ? [] : ['../../../dev/null', '/dev/null', "one' or '1'='1", 'one\0', 'one\u0000.pem', '| id', '', ' one', 'ONE', 'two', 'http://localhost:1/key']).map((kid) => make(place, { kid })),
  'naming a key by what is no name': (place) => ('jwk' in place.header() ? [] : [1, true, ['one'], { one: 1 }]).map((kid) => byStranger(place, { kid })),
  'with extensions that must be understood (RFC 7515 §4.1.11)': (place) => [['soul'], ['b64'], [], ['alg'], ['exp'], ['kid'], 'exp', null, [1]].map((crit) => make(place, { crit, soul: 1, exp: 1 })),
  'whose payload is not encoded (RFC 7797)': (place) => {
    const input = `${encoded({ ...place.header(), b64: false, crit: ['b64'] })}.${JSON.stringify(place.payload())}`
    return `${input}.${signature('sha256', Buffer.from(input), { key: place.key(), dsaEncoding: 'ieee-p1363' }).toString('base64url')}`
  },
  'of a payload that is no object': (place) => ['', '""', '[]', '1', 'null', 'true', '{', '{}x', '\uFEFF{}', 'undefined', '[{}]'].map((text) => signedBytes(place.key(), JSON.stringify(place.header()), text)),
  'of a header that is no object': (place) => ['', '[]', 'null', '"ES256"', '{', '1'].map((text) => signedBytes(place.key(), text, JSON.stringify(place.payload()))),
  'that is not UTF-8': (place) => [Buffer.from([0xff, 0xfe]), Buffer.concat([Buffer.from(JSON.stringify(place.payload()).slice(0, -1)), Buffer.from(',"x":"'), Buffer.from([0xc0, 0xaf]), Buffer.from('"}')])].map((bytes) => signedBytes(place.key(), JSON.stringify(place.header()), bytes)),
  'nested in another': (place) => [signedBytes(place.key(), JSON.stringify({ ...place.header(), cty: 'JWT' }), make(place)), signedBytes(place.key(), JSON.stringify(place.header()), JSON.stringify(make(place)))],
  'encrypted, zipped or both (CVE-2024-28176, CVE-2022-36083)': (place) => {
    const bomb = deflateRawSync(Buffer.alloc(20_000_000, ' ')).toString('base64url').slice(0, 30_000)
    return [{ alg: 'dir', enc: 'A256GCM', zip: 'DEF' }, { alg: 'RSA-OAEP-256', enc: 'A256GCM', zip: 'DEF' }, { alg: 'PBES2-HS512+A256KW', enc: 'A256GCM', p2c: 2_000_000_000, p2s: 'AAAA' }, { alg: 'ECDH-ES', enc: 'A256GCM', epk: createPublicKey(stranger()).export({ format: 'jwk' }) }, { alg: 'A256KW', enc: 'A256GCM' }]
      .map((header) => `${encoded({ ...place.header(), ...header })}.AAAA.AAAAAAAAAAAAAAAA.${bomb}.AAAAAAAAAAAAAAAAAAAAAA`)
  },
  'with the same member twice': (place) => {
    const [header, payload] = [JSON.stringify(place.header()), JSON.stringify(place.payload())]
    return [signedBytes(stranger(), header.replace('{', '{"alg":"none",'), payload), signedBytes(place.key(), header.replace(/}$/, ',"alg":"none"}'), payload)]
  },
  'in text that is not base64url': (place) => {
    const [header = '', payload = '', end = ''] = make(place).split('.')
    return [[`${header}=`, payload, end], [header, `${payload}==`, end], [header, payload, `${end}!`], [header, payload, `+${end.slice(1)}`], [header, payload, `${end}A`], [`${header}é`, payload, end], [header, ` ${payload}`, end], [header, '', payload, end], ['', header, payload, end]]
      .map((parts) => parts.join('.'))
  },
  'by a key that it brings along': (place) => {
    const key = stranger()
    const jwk = createPublicKey(key).export({ format: 'jwk' })
    const chain = [createPublicKey(key).export({ format: 'der', type: 'spki' }).toString('base64')]
    const pointers = [{ jwk }, { jku: 'http://localhost:1/keys' }, { jku: 'data:application/json,{}' }, { x5u: 'http://localhost:1/x' }, { x5c: chain }, { x5t: 'AAAA' }, { 'x5t#S256': 'AAAA' }, { jwk, jku: 'http://localhost:1/keys', x5c: chain }]
    // A proof is by the key in its own header: there the key that counts is the one that the token is bound to.
    return pointers.map((header) => make(place, header, {}, key))
  },
}

/** Other texts of the very same message: what is used once must not be used again as one of them. */
export function twinsOf(jwt: string): readonly string[] {
  const [header = '', payload = '', end = ''] = jwt.split('.')
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'
  const last = alphabet.indexOf(end.slice(-1))
  // Of the last character of 64 bytes only two bits count.
  const loose = [1, 5, 15].map((bits) => `${end.slice(0, -1)}${alphabet.charAt(last | bits)}`)
  return [mirrored(jwt), ...[...loose, `${end}==`].map((other) => [header, payload, other].join('.'))].filter((twin) => twin !== jwt)
}
