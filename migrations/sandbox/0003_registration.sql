-- Programs that register themselves (RFC 7591, RFC 7592). Of tokens only their digests are here.

-- Good once, for a client of this developer.
create table initial_token (
  hash text primary key,
  owner uuid not null,
  expires_at timestamptz not null
);
create index initial_token_by_owner on initial_token (owner);

-- Who has it manages the client.
create table registration_token (
  client_id text primary key references developer_client (client_id) on delete cascade,
  hash text not null unique
);
