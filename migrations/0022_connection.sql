-- Requests of developers to connect a client (Decree 69/2024 Art 18). Whether one is live hangs on its proposal, and is not written twice.
create table connection (
  id uuid primary key,
  owner uuid not null,
  -- The client of the sandbox that was tried.
  tried text not null,
  entry jsonb not null,
  sector text,
  state text not null default 'draft' check (state in ('draft', 'submitted', 'returned', 'proposed', 'withdrawn')),
  created_at timestamptz not null,
  submitted_at timestamptz,
  self_test jsonb,
  reviewed_by uuid,
  reviewed_at timestamptz,
  review_reason text,
  proposal uuid unique references proposal (id),
  checklist jsonb,
  check (state in ('draft', 'withdrawn') or (submitted_at is not null and self_test is not null)),
  check (state <> 'returned' or (reviewed_by is not null and review_reason is not null)),
  check ((state = 'proposed') = (proposal is not null and checklist is not null)),
  -- Nobody reviews their own.
  check (reviewed_by is null or reviewed_by <> owner)
);
-- One at a time of each client that was tried.
create unique index connection_open on connection (tried) where state in ('draft', 'submitted', 'returned');
create index connection_by_owner on connection (owner, created_at);
create index connection_by_submission on connection (submitted_at) where state in ('submitted', 'proposed');
