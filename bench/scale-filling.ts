import { sql, type RawBuilder } from 'kysely'
import { sealedColumns } from '#storage/postgres/person-row.ts'

/** A UUIDv7 of a time and of some text: the accounts of a country are opened over years, so their ids are in order of time. */
const idAt = (milliseconds: string, text: string) =>
  sql.raw(`(lpad(to_hex(${milliseconds}), 12, '0') || '7' || substr(md5(${text}), 1, 3) || '8' || substr(md5(${text}), 4, 15))::uuid`)

/** As phones make them: 32 bytes that look random (base64url). */
export const credentialIdOf = (seed: RawBuilder<unknown>) => sql`translate(rtrim(encode(sha256(${seed}), 'base64'), '='), '+/', '-_')`

/** As long as a real one (COSE, ES256); nobody can sign with it. Those whose sign-ins are measured get one that is held. */
const nobodysKey = sql.raw(`decode(repeat('a5', 77), 'hex')`)

const milliseconds = `(extract(epoch from a.created_at) * 1000)::bigint`

/** Version 8 (RFC 9562 §5.8), where those that were imported have 7: that is how copies are told apart. */
const copyId = (id: string) => sql.raw(`overlay(overlay(${id}::text placing lpad(to_hex(n), 4, '0') from 25 for 4) placing '8' from 15 for 1)::uuid`)

/** People whose record can be opened. */
export const isImported = (id: string) => sql.raw(`substr(${id}::text, 15, 1) = '7'`)

const sealed = sql.join(sealedColumns.map((column) => sql.ref(column)))

/**
 * So many times the registry once more, under ids and keyed indexes of its own. What is sealed cannot be opened there, for it is bound to its row;
 * it weighs as much, and it is what an index has to be found among.
 */
export const copiesOf = (times: number): readonly RawBuilder<unknown>[] => [
  sql`
    insert into person (id, kind, life, province, source_version, confirmed_at, ${sealed})
    select ${copyId('id')}, kind, life, province, source_version, confirmed_at, ${sealed} from person, generate_series(1, ${times}::int) as n where ${isImported('id')}`,
  sql`
    insert into person_number (blind, person_id, number, valid_from, valid_to, reason)
    select sha256(blind || int4send(n)), ${copyId('person_id')}, number, valid_from, valid_to, reason
    from person_number, generate_series(1, ${times}::int) as n where ${isImported('person_id')}`,
]

/**
 * What people who use the system have, one row or more for each of the living: an account and a passkey, a second one for every fifth, an address,
 * a subject and a consent at one service, and a session for every fifth. The log of record has a bench of its own (`npm run bench:audit`).
 */
export const fillings: Readonly<Record<string, readonly RawBuilder<unknown>[]>> = {
  accounts: [sql`
    insert into account (id, person_id, level, state, paper, created_at)
    select ${idAt('1700000000000 + n * 9', 'p.id::text')}, p.id, 2, 'active', 'card', to_timestamp((1700000000000 + n * 9) / 1000.0)
    from (select id, row_number() over () as n from person where life = 'alive') as p`],
  passkeys: [
    passkeysWhere(sql.raw('uuid_send(a.id)'), sql`true`),
    passkeysWhere(sql.raw(`uuid_send(a.id) || '\\x02'::bytea`), sql`get_byte(uuid_send(a.id), 15) % 5 = 0`),
  ],
  subjects: [sql`
    insert into subject (account_id, sector, sub) select a.id, 'portal.example', substr(encode(sha256(uuid_send(a.id)), 'hex'), 1, 52) from account a`],
  consents: [sql`
    insert into consent (account_id, client_id, id, granted, declined, given_at)
    select a.id, 'portal', ${idAt(`${milliseconds} + 60000`, `'c' || a.id::text`)}, '{"name": "1", "birthdate": "1"}', '{}', a.created_at from account a`],
  contacts: [sql`
    insert into contact (account_id, id, kind, value, verified_at)
    select a.id, ${idAt(milliseconds, `'k' || a.id::text`)}, 'email', sha256(uuid_send(a.id)) || sha256(uuid_send(a.person_id)), a.created_at from account a`],
  sessions: [sql`
    insert into service_session (account_id, session_uid, client_id, sid, grant_id, since, ends_at)
    select a.id, substr(md5(a.id::text), 1, 21), 'portal', substr(md5('s' || a.id::text), 1, 21), substr(md5('g' || a.id::text), 1, 21), now(), now() + interval '1 day'
    from account a where get_byte(uuid_send(a.id), 15) % 5 = 0`],
}

function passkeysWhere(seed: RawBuilder<unknown>, where: RawBuilder<unknown>): RawBuilder<unknown> {
  return sql`
    insert into passkey (id, account_id, public_key, counter, transports, aaguid, backup_eligible, backed_up, hardware_bound, created_at)
    select ${credentialIdOf(seed)}, a.id, ${nobodysKey}, 0, '{internal,hybrid}', '00000000-0000-0000-0000-000000000000', true, true, false, a.created_at
    from account a where ${where}`
}
