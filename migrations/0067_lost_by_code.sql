-- By what a loss was reported: whoever has the sheet of printed codes reports it and comes back with the same sheet, and sets nobody's passkeys aside with it.
alter table account_lock add column by_code boolean not null default false;
