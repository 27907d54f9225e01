-- When the first of the reports came that keep an account closed as lost: what whoever has the device changed in the hours before is undone by a later report too,
-- also where the first one is carried out after it. Null where the row is of an older server: its own moment is the oldest that is known.
alter table account_lock add column first_report timestamptz;
