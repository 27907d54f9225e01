-- What is told once may change and is then told again: the state in which it was told last. What is told once for ever has none.
alter table told_once add column state text;

-- Who is signed in in whose name, in the order in which the night walks through them.
create index service_session_acted on service_session (account_id, acted_by) where acted_by is not null;
