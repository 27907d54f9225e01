-- Whoever holds a row with `for share` must be allowed to update a column of it (PostgreSQL, "SELECT", "The Locking Clause"). Here is a column that
-- can be given away for that: nothing can ever be written into it, so that whoever holds a person or an organisation changes neither (A02).
alter table person add column held boolean;
alter table person add constraint person_held_is_nothing check (held is null) not valid;
alter table organisation add column held boolean;
alter table organisation add constraint organisation_held_is_nothing check (held is null) not valid;
