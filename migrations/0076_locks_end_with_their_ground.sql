-- The lock of an account ends where its ground does (A02), also as a user of one of the planes, outside of our program. Whoever may make the first administrators is the operator, who ends
-- what a body asked for (`eid account unlock`), and before whom no such trigger stands, as in migration 0074.
--
-- Neither plane says when a paper ends, or which it is: the registry does, when it is imported. So what follows the paper can be asked of the account.
create function account_paper_is_imported() returns trigger language plpgsql set search_path = pg_catalog, public, pg_temp as $$
begin
  if (new.paper, new.expires_on) is distinct from (old.paper, old.expires_on) and not has_table_privilege('public.officer_bootstrap', 'insert') then
    raise exception 'papers come from the registry' using errcode = '23514';
  end if;
  return new;
end $$;
create trigger account_paper_is_imported before update on account for each row execute function account_paper_is_imported();

create or replace function account_lock_of_others() returns trigger language plpgsql set search_path = pg_catalog, public, pg_temp as $$
declare papers constant jsonb := '{"card": "card-expired", "passport": "passport-expired", "residence-card": "residence-expired"}';
begin
  if has_table_privilege('public.officer_bootstrap', 'insert') then return case tg_op when 'DELETE' then old else new end; end if;

  if old.ground in ('card-expired', 'passport-expired', 'residence-expired') then
    if tg_op = 'UPDATE' then raise exception 'a lock stays what it was made' using errcode = '23514'; end if;
    -- Decree 69/2024 Art 15: the account follows its paper, by the day in Vietnam.
    if exists (
      select from public.account a where a.id = old.account_id and papers ->> coalesce(a.paper, 'card') = old.ground and a.expires_on < (now() at time zone 'Asia/Ho_Chi_Minh')::date) then
      raise exception 'a paper that has ended is not renewed by this' using errcode = '23514';
    end if;
    return old;
  end if;

  -- What its holder, a desk or a printed code opens is opened in the citizens' plane, where the passkey is shown.
  if old.ground <> 'holder-request' or (tg_op = 'DELETE' and has_table_privilege('public.officer_role', 'insert')) then
    raise exception 'this ground ends elsewhere' using errcode = '23514';
  end if;
  if tg_op = 'DELETE' then return old; end if;
  if (new.account_id, new.ground) is distinct from (old.account_id, old.ground) then raise exception 'a lock stays what it was made' using errcode = '23514'; end if;
  -- The console carries out what a report of a lost device has begun: it makes a lock heavier, and lets no passkey open it.
  if has_table_privilege('public.officer_role', 'insert') and (
    new.since < old.since or (old.lost and not new.lost) or new.opens_at is distinct from old.opens_at or new.openings not in ('{}', old.openings)
    or (new.by_code and not old.by_code and old.lost)
  ) then
    raise exception 'a lock becomes no lighter here' using errcode = '23514';
  end if;
  return new;
end $$;
