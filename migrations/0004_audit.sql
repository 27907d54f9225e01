-- The log of record: identifiers and decisions only, added and never changed. The id is a UUIDv7, so it sorts by time.
create table audit_event (
  id uuid primary key,
  at timestamptz not null,
  type text not null,
  client_id text,
  account_id uuid,
  data jsonb not null
);
create index audit_event_by_account on audit_event (account_id, id);

create function audit_event_is_final() returns trigger language plpgsql as $$
begin
  raise exception 'audit events are never changed or removed';
end $$;

create trigger audit_event_is_final before update or delete on audit_event
  for each row execute function audit_event_is_final();
