-- Who wants an account for an organisation; decided, and never erased. The clock of the law runs from the complete file (Decree 69/2024 Art 13).
create table organisation_application (
  id uuid primary key,
  reference text not null unique,
  organisation_id uuid not null references organisation (id),
  person_id uuid not null,
  account_id uuid not null,
  state text not null check (state in ('consenting', 'waiting', 'examined', 'issued', 'refused', 'declined', 'withdrawn')),
  applied_at timestamptz not null,
  due_on date,
  examined_by uuid,
  decided_by uuid,
  decided_at timestamptz,
  refusal text,
  check ((state in ('consenting', 'waiting', 'examined')) = (decided_at is null)),
  check ((state = 'refused') = (refusal is not null)),
  -- Two people: who has examined it does not issue it.
  check (state <> 'issued' or (examined_by is not null and decided_by is not null and examined_by <> decided_by))
);
create unique index organisation_application_open on organisation_application (organisation_id) where state in ('consenting', 'waiting', 'examined');
create index organisation_application_waiting on organisation_application (due_on, id) where state in ('waiting', 'examined');

-- The legal representatives who agree, the applicant among them.
create table organisation_consent (
  application_id uuid not null references organisation_application (id),
  person_id uuid not null,
  account_id uuid not null,
  at timestamptz not null,
  primary key (application_id, person_id)
);

create function organisation_application_is_kept() returns trigger language plpgsql as $$
begin
  if tg_op = 'DELETE' then raise exception 'applications are never removed' using errcode = '23514'; end if;
  if old.decided_at is not null then raise exception 'a decision is final' using errcode = '23514'; end if;
  if old.due_on is not null and new.due_on is distinct from old.due_on then raise exception 'the clock of an application is not set back' using errcode = '23514'; end if;
  return new;
end $$;
create trigger organisation_application_is_kept before update or delete on organisation_application for each row execute function organisation_application_is_kept();

-- The one account of an organisation; it has no level (Decree 69/2024 Art 7).
create table organisation_account (
  organisation_id uuid primary key references organisation (id),
  state text not null check (state in ('issued', 'active', 'dissolved')),
  issued_at timestamptz not null,
  activated_at timestamptz
);
create table organisation_lock (
  organisation_id uuid not null references organisation_account (organisation_id),
  ground text not null check (ground in ('representative-request', 'terms-breach', 'competent-body')),
  since timestamptz not null,
  primary key (organisation_id, ground)
);

create function organisation_account_moves() returns trigger language plpgsql as $$
begin
  if tg_op = 'DELETE' then raise exception 'an account is never deleted' using errcode = '23514'; end if;
  if old.state = 'dissolved' and new.state <> 'dissolved' then raise exception 'an account that has ended stays so' using errcode = '23514'; end if;
  if old.state = 'active' and new.state = 'issued' then raise exception 'an active account is not issued again' using errcode = '23514'; end if;
  return new;
end $$;
create trigger organisation_account_moves before update or delete on organisation_account for each row execute function organisation_account_moves();
