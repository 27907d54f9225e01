-- What somebody gave lately ends with a report that their device is lost.
create index mandate_by_giver on mandate (giver_account_id, offered_at) where state in ('offered', 'accepted');

-- By which mandate somebody acts in the name of an organisation: what it opened ends with it. Nothing stands where it is the law's own word, or from before.
alter table organisation_grant add column mandate_id uuid;
alter table service_session add column mandate_id uuid;

-- What a session had opened at a service before it went on there in another name: that service is told when it ends, too. Beside the table of
-- sessions, for servers of before write to that one by its key.
create table service_session_earlier (
  account_id uuid not null,
  grant_id text not null,
  acted_by uuid,
  organisation_id uuid,
  mandate_id uuid,
  session_uid text not null,
  client_id text not null,
  sid text not null,
  since timestamptz not null,
  ends_at timestamptz not null,
  primary key (account_id, grant_id)
);
create index service_session_earlier_by_end on service_session_earlier (ends_at);
create index service_session_earlier_by_actor on service_session_earlier (acted_by) where acted_by is not null;
create index service_session_earlier_by_organisation on service_session_earlier (organisation_id) where organisation_id is not null;
