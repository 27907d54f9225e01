/** The sealed key that was made last: as long as it is not spent it is the one in force, and those before it are not. */
export type SealedKey = { id: string; sealedAt: Date; drilledAt?: Date | undefined; spentAt?: Date | undefined }

/** What nobody tries does not work when it is needed: at least once in so many days (A07). */
export const drillDays = 31

/** So long after two people agreed a key can be made of it: what nobody fetched is not left lying for whoever finds it. */
export const sealableDays = 7

/** Whether the emergency could be met now: there is a key, and it was tried of late. */
export function readiness(key: SealedKey | undefined, now: Date): 'missing' | 'drill-due' | 'ready' {
  if (key === undefined || key.spentAt !== undefined) return 'missing'
  const tried = key.drilledAt ?? key.sealedAt
  return now.getTime() - tried.getTime() > drillDays * 86_400_000 ? 'drill-due' : 'ready'
}

/** The key as it was typed from paper: groups, spaces and small letters are no matter. */
export function plainKey(typed: string): string {
  return typed.toUpperCase().replaceAll(/[^0-9A-Z]/g, '')
}
