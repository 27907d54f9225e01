-- What only the sandbox's database has. Its people are made up, and the server itself holds their passkeys.

create table test_person (
  -- Which of the cast.
  place smallint primary key,
  account_id uuid not null unique,
  passkey_id text not null unique,
  -- The private key of the software passkey, sealed.
  passkey bytea not null
);

-- Whose a client is: an account of the live server, of which nothing is kept here but its id.
create table developer_client (
  client_id text primary key,
  owner uuid not null,
  created_at timestamptz not null
);
create index developer_client_by_owner on developer_client (owner, created_at);
