import { execFileSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { element } from '#chip/encode.ts'
import { makeCountry } from '#chip/synthetic/card.ts'
import { digestsOf } from '#chip/synthetic/security-object.ts'
import { at, makeWorld, readCard, rules, sodOver } from '#test/support/chip.ts'
import { temporaryFolder } from '#test/support/tmp.ts'

/** A second opinion: another program, with its own idea of CMS and X.509. */
function openssl(folder: string) {
  return (...args: readonly string[]): Buffer => execFileSync('openssl', args, { cwd: folder, stdio: ['ignore', 'pipe', 'pipe'] })
}

const pem = (der: Buffer): string => `-----BEGIN CERTIFICATE-----\n${der.toString('base64')}\n-----END CERTIFICATE-----\n`

test.each([['brainpoolP256r1'], ['secp384r1']])('OpenSSL verifies what our synthetic country on %s has signed', (curve) => {
  const folder = temporaryFolder()
  const country = makeCountry({ at, authority: { curve, digest: 'sha384' }, signer: { curve } })
  const { files } = makeWorld({ country })
  const content = digestsOf(files.groups, 'sha256')
  const header = files.sod.subarray(1).readUInt8(0) === 0x82 ? 4 : 3
  writeFileSync(join(folder, 'sod'), files.sod.subarray(header))
  writeFileSync(join(folder, 'csca'), pem(country.authorityCertificate))
  const told = openssl(folder)('cms', '-verify', '-inform', 'DER', '-in', 'sod', '-CAfile', 'csca', '-purpose', 'any', '-binary', '-attime', String(at.getTime() / 1000))
  expect(told.equals(content)).toBe(true)
})

const algorithm: readonly (readonly [string, readonly string[], readonly string[]])[] = [
  ['ECDSA on brainpoolP384r1', ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:brainpoolP384r1'], []],
  ['ECDSA with explicit parameters', ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:brainpoolP256r1', '-pkeyopt', 'ec_param_enc:explicit'], []],
  ['RSA PKCS #1 v1.5', ['-newkey', 'rsa:2048'], []],
  ['RSA PSS', ['-newkey', 'rsa:2048'], ['-keyopt', 'rsa_padding_mode:pss', '-keyopt', 'rsa_pss_saltlen:-1']],
]

test.each(algorithm)('what OpenSSL has signed by %s is verified', async (_name, wish, padding) => {
  const folder = temporaryFolder()
  const run = openssl(folder)
  const world = makeWorld()
  const extensions = ['-addext', 'keyUsage=critical,keyCertSign,cRLSign', '-addext', 'basicConstraints=critical,CA:TRUE,pathlen:0']
  run('req', '-x509', '-newkey', 'rsa:3072', '-nodes', '-keyout', 'csca-key', '-out', 'csca', '-days', '2', '-subj', '/C=VN/CN=By OpenSSL', ...extensions)
  run('req', '-new', ...wish, '-nodes', '-keyout', 'key', '-out', 'request', '-subj', '/C=VN/CN=Signer')
  writeFileSync(join(folder, 'extensions'), 'keyUsage=critical,digitalSignature\nauthorityKeyIdentifier=keyid\nsubjectKeyIdentifier=hash\n')
  run('x509', '-req', '-in', 'request', '-CA', 'csca', '-CAkey', 'csca-key', '-days', '1', '-set_serial', '77', '-extfile', 'extensions', '-out', 'signer', '-sha512')
  writeFileSync(join(folder, 'content'), digestsOf(world.files.groups, 'sha256'))
  run('cms', '-sign', '-binary', '-nodetach', '-nosmimecap', '-in', 'content', '-signer', 'signer', '-inkey', 'key', '-md', 'sha256', ...padding, '-econtent_type', '2.23.136.1.1.1', '-outform', 'DER', '-out', 'cms')
  const sod = element(0x77, readFileSync(join(folder, 'cms')))
  run('x509', '-in', 'csca', '-outform', 'DER', '-out', 'csca.der')
  const forOpenssl = {
    ...world, now: new Date(), files: { ...world.files, sod },
    trust: { certificates: [readFileSync(join(folder, 'csca.der'))], lists: [] }, rules: { ...rules, revocation: { missing: 'accept', outdated: 'refuse' } as const },
  }
  expect(await readCard(forOpenssl)).toMatchObject({ is: 'verified' })
  // And it is the signature that made it so.
  expect(await readCard({ ...forOpenssl, files: { ...world.files, sod: sodOver(world.country, world.files.groups) } })).toMatchObject({ is: 'refused', reason: 'authority.unknown' })
})
