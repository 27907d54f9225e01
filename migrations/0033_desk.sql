-- Where and when an officer works at a desk: part of what two people decided (Decree 69/2024 Art 10.2).
alter table officer_role add column post jsonb check (post is null or role = 'enrolment-officer');

-- What people come to a desk for. It is decided and never erased; the clock of the law runs on each (Decree 69/2024 Art 13).
create table desk_application (
  id uuid primary key,
  reference text not null unique,
  purpose text not null check (purpose in ('level-2', 'recovery')),
  person_id uuid not null,
  -- Theirs, or what it will be.
  account_id uuid not null,
  case_number text not null,
  officer uuid not null,
  grant_id uuid not null,
  desk text not null,
  commune text not null,
  badge text,
  seen text[] not null default '{}',
  state text not null default 'open' check (state in ('open', 'done', 'refused')),
  received_at timestamptz not null,
  -- When its officer found the person, and so may read on for a while.
  worked_at timestamptz not null,
  due_on date not null,
  decided_at timestamptz,
  refusal text,
  check ((state = 'open') = (decided_at is null)),
  check ((state = 'refused') = (refusal is not null))
);
create unique index desk_application_open on desk_application (person_id) where state = 'open';
create index desk_application_waiting on desk_application (commune, due_on, id) where state = 'open';

-- The code of an application, the last one: sealed for the officer's own screen, and a keyed hash for whoever types it.
create table desk_code (
  application_id uuid primary key references desk_application (id),
  hash bytea not null,
  sealed bytea not null,
  session text not null,
  expires_at timestamptz not null,
  browser text,
  number smallint check (number between 10 and 99),
  confirmed_at timestamptz,
  ended text check (ended in ('denied', 'finished')),
  check ((browser is null) = (number is null)),
  check (confirmed_at is null or browser is not null)
);
create unique index desk_code_by_hash on desk_code (hash) where browser is null and ended is null;
create unique index desk_code_by_browser on desk_code (browser) where browser is not null;

-- What was seen of whom, from which the account level follows; kept for ever like the account (Decree 69/2024 Art 28).
create table account_evidence (
  account_id uuid not null,
  id uuid not null,
  kind text not null,
  application_id uuid not null references desk_application (id),
  officer uuid not null,
  at timestamptz not null,
  primary key (account_id, id)
);

create function desk_application_is_kept() returns trigger language plpgsql as $$
begin
  if tg_op <> 'UPDATE' then raise exception 'applications are never removed' using errcode = '23514'; end if;
  if old.state <> 'open' then raise exception 'a decision is final' using errcode = '23514'; end if;
  if (new.id, new.reference, new.person_id, new.received_at, new.due_on) is distinct from (old.id, old.reference, old.person_id, old.received_at, old.due_on) then
    raise exception 'the clock of an application is not set back' using errcode = '23514';
  end if;
  return new;
end $$;
create trigger desk_application_is_kept before update or delete on desk_application for each row execute function desk_application_is_kept();

create function account_evidence_is_kept() returns trigger language plpgsql as $$
begin
  raise exception 'evidence is never changed or removed' using errcode = '23514';
end $$;
create trigger account_evidence_is_kept before update or delete on account_evidence for each row execute function account_evidence_is_kept();
