-- The last self-test of each client: what a hostile provider tried, and what its program did.
create table self_test (
  client_id text primary key,
  started_at timestamptz not null,
  finished_at timestamptz,
  addresses jsonb not null,
  results jsonb not null default '[]'
);
