-- What an organisation lets somebody do in its name. Whom it names is sealed; an offer to nobody looks like any other.
create table mandate (
  id uuid primary key,
  organisation_id uuid not null references organisation (id),
  role text not null,
  services text[] not null,
  sectors text[] not null,
  starts_on date not null,
  ends_on date not null,
  giver_person_id uuid not null,
  giver_account_id uuid not null,
  blind bytea not null,
  number bytea not null,
  name bytea not null,
  person_id uuid,
  account_id uuid,
  state text not null check (state in ('offered', 'accepted', 'declined', 'ended')),
  offered_at timestamptz not null,
  accepted_at timestamptz,
  ended_at timestamptz,
  check (starts_on <= ends_on),
  check ((state in ('declined', 'ended')) = (ended_at is not null)),
  check ((accepted_at is null) = (account_id is null)),
  check (state <> 'accepted' or account_id is not null)
);
create index mandate_by_number on mandate (blind) where state in ('offered', 'accepted');
create index mandate_by_organisation on mandate (organisation_id, id);
create index mandate_by_holder on mandate (account_id) where state = 'accepted';
create index mandate_by_person on mandate (person_id) where state = 'accepted';

-- What was agreed to is what counts: a mandate is not widened and its end is final.
create function mandate_is_kept() returns trigger language plpgsql as $$
begin
  if tg_op = 'DELETE' then raise exception 'mandates are never removed' using errcode = '23514'; end if;
  if old.state in ('declined', 'ended') then raise exception 'a mandate that has ended stays so' using errcode = '23514'; end if;
  if (new.organisation_id, new.role, new.services, new.sectors, new.starts_on, new.ends_on, new.blind, new.giver_person_id)
    is distinct from (old.organisation_id, old.role, old.services, old.sectors, old.starts_on, old.ends_on, old.blind, old.giver_person_id) then
    raise exception 'a mandate does not change' using errcode = '23514';
  end if;
  return new;
end $$;
create trigger mandate_is_kept before update or delete on mandate for each row execute function mandate_is_kept();
