-- Which services a person is signed in at, and in which session: whom to tell when it ends (OpenID Connect Back-Channel Logout
-- 1.0 §2). The session itself is volatile; this is not, for a service that was never told keeps its own session open.
create table service_session (
  account_id uuid not null,
  session_uid text not null,
  client_id text not null,
  sid text not null,
  grant_id text,
  passkeys text[] not null,
  since timestamptz not null,
  ends_at timestamptz not null,
  primary key (account_id, session_uid, client_id)
);
create index service_session_by_end on service_session (ends_at);

-- Everything that began before this moment is over, on every node and however long it was good for.
alter table account add column signed_out_at timestamptz;
