-- Accounts and what belongs to them. The account id leads every primary key of citizen tables, so that they can be spread
-- over several databases (Citus, Yugabyte); rows have UUIDs made in the application.

create table account (
  id uuid primary key,
  person_id uuid not null unique,
  level smallint not null check (level in (1, 2)),
  state text not null check (state in ('issued', 'active', 'activation-expired')),
  expires_on date,
  created_at timestamptz not null
);

create table account_lock (
  account_id uuid not null,
  ground text not null,
  since timestamptz not null,
  primary key (account_id, ground)
);

create table contact (
  account_id uuid not null,
  id uuid not null,
  kind text not null check (kind in ('email', 'phone')),
  value bytea not null,
  verified_at timestamptz not null,
  primary key (account_id, id)
);

-- Looked up by credential id alone at each sign-in, hence its own key.
create table passkey (
  id text primary key,
  account_id uuid not null,
  public_key bytea not null,
  counter bigint not null check (counter >= 0),
  transports text[] not null,
  aaguid uuid not null,
  backup_eligible boolean not null,
  backed_up boolean not null,
  created_at timestamptz not null,
  last_used_at timestamptz,
  removed_at timestamptz
);
create index passkey_by_account on passkey (account_id);

create table subject (
  account_id uuid not null,
  sector text not null,
  sub text not null unique,
  primary key (account_id, sector)
);

-- Answers are added, never changed: they prove what was agreed to, and when.
create table consent (
  account_id uuid not null,
  client_id text not null,
  id uuid not null,
  granted jsonb not null,
  declined jsonb not null,
  given_at timestamptz not null,
  primary key (account_id, client_id, id)
);
