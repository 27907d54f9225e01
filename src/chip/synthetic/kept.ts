import { createPrivateKey, createPublicKey } from 'node:crypto'
import { pemOf } from '#chip/pem.ts'
import { revocationList, type Party } from './certificate.ts'
import { partyFrom, type Country } from './card.ts'

/** A synthetic country as a file keeps it, private keys and all: nobody but a test trusts it. */
type Kept = { authority: KeptParty; authorityCertificate: string; signer: KeptParty; signerSerial: number; signerCertificate: string }
type KeptParty = { name: string; privateKey: string }

const keptParty = ({ name, key }: Party): KeptParty => ({
  name: name.toString('base64'), privateKey: key.privateKey.export({ type: 'pkcs8', format: 'der' }).toString('base64'),
})

export const keepCountry = ({ authority, authorityCertificate, signer, signerSerial, signerCertificate }: Country): Kept => ({
  authority: keptParty(authority),
  authorityCertificate: authorityCertificate.toString('base64'),
  signer: keptParty(signer),
  signerSerial,
  signerCertificate: signerCertificate.toString('base64'),
})

/** Its list of revoked signers is made anew, for those do not last. */
export function countryFrom({ authority, authorityCertificate, signer, signerSerial, signerCertificate }: Kept, at: Date): Country {
  const [one, other] = [restored(authority), restored(signer)]
  return {
    authority: one,
    authorityCertificate: Buffer.from(authorityCertificate, 'base64'),
    signer: other,
    signerSerial,
    signerCertificate: Buffer.from(signerCertificate, 'base64'),
    revocations: revocationList({ issuer: one, from: at, until: new Date(at.getTime() + 80 * 86_400_000) }),
  }
}

function restored({ name, privateKey }: KeptParty): Party {
  const key = createPrivateKey({ key: Buffer.from(privateKey, 'base64'), format: 'der', type: 'pkcs8' })
  const spki = createPublicKey(key).export({ type: 'spki', format: 'der' })
  return partyFrom(Buffer.from(name, 'base64'), { privateKey: key, spki, family: 'ec', digest: 'sha256' })
}

/** What somebody who wants to believe it puts into a trust store. */
export const trustOf = ({ authorityCertificate, revocations }: Country): string =>
  pemOf('CERTIFICATE', authorityCertificate) + pemOf('X509 CRL', revocations)
