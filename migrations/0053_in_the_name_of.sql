-- In the name of which organisation somebody acts behind a grant. It lives as long as the permission to go on does, so it is kept.
create table organisation_grant (
  grant_id text primary key,
  organisation_id uuid not null references organisation (id),
  account_id uuid not null,
  client_id text not null,
  at timestamptz not null
);

alter table service_session add column organisation_id uuid;
create index service_session_by_organisation on service_session (organisation_id) where organisation_id is not null;

-- In whose name somebody came to a service last; no organisation is their own.
create table organisation_choice (
  account_id uuid not null,
  client_id text not null,
  organisation_id uuid,
  primary key (account_id, client_id)
);
