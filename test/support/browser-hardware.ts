import { X509Certificate } from 'node:crypto'
import { decodeAttestationObject, isoBase64URL } from '@simplewebauthn/server/helpers'
import type { Page } from 'playwright-core'
import { z } from 'zod'
import type { Anchor } from '#domain/passkey/authenticators.ts'
import { places } from '#web/place/citizen.ts'
import { anchorOf, attestationOf, makeMaker } from './attestation.ts'

/** What the virtual security keys of Chromium call their model. */
const chromiumModel = '01020304-0506-0708-0102-030405060708'
const answer = z.object({ response: z.object({ attestationObject: z.string() }) })

/** Whose security keys count as hardware: to begin with nobody's that is here. Handed to the server, and added to later. */
export function noMaker(): Anchor[] {
  const { cert } = attestationOf(makeMaker('Nhà máy thử'))
  return [anchorOf({ cert })]
}

/**
 * The operator trusts the very certificate that the key of this browser carries. Chromium writes a new one for every key, so it is read
 * from the form that brings it, before the server does; the server then judges it as any other.
 */
export async function trustKeysOf(page: Page, anchors: Anchor[]): Promise<void> {
  await page.route(`**${places.securityKey}`, async (route) => {
    const text = new URLSearchParams(route.request().postData() ?? '').get('attestation')
    if (text !== null && text !== '') {
      const { response: { attestationObject } } = answer.parse(JSON.parse(text))
      const [leaf] = decodeAttestationObject(isoBase64URL.toBuffer(attestationObject)).get('attStmt').get('x5c') ?? []
      if (leaf === undefined) throw new Error('this browser vouches for no key')
      anchors.push(anchorOf({ cert: new X509Certificate(leaf).toString() }, [chromiumModel]))
    }
    await route.continue()
  })
}
