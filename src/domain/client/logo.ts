import { z } from 'zod'

/** Images that every browser shows and whose kind the address says; of no other is a logo, for whoever shows it need not guess. */
export const logoKinds = ['png', 'svg', 'webp'] as const

const ending = new RegExp(`\\.(?:${logoKinds.join('|')})$`, 'i')

/** Whether this can be the address of a logo. The server loads none: services and their own pages show it (RFC 7591 §2, `logo_uri`; §5 on what it may be mistaken for). */
export function isLogoAddress(text: string): boolean {
  const address = URL.parse(text)
  if (address === null || address.protocol !== 'https:') return false
  return address.username === '' && address.password === '' && address.hash === '' && ending.test(address.pathname)
}

export const logoAddress = z.string().max(2000).refine(isLogoAddress, 'must be the https address of a PNG, SVG or WebP image').brand<'LogoAddress'>()
