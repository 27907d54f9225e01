-- Counts without a person in them. Days are those of Viet Nam.
create table daily_count (
  day date not null,
  kind text not null check (kind in ('sign-in', 'registration', 'token')),
  client_id text not null,
  level smallint not null,
  outcome text not null,
  count bigint not null check (count > 0),
  primary key (day, kind, client_id, level, outcome)
);
create index daily_count_by_client on daily_count (client_id, day);

-- Sign-ins over all services, for the status page; cleared away after some days.
create table hourly_count (
  hour timestamptz not null,
  ending text not null check (ending in ('finished', 'refused', 'cancelled')),
  count bigint not null check (count > 0),
  primary key (hour, ending)
);

-- Accounts in use as they were when last counted; an empty province is one that the registry does not know.
create table account_count (
  province text not null,
  level smallint not null,
  count bigint not null check (count > 0),
  primary key (province, level)
);

-- Up to which moment the counts are complete. Whoever counts holds the row, so that each event counts once.
create table counted (
  what text primary key check (what in ('events', 'accounts')),
  until timestamptz not null
);
insert into counted (what, until) values ('events', to_timestamp(0)), ('accounts', to_timestamp(0));
