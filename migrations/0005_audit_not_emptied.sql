-- TRUNCATE fires no row trigger, so without this the whole log of record could go in one statement.
create trigger audit_event_is_not_emptied before truncate on audit_event
  for each statement execute function audit_event_is_final();
