-- A replaced secret stays good for a while beside the new one. Which approved proposal each replacement used up is settled here, whatever the
-- program believes (A01): one person alone gives a client its first secret and no other.
alter table client add column former_secret bytea, add column former_until timestamptz;
alter table client add constraint client_former_ends check ((former_secret is null) = (former_until is null));
create table client_secret_issue (
  proposal_id uuid primary key,
  client_id text not null,
  at timestamptz not null
);
create function client_secret_issue_is_decided() returns trigger language plpgsql as $$
begin
  if tg_op <> 'INSERT' then raise exception 'that a secret was issued is never changed or removed'; end if;
  if not exists (select 1 from proposal where id = new.proposal_id and state = 'approved' and act = 'client.secret' and subject = new.client_id) then
    raise exception 'no two people decided that this client gets another secret';
  end if;
  return new;
end $$;
create trigger client_secret_issue_is_decided before insert or update or delete on client_secret_issue for each row execute function client_secret_issue_is_decided();
create trigger client_secret_issue_is_not_emptied before truncate on client_secret_issue for each statement execute function client_secret_issue_is_decided();

-- How many proposals of one person wait.
create index proposal_waiting_of on proposal (proposer) where state = 'waiting';

-- A revoked key is published nowhere and signs nothing.
alter table signing_key_change drop constraint signing_key_change_act_check;
alter table signing_key_change add constraint signing_key_change_act_check check (act in ('activate', 'retire', 'revoke'));

-- Which signing keys each running node has in its key file, as it said last. It may be lost: nodes say it again.
create table node (
  id uuid primary key,
  name text not null,
  kids jsonb not null,
  seen_at timestamptz not null
);
