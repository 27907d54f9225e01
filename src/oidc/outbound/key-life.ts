/** Seconds that keys are kept at least, whatever their answer says, as the library does; and at most. */
const shortest = 60
const longest = 86_400

const withinBounds = (seconds: number): number => Math.min(longest, Math.max(shortest, Math.floor(seconds)))

/**
 * How long an answer with keys may be used, in seconds (RFC 9111 §4.2.1, §5.2.2). Ours is a private cache, so `s-maxage` is
 * for others. What is ill-formed or said twice says nothing, and nothing means the shortest time.
 */
export function keyLife(headers: Headers, now: Date): number {
  const directives = (headers.get('cache-control') ?? '').toLowerCase().split(',').map((part) => part.trim())
  if (directives.some((part) => /^no-(store|cache)\b/.test(part))) return shortest
  const ages = directives.filter((part) => part.startsWith('max-age'))
  if (ages.length > 0) return withinBounds(lifeLeft(ages, headers.get('age')))
  const expires = Date.parse(headers.get('expires') ?? '')
  const sent = Date.parse(headers.get('date') ?? '')
  return Number.isNaN(expires) ? shortest : withinBounds((expires - (Number.isNaN(sent) ? now.getTime() : sent)) / 1000)
}

function lifeLeft(ages: readonly string[], age: string | null): number {
  const seconds = /^max-age="?(\d{1,10})"?$/.exec(ages.length === 1 ? (ages[0] ?? '') : '')?.[1]
  return Number(seconds ?? 0) - (/^\d{1,10}$/.test(age ?? '') ? Number(age) : 0)
}
