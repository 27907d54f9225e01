-- Who acts in a session, where that is not the holder of the account: what ends everything of theirs ends these too.
alter table service_session add column acted_by uuid;
create index service_session_by_actor on service_session (acted_by) where acted_by is not null;
