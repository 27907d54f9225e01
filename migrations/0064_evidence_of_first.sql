-- The first administrators were seen by whoever runs the server, before there was a desk: their evidence has no application and no officer. Whoever
-- may make no first administrators writes none such.
alter table account_evidence alter column application_id drop not null;
alter table account_evidence alter column officer drop not null;

create function account_evidence_of_first() returns trigger language plpgsql set search_path = pg_catalog, public, pg_temp as $$
begin
  if (new.application_id is null) <> (new.officer is null) then
    raise exception 'evidence of a desk has its application and its officer' using errcode = '23514';
  end if;
  if new.application_id is null and not has_table_privilege('public.officer_bootstrap', 'insert') then
    raise exception 'evidence comes from a desk' using errcode = '23514';
  end if;
  return new;
end $$;
create trigger account_evidence_of_first before insert on account_evidence for each row execute function account_evidence_of_first();
