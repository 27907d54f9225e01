-- A representative raises no account that something of before still opens (Decree 69/2024 Art 10.2): whoever registered at home in that name may be somebody else, and their passkey or
-- printed code would open level 2 on the day that the representation ends. An older server still raises whoever has neither.
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
      and (shown.kinds @> array['passkey'] or (shown.kinds @> array['representative-seen', 'representative-passkey']
        and not exists (select from public.passkey k where k.account_id = new.id and k.removed_at is null)
        and not exists (select from public.recovery_code r where r.account_id = new.id)))) then
    raise exception 'level 2 follows from what was seen at a desk' using errcode = '23514';
  end if;
  return null;
end $$;
