/** Members of a JWK that are its private part, or the key itself where it is symmetric (RFC 7518 §6.2.2, §6.3.2, §6.4; RFC 8037 §2). */
export const privateMembers: ReadonlySet<string> = new Set(['d', 'p', 'q', 'dp', 'dq', 'qi', 'oth', 'k', 'priv'])

/** Members of a registration that only its owner may know. */
const secrets: ReadonlySet<string> = new Set(['client_secret', 'registration_access_token'])

/**
 * Where a registration holds what nobody else may see: a secret, or the private part of a key, wherever in it a key is. Whoever typed it
 * there has told it, so that it is neither taken nor kept.
 */
export function secretIn(entry: Readonly<Record<string, unknown>>): string | undefined {
  return Object.keys(entry).find((name) => secrets.has(name)) ?? privatePartIn(entry, [])
}

const deepest = 20

function privatePartIn(value: unknown, path: readonly string[]): string | undefined {
  if (typeof value !== 'object' || value === null || path.length > deepest) return undefined
  if ('kty' in value) {
    const part = Object.keys(value).find((name) => privateMembers.has(name))
    if (part !== undefined) return [...path, part].join('.')
  }
  for (const [name, inner] of Object.entries(value)) {
    const found = privatePartIn(inner, [...path, name])
    if (found !== undefined) return found
  }
  return undefined
}
