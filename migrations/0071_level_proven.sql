-- Level 2 follows from what an officer saw at a desk (Decree 69/2024 Art 10.2, 11.2), also for who took a process over, or the rights of its user of the
-- database (A02): what was seen and that the numbers were the same only the console writes, and evidence and level only the citizens' plane. Whoever may
-- make the first administrators (migration 0064) needs no desk.
create function account_evidence_was_seen() returns trigger language plpgsql set search_path = pg_catalog, public, pg_temp as $$
begin
  if has_table_privilege('public.officer_bootstrap', 'insert') then return new; end if;
  if not exists (
    select from public.desk_application a join public.desk_code c on c.application_id = a.id
    where a.id = new.application_id and a.account_id = new.account_id and a.officer = new.officer and a.state = 'open'
      and c.confirmed_at is not null and c.browser is not null and c.ended is null
      and case new.kind
        when 'passkey' then exists (select from public.passkey p where p.account_id = new.account_id and p.removed_at is null)
        when 'chip-verified' then exists (select from public.desk_reading r where r.application_id = a.id and r.officer = a.officer and r.reason is null)
        else new.kind = any (a.seen) end) then
    raise exception 'evidence is what was seen at a desk' using errcode = '23514';
  end if;
  return new;
end $$;
create trigger account_evidence_was_seen before insert on account_evidence for each row execute function account_evidence_was_seen();

-- Looked at when the transaction ends: level and evidence come in one, in whichever order. What is asked for is the least that the decree does; that
-- config/desk.json asks for more is the program's.
create function account_level_is_proven() returns trigger language plpgsql set search_path = pg_catalog, public, pg_temp as $$
begin
  if has_table_privilege('public.officer_bootstrap', 'insert') then return null; end if;
  if tg_op = 'UPDATE' then
    if (new.id, new.person_id) is not distinct from (old.id, old.person_id) and new.level <= old.level then return null; end if;
  end if;
  if not exists (
    select from public.desk_application a join public.desk_code c on c.application_id = a.id join public.person p on p.id = a.person_id
    where a.id in (select e.application_id from public.account_evidence e where e.account_id = new.id)
      and a.account_id = new.id and a.person_id = new.person_id and a.state = 'done' and c.confirmed_at is not null
      and (select array_agg(e.kind) from public.account_evidence e where e.account_id = new.id and e.application_id = a.id)
        @> array[case p.kind when 'foreigner' then 'passport-seen' else 'card-seen' end, 'face-compared', 'passkey']) then
    raise exception 'level 2 follows from what was seen at a desk' using errcode = '23514';
  end if;
  return null;
end $$;
create constraint trigger account_level_is_proven after insert or update of level, id, person_id on account deferrable initially deferred
  for each row when (new.level > 1) execute function account_level_is_proven();

-- A code that was denied, or is used, is not made good again: only another code is, which nobody has confirmed.
create function desk_code_is_kept() returns trigger language plpgsql set search_path = pg_catalog, public, pg_temp as $$
begin
  if old.ended is not null and new.ended is distinct from old.ended and new.confirmed_at is not null then
    raise exception 'a code that has ended stays so' using errcode = '23514';
  end if;
  return new;
end $$;
create trigger desk_code_is_kept before update on desk_code for each row execute function desk_code_is_kept();
