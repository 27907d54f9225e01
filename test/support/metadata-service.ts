import { createPrivateKey, X509Certificate } from 'node:crypto'
import { CompactSign } from 'jose'
import { makeAuthority, type Authority, type Certified } from './certificates.ts'

export const host = 'mds.example'

/** Somebody who signs lists of models, as the FIDO Alliance does: a root, an authority below it, and the signer's own certificate. */
export type MetadataService = { root: Authority; between: Authority; signer: Certified }

export function makeMetadataService(wish: Partial<Parameters<Authority['issue']>[0]> = {}): MetadataService {
  const root = makeAuthority('/C=VN/O=Danh muc thu/CN=Danh muc thu Root')
  const between = root.below('/C=VN/O=Danh muc thu/CN=Danh muc thu 1')
  return { root, between, signer: between.issue({ subject: `/C=VN/O=Danh muc thu/CN=${host}`, names: [`DNS.1=${host}`], use: 'serverAuth', ...wish }) }
}

export const derOf = ({ cert }: Pick<Certified, 'cert'>): string => new X509Certificate(cert).raw.toString('base64')

type How = { alg?: string; x5c?: readonly Pick<Certified, 'cert'>[] | undefined; by?: Pick<Certified, 'key'> }

/** The list as it is downloaded: a JWT with the certificates of its signer. */
export async function signList({ between, signer }: MetadataService, payload: object, { alg = 'ES256', x5c = [signer, between], by = signer }: How = {}): Promise<string> {
  return new CompactSign(Buffer.from(JSON.stringify(payload)))
    .setProtectedHeader({ alg, typ: 'JWT', ...(x5c.length > 0 && { x5c: x5c.map(derOf) }) })
    .sign(createPrivateKey(by.key))
}

type Wish = { aaguid: string; description?: string; roots: readonly Pick<Certified, 'cert'>[]; keyProtection?: readonly string[]; family?: string; reports?: readonly { status: string; effectiveDate?: string }[] }

/** One model as the list has it; certified, in hardware and in order unless told otherwise. */
export function entryOf({ aaguid, description = 'Khóa thử', roots, keyProtection = ['hardware', 'secure_element'], family = 'fido2', reports = [{ status: 'FIDO_CERTIFIED_L1', effectiveDate: '2024-01-02' }] }: Wish) {
  return {
    aaguid,
    metadataStatement: { description, protocolFamily: family, keyProtection: [...keyProtection], attestationRootCertificates: roots.map(derOf), icon: 'data:,' },
    statusReports: reports.map((one) => ({ ...one })),
    timeOfLastStatusChange: '2024-01-02',
  }
}

/** The times in a list are of the day on which a test runs. */
export const inDays = (days: number): string => new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10)

export const listOf = (entries: readonly object[], { no = 123, nextUpdate = inDays(30) }: { no?: number; nextUpdate?: string } = {}) =>
  ({ legalHeader: 'made for a test', no, nextUpdate, entries: [...entries] })
