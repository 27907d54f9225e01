-- From where the servers of a service call, by a keyed digest of the address, and when the key set was last fetched from there
-- (domain/signing-key/fetched). Cleared away some weeks after the last call.
create table key_set_caller (
  client_id text not null,
  address text not null,
  called_at timestamptz not null,
  primary key (client_id, address)
);
create index key_set_caller_by_address on key_set_caller (address);
create index key_set_caller_by_call on key_set_caller (called_at);

-- Only of addresses that a service calls from: who else fetches the key set is not kept.
create table key_set_fetch (
  address text primary key,
  at timestamptz not null
);

-- Nothing can be said of a key that was published before anybody watched.
create table key_set_watch (since timestamptz not null);
insert into key_set_watch (since) values (now());

-- Which services were written that they lack a key, so that each letter leaves once for each key.
create table key_set_letter (
  client_id text not null,
  kid text not null,
  at timestamptz not null,
  primary key (client_id, kid)
);

-- Requests to connect that were not answered in time, each once for each time that it was sent.
create table connection_overdue (
  connection uuid not null references connection (id),
  submitted_at timestamptz not null,
  at timestamptz not null,
  primary key (connection, submitted_at)
);
