-- What two officers decide is asked for by the tables themselves, also of whoever holds the rights of the console's user and runs a program of their own (A01, A02). Whoever may
-- make the first administrators is the operator, before whom no trigger stands; which is asked of `officer_bootstrap`, as in migration 0064. The code is that of a
-- broken rule and not of a lacking right: what a role may do with a table stands in the table of grants.

-- A role comes from an approved proposal that names just it, once, and from nobody who gains by it. Afterwards it only ends.
create function officer_role_is_decided() returns trigger language plpgsql set search_path = pg_catalog, public, pg_temp as $$
begin
  if has_table_privilege('public.officer_bootstrap', 'insert') then return new; end if;
  if tg_op = 'UPDATE' then
    if old.ended_at is not null or new.ended_at is null or to_jsonb(new) - 'ended_at' is distinct from to_jsonb(old) - 'ended_at' then
      raise exception 'of a role only its end is written, once' using errcode = '23514';
    end if;
    return new;
  end if;
  if new.ended_at is not null then raise exception 'a role begins before it ends' using errcode = '23514'; end if;
  -- One after the other, so that nobody gives twice what was decided once.
  perform from public.proposal p where p.id = new.proposal_id for update;
  if not exists (
    select from public.proposal p
      cross join lateral jsonb_array_elements(case p.act when 'role.grant' then jsonb_build_array(p.change -> 'role') when 'role.many' then p.change -> 'grants' else '[]' end) as wanted
    where p.id = new.proposal_id and p.state = 'approved' and new.account_id not in (p.proposer, p.decided_by)
      and wanted ->> 'account' = new.account_id::text and wanted ->> 'role' = new.role and wanted ->> 'ends_on' = to_char(new.ends_on, 'YYYY-MM-DD')
      and wanted ->> 'sector' is not distinct from new.sector and wanted -> 'post' is not distinct from new.post
  ) then
    raise exception 'no two people decided that this account gets this role' using errcode = '23514';
  end if;
  if exists (
    select from public.officer_role r where r.proposal_id = new.proposal_id and r.account_id = new.account_id and r.role = new.role and r.ends_on = new.ends_on
      and r.sector is not distinct from new.sector and r.post is not distinct from new.post
  ) then
    raise exception 'what was decided once is given once' using errcode = '23514';
  end if;
  return new;
end $$;
create trigger officer_role_is_decided before insert or update on officer_role for each row execute function officer_role_is_decided();

-- A key is named by the role that comes in the same transaction, at the time of the database, and by nothing else. `pg_trigger_depth()` would not tell: whoever may make a
-- temporary table puts a trigger of their own on it. A row that was written in this transaction and has no end is one that was inserted in it (the trigger above);
-- transactions here have no savepoints, whose rows bear a number of their own.
create or replace function officer_key_is_kept() returns trigger language plpgsql set search_path = pg_catalog, public, pg_temp as $$
begin
  if tg_op <> 'INSERT' then raise exception 'that a key was named is never changed or removed'; end if;
  if not exists (select from public.passkey p where p.id = new.passkey_id and p.account_id = new.account_id) then raise exception 'this passkey is not of this account'; end if;
  if has_table_privilege('public.officer_bootstrap', 'insert') then return new; end if;
  if not exists (
    select from public.officer_role r where r.account_id = new.account_id and r.ended_at is null and r.xmin = pg_current_xact_id()::xid) then
    raise exception 'keys are named with a role' using errcode = '23514';
  end if;
  new.named_at := now();
  return new;
end $$;

-- A doubt ends by the proposal that names its reading, in the name of who decided it, who is not who read.
create function desk_doubt_end_is_decided() returns trigger language plpgsql set search_path = pg_catalog, public, pg_temp as $$
begin
  if not exists (
    select from public.proposal p join public.desk_reading r on r.id = new.reading_id
      cross join lateral jsonb_array_elements(p.change -> 'readings') as shown
    where p.id = new.proposal_id and p.state = 'approved' and p.act = 'doubt.end' and p.decided_by = new.decided_by and r.officer <> p.decided_by
      and shown ->> 'id' = r.id::text and shown ->> 'by' = r.officer::text and shown ->> 'chip' = r.reason
  ) then
    raise exception 'no two people decided that this doubt ends' using errcode = '23514';
  end if;
  return new;
end $$;
create trigger desk_doubt_end_is_decided before insert on desk_doubt_end for each row execute function desk_doubt_end_is_decided();

-- Where nobody is made an officer, an account is opened on no ground that an officer or a body ends (config/account.json): only what its holder ends, and what follows the paper.
create function account_lock_of_others() returns trigger language plpgsql set search_path = pg_catalog, public, pg_temp as $$
declare own constant text[] := array['holder-request', 'card-expired', 'passport-expired', 'residence-expired'];
begin
  if not has_table_privilege('public.officer_role', 'insert') then
    if old.ground <> all (own) then raise exception 'this ground ends elsewhere' using errcode = '23514'; end if;
    if tg_op = 'UPDATE' and (new.account_id, new.ground) is distinct from (old.account_id, old.ground) then
      raise exception 'a lock stays what it was made' using errcode = '23514';
    end if;
  end if;
  return case tg_op when 'DELETE' then old else new end;
end $$;
create trigger account_lock_of_others before update or delete on account_lock for each row execute function account_lock_of_others();
