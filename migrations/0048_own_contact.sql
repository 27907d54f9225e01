-- Its holder put it there by themself, or somebody who had their passkey did: for as long as a recovery is held, the holder may say that it was not them.
alter table contact add column by_holder boolean not null default false;
-- It was ended by such a change and comes back with that "not me".
alter table contact add column replaced boolean not null default false;
