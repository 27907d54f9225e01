-- Who goes on with an open application may find that face and fingerprints have to be taken first: seven working days run then, from its beginning (Decree
-- 69/2024 Art 13). No other clock is set anew, and none to an earlier day.
create or replace function desk_application_is_kept() returns trigger language plpgsql set search_path = pg_catalog, public, pg_temp as $$
begin
  if tg_op <> 'UPDATE' then raise exception 'applications are never removed' using errcode = '23514'; end if;
  if old.state <> 'open' then raise exception 'a decision is final' using errcode = '23514'; end if;
  if (new.id, new.reference, new.person_id, new.received_at) is distinct from (old.id, old.reference, old.person_id, old.received_at)
    or (new.due_on <> old.due_on and not (
      new.due_on > old.due_on and new.purpose = 'level-2' and new.biometrics_missing and not (old.purpose = 'level-2' and old.biometrics_missing))) then
    raise exception 'the clock of an application is not set back' using errcode = '23514';
  end if;
  return new;
end $$;
