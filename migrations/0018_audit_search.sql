-- Who acted, beside whom it was about. Ids sort by time, so a range of time is a range of ids, and each search that an auditor can make
-- is one walk down one index.
alter table audit_event add column actor uuid;
create index audit_event_by_actor on audit_event (actor, id) where actor is not null;
create index audit_event_by_type on audit_event (type, id);
create index audit_event_by_client on audit_event (client_id, id) where client_id is not null;
-- Of the pairs this is the only one with two large halves: what one service did is rare among what it does all day.
create index audit_event_by_client_and_type on audit_event (client_id, type, id) where client_id is not null;
create index audit_event_of_person on audit_event ((data->>'person'), id) where type = 'registry.shown';

-- One alarm of a kind for each officer and hour, whoever races to raise it. `actor` is an account, or the operator.
create table alarm (
  id uuid primary key,
  kind text not null,
  actor text not null,
  hour timestamptz not null,
  at timestamptz not null,
  unique (kind, actor, hour)
);
create trigger alarm_is_final before update or delete on alarm for each row execute function audit_event_is_final();
create trigger alarm_is_not_emptied before truncate on alarm for each statement execute function audit_event_is_final();
