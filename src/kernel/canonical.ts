export type Json = null | boolean | number | string | readonly Json[] | { readonly [name: string]: Json | undefined }

/**
 * One text for one value, whatever order its members were written in (RFC 8785 JSON Canonicalization Scheme): what is hashed or signed
 * can be made again years later. ECMAScript's own serialisation of numbers and strings is what the RFC demands; members are
 * sorted by UTF-16 code units (§3.2.3), and a text that is not well-formed has no canonical form (§3.2.2.2).
 */
export function canonical(value: Json): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`
  if (typeof value === 'string') return quoted(value)
  if (typeof value !== 'object' || value === null) return finite(value)
  const members = Object.entries(value).toSorted(([one], [other]) => (one < other ? -1 : 1))
  return `{${members.flatMap(([name, member]) => (member === undefined ? [] : `${quoted(name)}:${canonical(member)}`)).join(',')}}`
}

function quoted(text: string): string {
  if (!text.isWellFormed()) throw new TypeError('a text with a lone surrogate has no canonical form')
  return JSON.stringify(text)
}

function finite(value: null | boolean | number): string {
  if (typeof value === 'number' && !Number.isFinite(value)) throw new TypeError('a number that is not finite has no canonical form')
  return JSON.stringify(value)
}
