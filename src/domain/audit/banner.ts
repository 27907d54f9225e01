import type { AccountId } from '#kernel/id.ts'
import type { BannerKind } from '#domain/banner/banner.ts'

/** What everybody was told, and by whom; the words stand with the banner. */
export type BannerEvent =
  | { type: 'banner.set'; banner: string; kind: BannerKind; by: AccountId; reason: string }
  | { type: 'banner.ended'; banner: string; by: AccountId; reason: string }
