-- Level 2 of somebody whom a representative stands for (Decree 69/2024 Art 10.2): under 14, or under guardianship. They have no passkey of their own; the representative is seen at
-- the desk and shows theirs. Whose that was stands with the evidence.
alter table account_evidence add column representative uuid;

create or replace function account_evidence_was_seen() returns trigger language plpgsql set search_path = pg_catalog, public, pg_temp as $$
begin
  if has_table_privilege('public.officer_bootstrap', 'insert') then return new; end if;
  if (new.kind = 'representative-passkey') <> (new.representative is not null) then
    raise exception 'evidence is what was seen at a desk' using errcode = '23514';
  end if;
  if not exists (
    select from public.desk_application a join public.desk_code c on c.application_id = a.id
    where a.id = new.application_id and a.account_id = new.account_id and a.officer = new.officer and a.state = 'open'
      and c.confirmed_at is not null and c.browser is not null and c.ended is null
      and case new.kind
        when 'passkey' then exists (select from public.passkey p where p.account_id = new.account_id and p.removed_at is null)
        when 'chip-verified' then exists (select from public.desk_reading r where r.application_id = a.id and r.officer = a.officer and r.reason is null)
        -- Of an officer's own child another officer sees to it; which person may act for whom is sealed in the register, and the program's.
        when 'representative-passkey' then 'representative-seen' = any (a.seen) and new.representative not in (a.account_id, a.officer) and exists (
          select from public.account r where r.id = new.representative and r.state = 'active' and r.level = 2
            and exists (select from public.passkey p where p.account_id = r.id and p.removed_at is null)
            and not exists (select from public.account_lock l where l.account_id = r.id))
        else new.kind = any (a.seen) end) then
    raise exception 'evidence is what was seen at a desk' using errcode = '23514';
  end if;
  return new;
end $$;

create or replace function account_level_is_proven() returns trigger language plpgsql set search_path = pg_catalog, public, pg_temp as $$
begin
  if has_table_privilege('public.officer_bootstrap', 'insert') then return null; end if;
  if tg_op = 'UPDATE' then
    if (new.id, new.person_id) is not distinct from (old.id, old.person_id) and new.level <= old.level then return null; end if;
  end if;
  if not exists (
    select from public.desk_application a join public.desk_code c on c.application_id = a.id join public.person p on p.id = a.person_id
      cross join lateral (select array_agg(e.kind) as kinds from public.account_evidence e where e.account_id = new.id and e.application_id = a.id) as shown
    where a.id in (select e.application_id from public.account_evidence e where e.account_id = new.id)
      and a.account_id = new.id and a.person_id = new.person_id and a.state = 'done' and c.confirmed_at is not null
      and shown.kinds @> array[case p.kind when 'foreigner' then 'passport-seen' else 'card-seen' end, 'face-compared']
      and (shown.kinds @> array['passkey'] or shown.kinds @> array['representative-seen', 'representative-passkey'])) then
    raise exception 'level 2 follows from what was seen at a desk' using errcode = '23514';
  end if;
  return null;
end $$;
