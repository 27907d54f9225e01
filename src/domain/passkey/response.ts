import { z } from 'zod'
import { passkeyId } from '#kernel/id.ts'

/** What browsers send back, as JSON (WebAuthn L3 §5.1 `toJSON`). Unknown members are dropped, never trusted. */
const base64url = (max: number) => z.string().regex(/^[A-Za-z0-9_-]*$/).max(max)

const attachment = z.enum(['platform', 'cross-platform']).optional().catch(undefined)

export const assertion = z.object({
  id: passkeyId,
  rawId: passkeyId,
  type: z.literal('public-key'),
  authenticatorAttachment: attachment,
  clientExtensionResults: z.object({}).catch({}),
  response: z.object({
    clientDataJSON: base64url(8192),
    authenticatorData: base64url(8192),
    signature: base64url(4096),
    userHandle: base64url(128).nullish().transform((value) => value ?? undefined),
  }),
})
export type Assertion = z.infer<typeof assertion>

export const attestation = z.object({
  id: passkeyId,
  rawId: passkeyId,
  type: z.literal('public-key'),
  authenticatorAttachment: attachment,
  clientExtensionResults: z.object({}).catch({}),
  response: z.object({
    clientDataJSON: base64url(8192),
    attestationObject: base64url(32_768),
    transports: z.array(z.string().max(32)).max(10).catch([]).default([]),
  }),
})
export type Attestation = z.infer<typeof attestation>

/** Reads a form field that holds one of the two; `undefined` when it is not JSON of that shape. */
export function readResponse<Schema extends z.ZodType>(schema: Schema, text: string): z.infer<Schema> | undefined {
  try {
    return schema.safeParse(JSON.parse(text)).data
  } catch (error) {
    if (error instanceof SyntaxError) return undefined
    throw error
  }
}

/** `crossOrigin: true` means our page stood in somebody's frame, which we never allow (WebAuthn L3 §7.1 step 9). */
export function fromForeignFrame(clientDataJSON: string): boolean {
  const parsed: unknown = JSON.parse(Buffer.from(clientDataJSON, 'base64url').toString('utf8'))
  return typeof parsed === 'object' && parsed !== null && 'crossOrigin' in parsed && parsed.crossOrigin === true
}
