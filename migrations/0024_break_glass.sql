-- The sealed key of the emergency (A07): what works when nobody can sign in. Only a keyed hash of it is here, so that the database alone opens
-- nothing; and two people decided that there is one, whatever the program believes.
create table break_glass_key (
  id uuid primary key,
  hash bytea not null unique check (length(hash) = 32),
  proposal_id uuid not null unique,
  sealed_at timestamptz not null,
  drilled_at timestamptz,
  spent_at timestamptz
);
create function break_glass_key_is_decided() returns trigger language plpgsql as $$
begin
  if tg_op = 'INSERT' then
    if not exists (select 1 from proposal where id = new.proposal_id and state = 'approved' and act = 'break-glass.seal') then
      raise exception 'no two people decided that a key is sealed';
    end if;
    return new;
  end if;
  if tg_op <> 'UPDATE' then raise exception 'a sealed key is never removed'; end if;
  if old.spent_at is not null then raise exception 'a sealed key opens once'; end if;
  if (new.id, new.hash, new.proposal_id, new.sealed_at) is distinct from (old.id, old.hash, old.proposal_id, old.sealed_at) then
    raise exception 'a sealed key is never changed';
  end if;
  return new;
end $$;
create trigger break_glass_key_is_decided before insert or update or delete on break_glass_key for each row execute function break_glass_key_is_decided();
create trigger break_glass_key_is_not_emptied before truncate on break_glass_key for each statement execute function break_glass_key_is_decided();

-- What it was opened for, written before any of it was done.
create table break_glass_act (
  key_id uuid not null references break_glass_key (id),
  act text not null check (act in ('client.suspend', 'officer.lock', 'key.activate', 'key.revoke')),
  subject text not null,
  primary key (key_id, act, subject)
);
create trigger break_glass_act_is_final before update or delete on break_glass_act for each row execute function audit_event_is_final();
create trigger break_glass_act_is_not_emptied before truncate on break_glass_act for each statement execute function audit_event_is_final();

-- A key is decided about by two people, or by the sealed key for just that.
alter table signing_key_change alter column proposal_id drop not null;
alter table signing_key_change add column break_glass uuid;
alter table signing_key_change add constraint signing_key_change_decided check (num_nonnulls(proposal_id, break_glass) = 1);
create or replace function signing_key_change_is_decided() returns trigger language plpgsql as $$
begin
  if tg_op <> 'INSERT' then raise exception 'what was decided about a key is never changed or removed'; end if;
  if not exists (select 1 from proposal where id = new.proposal_id and state = 'approved' and act = 'key.' || new.act and subject = new.kid)
    and not exists (select 1 from break_glass_act where key_id = new.break_glass and act = 'key.' || new.act and subject = new.kid) then
    raise exception 'no two people decided this about the key';
  end if;
  return new;
end $$;
