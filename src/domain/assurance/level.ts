/**
 * Authentication levels 1–4 of Decree 69/2024 Art 20.1: how the person signed in just now. How identity was proven is the
 * other axis, `AccountLevel` (Art 7), and the two are never merged (docs/decisions/0005). No other file knows an acr value.
 */
export const levels = [1, 2, 3, 4] as const
export type Level = (typeof levels)[number]

/** How identity was proven: 1 remotely against the registry, 2 in person with biometrics (Decree 69/2024 Art 7, 10). */
export const accountLevels = [1, 2] as const
export type AccountLevel = (typeof accountLevels)[number]

/**
 * Phishing resistance, an axis of its own (OpenID Connect EAP ACR Values 1.0): `phr` any passkey, `phrh` a key bound to
 * attested hardware.
 */
export const resistances = ['phr', 'phrh'] as const
export type Resistance = (typeof resistances)[number]

const prefix = 'urn:vn:eid:loa:'

export function acrOf(level: Level): string {
  return `${prefix}${level}`
}

/** What an acr value asks for: a level as a floor, or a resistance. Unknown values ask for nothing we could give. */
export function readAcr(value: string): { level: Level } | { resistance: Resistance } | undefined {
  const level = levels.find((candidate) => value === acrOf(candidate))
  if (level !== undefined) return { level }
  const resistance = resistances.find((candidate) => value === candidate)
  return resistance === undefined ? undefined : { resistance }
}

export function atLeast(proved: number, wanted: number): boolean {
  return proved >= wanted
}

/** acr values that this deployment can honestly reach, for discovery (3 and 4 need a face matcher). */
export function reachableAcrs({ level: best, resistances: shown }: { level: Level; resistances: readonly Resistance[] }): readonly string[] {
  return [...levels.filter((level) => level > 1 && level <= best).map(acrOf), ...shown]
}
