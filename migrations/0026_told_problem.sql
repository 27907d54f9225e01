-- What stood behind the references on error pages: of the program and a service, never of a person. Cleared away after a month.
create table told_problem (
  reference text primary key,
  at timestamptz not null,
  problem text not null,
  place text not null,
  client_id text,
  error text
);
create index told_problem_by_time on told_problem (at);
