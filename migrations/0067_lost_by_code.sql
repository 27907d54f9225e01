-- By what a loss was reported: whoever has the sheet of printed codes reports it and comes back with the same sheet, and sets nobody's passkeys aside with it.
alter table account_lock add column by_code boolean not null default false;
-- When each passkey opens it whose holder has asked for that: what one of them asked for opens it for no other. Before this, `opens_at` was for all.
alter table account_lock add column openings jsonb not null default '{}';
