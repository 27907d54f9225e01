import type { Slice, Sliced } from '#kernel/slice.ts'
import type { Banner, BannerKind, BannerStanding } from './banner.ts'

export const bannerStates = ['shown', 'coming', 'over', 'ended'] as const satisfies readonly BannerStanding[]
export const bannerOrders = ['newest', 'oldest', 'starts', 'ends'] as const

export type BannerSearch = Slice & {
  kind?: BannerKind | undefined
  /** As it is at this moment. */
  state?: BannerStanding | undefined
  at: Date
  /** Part of what it says in either language, with or without marks. */
  text?: string | undefined
  order: (typeof bannerOrders)[number]
}

export type BannerDirectory = { search: (wish: BannerSearch) => Promise<Sliced<Banner>> }
