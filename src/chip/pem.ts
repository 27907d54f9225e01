import type { ChipRefusal } from '#domain/chip/reason.ts'
import type { ChipRules } from '#domain/chip/rules.ts'
import { openTrust, type Trust } from './trust.ts'

const block = /-----BEGIN ([A-Z0-9 ]+)-----([A-Za-z0-9+/=\s]*)-----END \1-----/g

/** The blocks of one kind in a text of PEM (RFC 7468); what stands between them is passed over. */
function blocksOf(text: string, label: string): readonly Buffer[] {
  return [...text.matchAll(block)].flatMap(([, name, body = '']) => (name === label ? [Buffer.from(body, 'base64')] : []))
}

/** A trust store as operators keep it: the authorities and their lists, `CERTIFICATE` and `X509 CRL`, in any order. */
export function openTrustText(text: string, rules: Pick<ChipRules, 'smallestKeys' | 'largest'>): { is: 'open'; trust: Trust } | ChipRefusal {
  return openTrust({ certificates: blocksOf(text, 'CERTIFICATE'), lists: blocksOf(text, 'X509 CRL') }, rules)
}

export function pemOf(label: 'CERTIFICATE' | 'X509 CRL', der: Buffer): string {
  const lines = der.toString('base64').match(/.{1,64}/g) ?? []
  return [`-----BEGIN ${label}-----`, ...lines, `-----END ${label}-----`, ''].join('\n')
}
