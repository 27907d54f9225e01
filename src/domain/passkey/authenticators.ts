import { X509Certificate } from 'node:crypto'
import { z } from 'zod'

const certificate = z.string().refine(isOneCertificate, 'one certificate in PEM')

function isOneCertificate(pem: string): boolean {
  if (pem.split('-----BEGIN ').length !== 2) return false
  try {
    return new X509Certificate(pem).raw.length > 0
  } catch {
    return false
  }
}

/** A model of authenticators (WebAuthn L3 §6.5.1): 128 bits as their maker chose them, often no UUID of RFC 9562. All zero is what those say that do not tell. */
export const model = z.guid().toLowerCase().refine((value) => /[1-9a-f]/.test(value), 'the AAGUID of a model, not all zero')

/**
 * Who may vouch for which models: a maker's root, an authority below it, or the very certificate that all keys of a model carry. A
 * root of other models too vouches for those alone that are named beside it.
 */
const anchor = z.strictObject({
  name: z.string().min(1),
  /** Where the operator has it from, and when. */
  source: z.string().min(1),
  certificate,
  aaguids: z.array(model).min(1),
})
export type Anchor = Readonly<z.infer<typeof anchor>>

/** `config/authenticators.json`. */
export const authenticatorsSchema = z.strictObject({
  source: z.string(),
  passkeysPerAccount: z.int().min(2),
  /** The newest list of the FIDO Metadata Service that this file was made from or compared with: none before it counts any more. */
  list: z.strictObject({ no: z.int().positive(), nextUpdate: z.iso.date() }).optional(),
  anchors: z.array(anchor),
})
export type AuthenticatorRules = z.infer<typeof authenticatorsSchema>
