-- The paper an account follows; it says on which ground it is closed when that paper has ended (Decree 69/2024 Art 15).
alter table account add column paper text check (paper in ('card', 'passport', 'residence-card'));

-- `activation-expired` follows from the day of issue and is not kept; `deceased` is the end.
update account set state = 'issued' where state = 'activation-expired';
alter table account drop constraint account_state_check;
alter table account add constraint account_state_check check (state in ('issued', 'active', 'deceased'));

update account set state = 'deceased' from person where person.id = account.person_id and person.life = 'deceased';

alter table account_lock add constraint account_lock_ground check (ground in (
  'holder-request', 'terms-breach', 'card-held-or-revoked', 'card-expired', 'passport-expired', 'residence-expired', 'competent-body',
  'phone-claimed-by-owner'));

-- The moves that the program never makes, refused to every other program too: an end is the end, nothing is issued twice, no level is taken
-- back by itself, and account information is kept for ever (Decree 69/2024 Art 28).
create function account_moves() returns trigger language plpgsql as $$
begin
  if tg_op = 'DELETE' then raise exception 'an account is never deleted' using errcode = '23514'; end if;
  if old.state = 'deceased' and new.state <> 'deceased' then raise exception 'an account that has ended stays so' using errcode = '23514'; end if;
  if old.state = 'active' and new.state = 'issued' then raise exception 'an active account is not issued again' using errcode = '23514'; end if;
  if new.level < old.level then raise exception 'an account does not lose its level' using errcode = '23514'; end if;
  return new;
end $$;
create trigger account_moves before update or delete on account for each row execute function account_moves();

create function account_not_emptied() returns trigger language plpgsql as $$
begin
  raise exception 'accounts are never deleted' using errcode = '23514';
end $$;
create trigger account_not_emptied before truncate on account for each statement execute function account_not_emptied();

create index account_by_expiry on account (expires_on) where state <> 'deceased' and expires_on is not null;

-- What its holder calls a passkey, sealed.
alter table passkey add column name bytea;

-- Until when an account that was brought back by a printed code counts as level 1, whatever its level.
alter table account add column held_until timestamptz;

-- Printed codes, as keyed hashes; used ones stay until new ones are printed, so that none is used twice.
create table recovery_code (
  account_id uuid not null,
  id uuid not null,
  hash bytea not null,
  made_at timestamptz not null,
  used_at timestamptz,
  -- What it brought: one passkey a code.
  passkey_id text,
  primary key (account_id, id)
);
create unique index recovery_code_by_hash on recovery_code (account_id, hash);
