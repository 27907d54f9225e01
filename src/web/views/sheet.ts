import { createHash } from 'node:crypto'

/** A style as it stands in a page, and what allows it in `style-src` of the content security policy, quotes included (CSP3 §2.3.1). */
export type Sheet = { text: string; hash: string }

/** Line breaks and the blanks around punctuation go; nothing else, so that what is hashed is what was written. */
export function sheet(readable: string): Sheet {
  const text = readable.replace(/\n\s*/g, '').replace(/;\}/g, '}')
  return { text, hash: `'sha256-${createHash('sha256').update(text).digest('base64')}'` }
}
