-- What services were told instead of what they asked for: codes and words of ours, by the hour. Cleared away after some weeks.
create table fault_count (
  client_id text not null,
  hour timestamptz not null,
  error text not null,
  reason text not null,
  count bigint not null check (count > 0),
  primary key (client_id, hour, error, reason)
);
create index fault_count_by_hour on fault_count (hour);

-- What was last seen of a service.
create table client_mark (
  client_id text not null,
  what text not null check (what in ('keys-fetched', 'keys-failed', 'certificate')),
  at timestamptz not null,
  detail text not null,
  primary key (client_id, what)
);
