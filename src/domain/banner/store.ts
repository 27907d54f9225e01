import type { AuditEvent } from '#domain/audit/event.ts'
import type { Banner, BannerFault } from './banner.ts'

export type BannerStore = {
  /** All that are not over at this moment, also those to come. */
  current: (at: Date) => Promise<readonly Banner[]>
  /** The newest, also those that are over. */
  list: (most: number) => Promise<readonly Banner[]>
  find: (id: string) => Promise<Banner | undefined>
  /** With the event, all or nothing; answers what is wrong. Of racing ones no more get in than may be shown at once. */
  add: (banner: Banner, how: { at: Date; event: AuditEvent }) => Promise<BannerFault | undefined>
  /** Takes it off before its time, with the event; `false` where it was over already. */
  end: (id: string, how: { at: Date; event: AuditEvent }) => Promise<boolean>
}

/** What this process knows to show. Whatever fails, pages are shown without. */
export type ShownBanners = {
  at: (moment: Date) => readonly Banner[]
  /** Those up at this moment and those to come, the next first. */
  ahead: (moment: Date) => readonly Banner[]
  /** Before a page: looks again when what is known is some seconds old. Never throws, and never takes long. */
  refresh: () => Promise<void>
  /** This process has changed them. */
  forget: () => void
}
