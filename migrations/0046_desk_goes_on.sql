-- Which addresses the person at the desk says are theirs: those that are not named go with the lost keys.
alter table desk_application add column kept_contacts uuid[] not null default '{}';

-- When the log of record was told that nobody decided in time; each application once.
alter table desk_application add column overdue_at timestamptz;
create index desk_application_due on desk_application (due_on) where state = 'open' and overdue_at is null;
create index desk_application_worked on desk_application (worked_at) where state = 'open';

-- References of notices before this moment lock nothing any more: somebody else may have read them.
alter table account add column references_since timestamptz;
