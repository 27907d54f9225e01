import { createPrivateKey, sign, X509Certificate } from 'node:crypto'
import type { Said, Settings } from './authenticator.ts'
import { makeAuthority, type Authority, type Certified, type Wish } from './certificates.ts'

/** A made-up model of security keys. */
export const model = 'ab1e5ec0-4d3a-4c5f-8a01-5e0c7e57f1d0'

const subject = '/C=VN/O=Khoa thu/OU=Authenticator Attestation/CN=Khoa thu 1'
const says = (aaguid: string) => `1.3.6.1.4.1.45724.1.1.4=ASN1:FORMAT:HEX,OCTETSTRING:${aaguid.replaceAll('-', '')}`

/** The attestation certificate of a model (WebAuthn L3 §8.2.1); `wish` overrides what makes it one. */
export function attestationOf(authority: Authority, { aaguid = model, ...wish }: Partial<Wish> & { aaguid?: string } = {}): Certified {
  return authority.issue({ subject, extensions: ['basicConstraints=critical,CA:FALSE', says(aaguid)], ...wish })
}

/** Extensions of a certificate that lacks one of those it needs. */
export const lacking = { constraints: [says(model)], model: ['basicConstraints=CA:FALSE'] }

/** A maker of security keys. */
export const makeMaker = (name: string): Authority => makeAuthority(`/C=VN/O=${name}/CN=${name} Root`)

const der = ({ cert }: Pick<Certified, 'cert'>) => new Uint8Array(new X509Certificate(cert).raw)

/** A full statement: signed by the model's key, which its certificates vouch for (WebAuthn L3 §8.2 `x5c`). */
export function full(own: Certified, above: readonly Pick<Certified, 'cert'>[] = []): NonNullable<Settings['statement']> {
  const key = createPrivateKey(own.key)
  return (signed) => ({
    fmt: 'packed',
    attStmt: new Map<string, Said>([
      ['alg', -7], ['sig', new Uint8Array(sign('sha256', signed, key))], ['x5c', [own, ...above].map(der)],
    ]),
  })
}

/** A statement that the credential makes about itself (§6.5.4 Self). */
export const self: NonNullable<Settings['statement']> = (signed, credential) => ({
  fmt: 'packed', attStmt: new Map<string, Said>([['alg', credential.alg], ['sig', new Uint8Array(credential.sign(signed))]]),
})

/** One entry of `config/authenticators.json`. */
export const anchorOf = ({ cert }: Pick<Certified, 'cert'>, aaguids: readonly string[] = [model]) =>
  ({ name: 'Khóa thử', source: 'made for this test', certificate: cert, aaguids: [...aaguids] })

/** A hardware key as it leaves this maker: it may not be copied, and its counter counts. */
export const securityKey = (statement: NonNullable<Settings['statement']>, aaguid = model): Partial<Settings> =>
  ({ backupEligible: false, counts: true, aaguid, statement })
