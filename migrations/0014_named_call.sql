-- Calls of the administrators' API that change something, by the name that the caller gave them: done once, however often they are sent.
create table named_call (
  client_id text not null,
  key text not null,
  fingerprint text not null,
  id uuid not null,
  at timestamptz not null,
  status integer,
  body text,
  primary key (client_id, key),
  check ((status is null) = (body is null))
);
create index named_call_by_time on named_call (at);
