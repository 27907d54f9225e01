create table client (
  id text primary key,
  own jsonb not null,
  registered jsonb not null,
  secret bytea,
  changed_at timestamptz not null default now()
);
