import { sql } from 'kysely'
import { contactId, newId, noticeId, type AccountId, type ContactId } from '#kernel/id.ts'
import { occasion as occasionShape, type Occasion } from '#domain/notice/occasion.ts'
import { officeFor } from '#domain/notice/office.ts'
import { referenceOf, type NoticeReference } from '#domain/notice/reference.ts'
import type { Channel, NoticeStore } from '#domain/notice/store.ts'
import type { Person } from '#domain/registry/person.ts'
import type { Language } from '#domain/signal/notice.ts'
import type { Sealer } from '#keys/seal.ts'
import { enqueue } from '#storage/jobs/enqueue.ts'
import { openContact } from './contact-row.ts'
import type { Db } from './db.ts'

/**
 * Tells the holder of an account, within whatever transaction `db` is: the notice and its deliveries are there if and only if the change is.
 * The dead are told nothing.
 */
export async function tellHolder(db: Db, account: AccountId, { occasion, at }: { occasion: Occasion; at: Date }): Promise<void> {
  const notice = noticeId.parse(newId(at.getTime()))
  const written = await db.change(sql`
    insert into notice (account_id, id, occasion, at)
    select id, ${notice}, ${JSON.stringify(occasion)}::jsonb, ${at} from account where id = ${account} and state <> 'deceased'`)
  if (written !== 1) return
  const to = await db.rows(sql<{ contact_id: string; channel: Channel }>`
    insert into notice_delivery (account_id, notice_id, contact_id, channel)
    select account_id, ${notice}, id, case kind when 'phone' then 'sms' else 'email' end from contact where account_id = ${account} and ended_at is null
    returning contact_id, channel`)
  await enqueue(db, to.map(({ contact_id: contact, channel }) => ({
    signal: { kind: 'notice' as const, account, notice, contact: contactId.parse(contact) }, at: servers[channel],
  })))
}

/** All mails go through one server and all messages through another, and each takes only so many at a time. */
const servers = { email: 'mail', sms: 'sms' } satisfies Record<Channel, string>

/** So many are shown, and so many references count: the newest. */
const most = 100

type Row = { id: string; occasion: unknown; at: Date }
type DueRow = Row & { channel: Channel; value: Uint8Array; notice_language: Language | null; kind: Person['kind'] | null }

export const notices = (db: Db, sealer: Sealer): NoticeStore => {
  /** Follows from the id and a key of ours, so that nothing that locks an account is stored. */
  const referenceAt = (account: AccountId, id: string): NoticeReference => referenceOf(sealer.index('notice-reference', `${account} ${id}`))
  const shown = (account: AccountId, { id, occasion, at }: Row) => ({ occasion: occasionShape.parse(occasion), at, reference: referenceAt(account, id) })
  /** Those that lock it: none of before a desk gave the account back, nor what told an address that it is removed. */
  const newest = (account: AccountId) => sql<{ id: string }>`
    select id from notice where account_id = ${account} and occasion->>'of' <> 'contact-removed'
      and at >= coalesce((select references_since from account where id = ${account}), '-infinity') order by id desc limit ${most}`

  return {
    async ofAccount(account) {
      const rows = await db.rows(sql<Row & { deliveries: { channel: Channel; sent_at: string | null }[] | null }>`
        select n.id, n.occasion, n.at, (
          select jsonb_agg(jsonb_build_object('channel', d.channel, 'sent_at', d.sent_at) order by d.channel, d.contact_id)
          from notice_delivery d where d.account_id = n.account_id and d.notice_id = n.id) as deliveries
        from notice n where n.account_id = ${account} order by n.id desc limit ${most}`)
      return rows.map((row) => ({
        ...shown(account, row), id: noticeId.parse(row.id),
        deliveries: (row.deliveries ?? []).map(({ channel, sent_at: sentAt }) => ({ channel, sentAt: sentAt === null ? undefined : new Date(sentAt) })),
      }))
    },

    async bears(account, reference) {
      const ids = (await db.rows(newest(account))).map(({ id }) => id)
      // As many as anybody may have, whoever it is.
      const made = Array.from({ length: most }, (_, at) => ({ counts: at < ids.length, reference: referenceAt(account, ids[at] ?? '') }))
      return made.filter((one) => one.counts && one.reference === reference).length > 0
    },

    async due(account, notice, contact) {
      const row = await db.first(sql<DueRow>`
        select n.id, n.occasion, n.at, d.channel, c.value, a.notice_language, p.kind
        from notice_delivery d join notice n on n.account_id = d.account_id and n.id = d.notice_id
          join contact c on c.account_id = d.account_id and c.id = d.contact_id join account a on a.id = d.account_id left join person p on p.id = a.person_id
        where d.account_id = ${account} and d.notice_id = ${notice} and d.contact_id = ${contact} and d.sent_at is null
          and a.state <> 'deceased' and p.life is distinct from 'deceased'`)
      return row && { ...shown(account, row), channel: row.channel, to: openContact(sealer, account, { id: contact, value: row.value }), language: row.notice_language ?? undefined, office: officeFor({ kind: row.kind ?? 'citizen' }) }
    },

    async sent(account, notice, contact: ContactId, at) {
      await db.change(sql`update notice_delivery set sent_at = ${at} where account_id = ${account} and notice_id = ${notice} and contact_id = ${contact} and sent_at is null`)
    },

    async language(account) {
      return (await db.first(sql<{ notice_language: Language | null }>`select notice_language from account where id = ${account}`))?.notice_language ?? undefined
    },

    async choose(account, language) {
      await db.change(sql`update account set notice_language = ${language ?? null} where id = ${account}`)
    },
  }
}
