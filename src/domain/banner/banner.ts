import { z } from 'zod'
import type { AccountId } from '#kernel/id.ts'

export const bannerKinds = ['information', 'maintenance'] as const
export type BannerKind = (typeof bannerKinds)[number]

/** Plain text on one line: no markup, and no control or direction characters, which could show something else than is there. */
const sentence = z.string().transform((text) => text.normalize('NFC').replaceAll(/\s+/g, ' ').trim()).pipe(z.string().min(1).max(300).regex(/^\P{C}*$/u))

/** What everybody is told on every page for a while, in both languages. */
export const bannerWanted = z.strictObject({ kind: z.enum(bannerKinds), text: z.strictObject({ vi: sentence, en: sentence }), startsAt: z.date(), endsAt: z.date() })
export type BannerWanted = z.infer<typeof bannerWanted>

export type Banner = BannerWanted & { id: string; by: AccountId; reason: string; /** Ended before its time. */ endedAt?: Date | undefined }

/** More at once nobody reads. */
export const mostAtOnce = 3

export type BannerFault = 'ends-before-start' | 'over-already' | 'too-many'

type Span = Pick<Banner, 'startsAt' | 'endsAt' | 'endedAt'>

const isUp = ({ startsAt, endsAt, endedAt }: Span, at: Date): boolean => startsAt <= at && at < endsAt && endedAt === undefined

/** Those to show at a moment, maintenance first, for it is what stops people. */
export function bannersAt<One extends Span & { kind: BannerKind }>(banners: readonly One[], at: Date): readonly One[] {
  const up = banners.filter((banner) => isUp(banner, at))
  return [...up.filter(({ kind }) => kind === 'maintenance'), ...up.filter(({ kind }) => kind !== 'maintenance')]
}

/** Those that are up at a moment or will be, the next first: who plans by it wants to know before. */
export function bannersAhead<One extends Span>(banners: readonly One[], at: Date): readonly One[] {
  return banners.filter(({ endsAt, endedAt }) => at < endsAt && endedAt === undefined).toSorted((one, other) => one.startsAt.getTime() - other.startsAt.getTime())
}

/** What is wrong with a wish beside those that are there, or nothing. */
export function bannerFault(wanted: Span, others: readonly Span[], now: Date): BannerFault | undefined {
  if (wanted.endsAt <= wanted.startsAt) return 'ends-before-start'
  if (wanted.endsAt <= now) return 'over-already'
  // As many as there ever are at once are there when one of them begins.
  const moments = [wanted, ...others].map(({ startsAt }) => startsAt).filter((at) => isUp(wanted, at))
  return moments.some((at) => others.filter((other) => isUp(other, at)).length >= mostAtOnce) ? 'too-many' : undefined
}

export type BannerStanding = 'coming' | 'shown' | 'over' | 'ended'

export function standingOf(banner: Span, at: Date): BannerStanding {
  if (banner.endedAt !== undefined) return 'ended'
  if (at < banner.startsAt) return 'coming'
  return isUp(banner, at) ? 'shown' : 'over'
}
