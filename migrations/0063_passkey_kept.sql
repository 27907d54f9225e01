-- What opens an account stays what it was made (A02): who took a process over, or the rights of its database, makes no key of somebody else into one
-- of their own, and brings back none that was removed. Only what was set aside by a recovery comes back.
create function passkey_is_kept() returns trigger language plpgsql set search_path = pg_catalog, public, pg_temp as $$
begin
  if tg_op <> 'UPDATE' then raise exception 'passkeys are removed by a day and never from their table'; end if;
  if (new.id, new.account_id, new.public_key, new.transports, new.aaguid, new.backup_eligible, new.hardware_bound, new.created_at)
    is distinct from (old.id, old.account_id, old.public_key, old.transports, old.aaguid, old.backup_eligible, old.hardware_bound, old.created_at) then
    raise exception 'a passkey is never made into another';
  end if;
  if old.recovered and not new.recovered then raise exception 'a passkey came with a recovery or did not'; end if;
  if old.removed_at is not null and new.removed_at is distinct from old.removed_at and not (new.removed_at is null and old.set_aside) then
    raise exception 'a passkey that was removed stays so';
  end if;
  if new.set_aside and not old.set_aside and (old.removed_at is not null or new.removed_at is null) then
    raise exception 'only a passkey that signs in is set aside';
  end if;
  return new;
end $$;
create trigger passkey_is_kept before update or delete on passkey for each row execute function passkey_is_kept();
create trigger passkey_is_not_emptied before truncate on passkey for each statement execute function passkey_is_kept();

-- Whoever may give nobody a role gives nobody who has one a key: with it they would be that officer.
create function passkey_of_officer() returns trigger language plpgsql set search_path = pg_catalog, public, pg_temp as $$
begin
  if not has_table_privilege('public.officer_role', 'insert') and exists (
    select from public.officer_role r where r.account_id = new.account_id and r.ended_at is null and r.ends_on >= (now() at time zone 'Asia/Ho_Chi_Minh')::date) then
    raise exception 'whoever holds an office gets no passkey from here' using errcode = 'insufficient_privilege';
  end if;
  return new;
end $$;
create trigger passkey_of_officer before insert on passkey for each row execute function passkey_of_officer();

-- With which keys an officer decides: those that stood there when the role was given, by whoever gave it. A key that came later, by whatever way,
-- signs nothing that counts.
create table officer_key (
  passkey_id text primary key,
  account_id uuid not null,
  named_at timestamptz not null
);
create index officer_key_by_account on officer_key (account_id);
-- Who had a role until now decided with whatever they had.
insert into officer_key (passkey_id, account_id, named_at)
  select id, account_id, created_at from passkey where account_id in (select account_id from officer_role);

create function officer_key_is_kept() returns trigger language plpgsql set search_path = pg_catalog, public, pg_temp as $$
begin
  if tg_op <> 'INSERT' then raise exception 'that a key was named is never changed or removed'; end if;
  if not exists (select from public.passkey p where p.id = new.passkey_id and p.account_id = new.account_id) then raise exception 'this passkey is not of this account'; end if;
  return new;
end $$;
create trigger officer_key_is_kept before insert or update or delete on officer_key for each row execute function officer_key_is_kept();
create trigger officer_key_is_not_emptied before truncate on officer_key for each statement execute function officer_key_is_kept();

create function officer_role_names_keys() returns trigger language plpgsql set search_path = pg_catalog, public, pg_temp as $$
begin
  insert into public.officer_key (passkey_id, account_id, named_at)
    select p.id, p.account_id, new.since from public.passkey p where p.account_id = new.account_id and p.removed_at is null on conflict do nothing;
  return new;
end $$;
create trigger officer_role_names_keys after insert on officer_role for each row execute function officer_role_names_keys();

-- A trigger looks into the tables that it means: whoever may make a temporary table puts none of that name before them (PostgreSQL, "Writing SECURITY
-- DEFINER Functions Safely", which holds for every function that decides).
do $$
declare it regprocedure;
begin
  for it in select p.oid::regprocedure from pg_proc p join pg_namespace n on n.oid = p.pronamespace where n.nspname = 'public' and p.prorettype = 'trigger'::regtype loop
    execute format('alter function %s set search_path = pg_catalog, public, pg_temp', it);
  end loop;
end $$;
