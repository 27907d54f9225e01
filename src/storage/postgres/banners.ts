import { sql, type RawBuilder } from 'kysely'
import { accountId } from '#kernel/id.ts'
import { bannerFault, type Banner, type BannerKind } from '#domain/banner/banner.ts'
import type { BannerDirectory, BannerSearch } from '#domain/banner/search.ts'
import type { BannerStore } from '#domain/banner/store.ts'
import { insertEvents } from './audit.ts'
import type { Db } from './db.ts'
import { every, holds } from './sought.ts'

type Row = { id: string; kind: BannerKind; text_vi: string; text_en: string; starts_at: Date; ends_at: Date; ended_at: Date | null; set_by: string; reason: string }

const columns = sql`id, kind, text_vi, text_en, starts_at, ends_at, ended_at, set_by, reason`

export const banners = (db: Db): BannerStore & BannerDirectory => ({
  current: (at) => current(db, at),

  async list(most) {
    return (await db.rows(sql<Row>`select ${columns} from banner order by id desc limit ${most}`)).map(toBanner)
  },

  async search({ order, offset, most, ...wish }) {
    const where = conditionOf(wish)
    const counted = await db.first(sql<{ all: number }>`select count(*) as all from banner where ${where}`)
    const rows = await db.rows(sql<Row>`select ${columns} from banner where ${where} order by ${orders[order]}, id desc limit ${most} offset ${offset}`)
    return { rows: rows.map(toBanner), all: counted?.all ?? 0 }
  },

  async find(id) {
    const row = await db.first(sql<Row>`select ${columns} from banner where id = ${id}`)
    return row && toBanner(row)
  },

  add: (banner, { at, event }) => db.transaction(async (tx) => {
    // One at a time, so that each sees those before it.
    await tx.change(sql`lock table banner in share row exclusive mode`)
    const fault = bannerFault(banner, await current(tx, at), at)
    if (fault !== undefined) return fault
    const { id, kind, text, startsAt, endsAt, by, reason } = banner
    await tx.change(sql`
      insert into banner (id, kind, text_vi, text_en, starts_at, ends_at, set_by, reason)
      values (${id}, ${kind}, ${text.vi}, ${text.en}, ${startsAt}, ${endsAt}, ${by}, ${reason})`)
    await insertEvents(tx, [event], at)
    return undefined
  }),

  end: (id, { at, event }) => db.transaction(async (tx) => {
    const ended = await tx.change(sql`update banner set ended_at = ${at} where id = ${id} and ended_at is null and ends_at > ${at}`)
    if (ended === 1) await insertEvents(tx, [event], at)
    return ended === 1
  }),
})

const orders = { newest: sql`id desc`, oldest: sql`id`, starts: sql`starts_at`, ends: sql`coalesce(ended_at, ends_at)` } satisfies Record<BannerSearch['order'], RawBuilder<unknown>>

/** As `standingOf` says it. */
function conditionOf({ kind, state, at, text }: Pick<BannerSearch, 'kind' | 'state' | 'at' | 'text'>): RawBuilder<unknown> {
  const states = {
    ended: sql`ended_at is not null`,
    coming: sql`ended_at is null and starts_at > ${at}`,
    shown: sql`ended_at is null and starts_at <= ${at} and ends_at > ${at}`,
    over: sql`ended_at is null and starts_at <= ${at} and ends_at <= ${at}`,
  }
  return every([kind && sql`kind = ${kind}`, state && states[state], text && holds(sql`concat_ws(' ', text_vi, text_en)`, text)])
}

async function current(db: Db, at: Date): Promise<readonly Banner[]> {
  return (await db.rows(sql<Row>`select ${columns} from banner where ended_at is null and ends_at > ${at} order by starts_at, id`)).map(toBanner)
}

function toBanner({ id, kind, text_vi: vi, text_en: en, starts_at: startsAt, ends_at: endsAt, ended_at: endedAt, set_by: by, reason }: Row): Banner {
  return { id, kind, text: { vi, en }, startsAt, endsAt, endedAt: endedAt ?? undefined, by: accountId.parse(by), reason }
}
