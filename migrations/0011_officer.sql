-- Who works for the system, and as what. A role has a last day; it is ended, never erased.
create table officer_role (
  id uuid primary key,
  account_id uuid not null,
  role text not null check (role in ('super-admin', 'client-admin', 'approver', 'enrolment-officer', 'officer-manager',
    'registry-operator', 'auditor', 'support', 'analyst')),
  sector text,
  since timestamptz not null,
  ends_on date not null,
  ended_at timestamptz,
  proposal_id uuid,
  check ((role = 'client-admin') = (sector is not null))
);
create index officer_role_by_account on officer_role (account_id);
-- The first officers have no proposal, and come all at once or not at all.
create table officer_bootstrap (once boolean primary key check (once), at timestamptz not null);

-- What takes two people (A01). That they are two is settled here, whatever the program believes.
create table proposal (
  id uuid primary key,
  act text not null,
  subject text not null,
  change jsonb not null,
  proposer uuid not null,
  proposed_at timestamptz not null,
  reason text not null check (reason <> ''),
  state text not null default 'waiting' check (state in ('waiting', 'approved', 'returned', 'withdrawn')),
  decided_by uuid,
  decided_at timestamptz,
  decision_reason text,
  evidence jsonb,
  constraint proposal_decided check ((state = 'waiting') = (decided_by is null) and (decided_by is null) = (decided_at is null)),
  constraint proposal_two_people check (case state when 'withdrawn' then decided_by = proposer when 'waiting' then true else decided_by <> proposer end),
  constraint proposal_signed check ((state = 'approved') = (evidence is not null)),
  constraint proposal_returned_with_reason check ((state = 'returned') = (decision_reason is not null)),
  constraint proposal_not_for_oneself check (act <> 'role.grant' or (subject <> proposer::text and subject is distinct from decided_by::text))
);
create index proposal_waiting on proposal (id) where state = 'waiting';
create index proposal_by_subject on proposal (subject, id);

-- What was proposed stays as it was, and a decision is final.
create function proposal_is_kept() returns trigger language plpgsql as $$
begin
  if tg_op <> 'UPDATE' then raise exception 'proposals are never removed'; end if;
  if old.state <> 'waiting' then raise exception 'a decision is final'; end if;
  if (new.id, new.act, new.subject, new.change, new.proposer, new.proposed_at, new.reason)
    is distinct from (old.id, old.act, old.subject, old.change, old.proposer, old.proposed_at, old.reason) then
    raise exception 'a proposal is never changed';
  end if;
  return new;
end $$;
create trigger proposal_is_kept before update or delete on proposal for each row execute function proposal_is_kept();
create trigger proposal_is_not_emptied before truncate on proposal for each statement execute function proposal_is_kept();

-- A suspended client is known and gets nothing; one that has ended stays so.
alter table client add column state text not null default 'live' check (state in ('live', 'suspended', 'ended'));
