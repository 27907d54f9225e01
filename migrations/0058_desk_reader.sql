-- Which reader of chips an officer has let in for one application: the last one. Its code is sealed for the officer's own screen, and a keyed hash for the
-- reader; it asks one chip once and is heard once.
create table desk_reader (
  application_id uuid primary key references desk_application (id),
  hash bytea not null unique,
  sealed bytea not null,
  officer uuid not null,
  session text not null,
  expires_at timestamptz not null,
  asked_at timestamptz,
  heard_at timestamptz,
  check (heard_at is null or asked_at is not null)
);

-- What the chips of cards have shown at desks. Of a verified one, which certificates said so, for they may turn out to be false later; nothing of what the
-- card says stands here. Kept for ever like the evidence that follows from it (Decree 69/2024 Art 28).
create table desk_reading (
  id uuid primary key,
  application_id uuid not null references desk_application (id),
  officer uuid not null,
  at timestamptz not null,
  -- Why it was not believed; none where it was.
  reason text,
  part text,
  copy_check text check (copy_check in ('active', 'chip', 'none')),
  signer text,
  authority text,
  check (case when reason is null then num_nonnulls(copy_check, signer, authority) = 3 else num_nonnulls(copy_check, signer, authority) = 0 end)
);
create index desk_reading_of on desk_reading (application_id, at);
create index desk_reading_by_signer on desk_reading (signer) where signer is not null;

create function desk_reading_is_kept() returns trigger language plpgsql as $$
begin
  raise exception 'readings are never changed or removed' using errcode = '23514';
end $$;
create trigger desk_reading_is_kept before update or delete on desk_reading for each row execute function desk_reading_is_kept();
