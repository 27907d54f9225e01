-- A client that is also a resource server is found by its identifier (RFC 8707).
alter table client add column resource text unique;

-- What a service may do while the person is away outlives every session: grants and refresh tokens. A name is hashed and its value sealed
-- under it, for a refresh token is a secret.
create table kept (
  name bytea primary key,
  value bytea not null,
  expires_at timestamptz not null
);
create index kept_expires_at on kept (expires_at);
