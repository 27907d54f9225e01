-- What two people decided about signing keys, and from when it counts. The keys themselves are in the key file, which the operator has.
create table signing_key_change (
  seq int primary key check (seq > 0),
  act text not null check (act in ('activate', 'retire')),
  kid text not null check (kid <> ''),
  alg text not null,
  at timestamptz not null,
  decided_at timestamptz not null,
  proposal_id uuid not null unique,
  constraint signing_key_change_not_backwards check (at >= decided_at)
);

-- That two people decided it, about this key, is settled here, whatever the program believes (A01). What they decided is never taken back.
create function signing_key_change_is_decided() returns trigger language plpgsql as $$
begin
  if tg_op <> 'INSERT' then raise exception 'what was decided about a key is never changed or removed'; end if;
  if not exists (select 1 from proposal where id = new.proposal_id and state = 'approved' and act = 'key.' || new.act and subject = new.kid) then
    raise exception 'no two people decided this about the key';
  end if;
  return new;
end $$;
create trigger signing_key_change_is_decided before insert or update or delete on signing_key_change for each row execute function signing_key_change_is_decided();
create trigger signing_key_change_is_not_emptied before truncate on signing_key_change for each statement execute function signing_key_change_is_decided();
