-- What the holder of an account is told of it. A notice is written in the commit of the change that it tells of, with one delivery for each
-- address they can be reached at; who delivers marks it. Decree 69/2024 and Law 26/2023 Art 34.3 want it at once.
create table notice (
  account_id uuid not null,
  id uuid not null,
  -- What happened, by identifiers and decisions alone.
  occasion jsonb not null,
  at timestamptz not null,
  primary key (account_id, id)
);

create table notice_delivery (
  account_id uuid not null,
  notice_id uuid not null,
  contact_id uuid not null,
  channel text not null check (channel in ('email', 'sms')),
  sent_at timestamptz,
  primary key (account_id, notice_id, contact_id)
);

-- In which language its holder reads; where they never said, both.
alter table account add column notice_language text check (notice_language in ('vi', 'en'));

-- An address that was replaced stays for what was sent to it, and for what tells of the replacement.
alter table contact add column ended_at timestamptz;

-- It came with a recovery, so whoever objects to that takes it away too.
alter table passkey add column recovered boolean not null default false;
update passkey set recovered = true from recovery_code where recovery_code.account_id = passkey.account_id and recovery_code.passkey_id = passkey.id;

-- Whose death was reported in error gets a new account; the old one stays ended (Law 26/2023 Art 34.1.d knows no ground to unlock it).
alter table account drop constraint account_person_id_key;
create unique index account_of_person on account (person_id) where state <> 'deceased';
create index account_by_person on account (person_id);

-- The dead whose account goes on, and accounts of the dead whose services were never told: the nightly work looks for both.
create index person_deceased on person (id) where life = 'deceased';
create index account_ended_untold on account (id) where state = 'deceased' and signed_out_at is null;
